"""Giving an application up after its retention period (廃棄)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.documents import actions as documents
from souto.foundation.identity import actions as identity
from souto.foundation.notifications import actions as notifications
from souto.foundation.vault.erasure import Erasure
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError
from souto.services.applications.actions.files import PURPOSE as ATTACHMENT
from souto.services.applications.models import Application
from souto.services.applications.queries.access import access_application
from souto.services.applications.queries.documents import NOTICE, RECEIPT


@transaction.atomic
def erase(*, actor: Actor, application_id: UUID, on: date, under: str) -> Erasure:
    """Mark an application as disposed of and name what has to be destroyed once this has committed; for the system only.

    Number, procedure, dates, states and the digests of what was sent stay: figures go on counting them, and its chain goes on holding.
    """
    if not actor.is_system:
        raise ForbiddenError
    application = access_application(actor=actor, application_id=application_id, lock=True)
    signed = [s.signing_id for s in application.submissions.all()]
    signed += list(application.corrections.values_list("signing_id", flat=True))
    counts = {
        "submissions": application.submissions.count(),
        "corrections": application.corrections.count(),
        "records": application.records.count(),
    }
    erasure = Erasure((application.key_id,), counts=counts)
    erasure += documents.erase(actor=actor, purposes=(ATTACHMENT, NOTICE, RECEIPT), subject_id=application.id)
    erasure += identity.erase_signatures(actor=actor, signing_ids={found for found in signed if found is not None})
    erasure += notifications.erase(actor=actor, subject=("applications.application", application.id))
    Application.objects.filter(id=application.id).update(disposed_on=on, disposed_under=under)
    audit.record(
        actor=actor,
        action="applications.erase",
        subject=("applications.application", application.id),
        fields=["disposed_on", "disposed_under"],
        facts={"keys": len(erasure.keys), "files": len(erasure.files)},
    )
    return erasure
