from __future__ import annotations

from souto.foundation.ui.rooms import Room


class PaymentsConfig(Room):
    """Charges, a double-entry ledger, providers, payment slips (納付書) with eL-QR, notices of payment."""

    name = "souto.services.payments"
    label = "payments"
