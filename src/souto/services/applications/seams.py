"""What this room plugs into others: who may open its files and documents, and the template of the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from uuid import UUID

from souto.foundation.documents import seams as documents
from souto.foundation.retention import seams as retention
from souto.foundation.vault.erasure import Erasure
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.applications.actions.erasing import erase
from souto.services.applications.actions.files import PURPOSE as ATTACHMENT
from souto.services.applications.queries.access import access_application, access_draft
from souto.services.applications.queries.charges import PURPOSE as FEE
from souto.services.applications.queries.documents import NOTICE, RECEIPT
from souto.services.applications.queries.keeping import KIND, due_for_disposal, find_record
from souto.services.applications.receipts import TEMPLATE
from souto.services.payments import seams as payments


def may_open(actor: Actor, subject_id: UUID) -> bool:
    """True for those who may see the draft or the application of this id."""
    try:
        access_application(actor=actor, application_id=subject_id)
    except HiddenError:
        return False
    except NotFoundError:
        pass
    else:
        return True
    try:
        access_draft(actor=actor, draft_id=subject_id)
    except NotFoundError:
        return False
    return True


class Applications:
    """Applications (申請・届出・通報) as records that are kept and disposed of; completed when they were closed or withdrawn."""

    kind = KIND

    def due(self, *, before: date) -> Iterable[retention.Record]:
        """Those whose period ended before this day."""
        return due_for_disposal(before=before)

    def find(self, subject_id: UUID, *, lock: bool = False) -> retention.Record | None:
        """The application as it stands now."""
        return find_record(subject_id, lock=lock)

    def erase(self, *, actor: Actor, subject_id: UUID, on: date, under: str) -> Erasure:
        """Give it up with everything that its key seals, its files, documents, signatures and messages."""
        return erase(actor=actor, application_id=subject_id, on=on, under=under)


retention.register(Applications())
documents.register_gate(ATTACHMENT, may_open)
documents.register_gate(RECEIPT, may_open)
documents.register_gate(NOTICE, may_open)
payments.register_gate(FEE, may_open)
documents.register_template(TEMPLATE, Path(__file__).parent / "templates" / "typst" / "receipt.typ", as_typed=True)
