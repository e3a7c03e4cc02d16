"""Every write of this room."""

from __future__ import annotations

from souto.services.payments.actions.charges import (
    AlreadySettledError,
    ChargeAmountError,
    cancel_charge,
    create_charge,
)
from souto.services.payments.actions.checkouts import (
    CheckoutUnavailableError,
    complete_checkout,
    notify_checkout,
    start_checkout,
)
from souto.services.payments.actions.notices import (
    AlreadyImportedError,
    AmountDiffersError,
    NoReasonError,
    NotInSuspenseError,
    import_notices,
    match_notice,
)
from souto.services.payments.actions.slips import issue_slip

__all__ = [
    "AlreadyImportedError",
    "AlreadySettledError",
    "AmountDiffersError",
    "ChargeAmountError",
    "CheckoutUnavailableError",
    "NoReasonError",
    "NotInSuspenseError",
    "cancel_charge",
    "complete_checkout",
    "create_charge",
    "import_notices",
    "issue_slip",
    "match_notice",
    "notify_checkout",
    "start_checkout",
]
