from __future__ import annotations

from django.conf import settings

from souto.foundation.ui.rooms import Room


class PaymentsConfig(Room):
    """Charges, a double-entry ledger, providers, payment slips (納付書) with eL-QR, notices of payment."""

    name = "souto.services.payments"
    label = "payments"

    def ready(self) -> None:
        """Offer the cashless provider that the settings name; let payers open their slips, and the auditor find a charge by its slip."""
        super().ready()
        from souto.foundation.audit import seams as audit
        from souto.foundation.documents import seams as documents
        from souto.services.payments import cashless, gates, queries, seams

        audit.register_finder(queries.subjects_numbered)
        documents.register_gate("payments.charge", gates.may_open_charge)
        # The demo's key is public: it opens the demo provider only.
        if settings.CASHLESS_URL and (settings.DEMO or settings.CASHLESS_KEY != "demo-key"):
            seams.register_provider(
                cashless.Cashless(url=settings.CASHLESS_URL, key=settings.CASHLESS_KEY, secret=settings.CASHLESS_SECRET)
            )
