"""Every write of this room."""

from __future__ import annotations

from souto.services.payments.actions.charges import (
    AlreadySettledError,
    ChargeAmountError,
    cancel_charge,
    create_charge,
    forget_payers,
    refund_charge,
    take_cash,
)
from souto.services.payments.actions.checkouts import (
    CheckoutUnavailableError,
    complete_checkout,
    notify_checkout,
    start_checkout,
)
from souto.services.payments.actions.notices import AlreadyImportedError, import_notices
from souto.services.payments.actions.settling import (
    AmountDiffersError,
    NoReasonError,
    NotInSuspenseError,
    match_notice,
    refund_notice,
    take_back_notice,
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
    "forget_payers",
    "import_notices",
    "issue_slip",
    "match_notice",
    "notify_checkout",
    "refund_charge",
    "refund_notice",
    "start_checkout",
    "take_back_notice",
    "take_cash",
]
