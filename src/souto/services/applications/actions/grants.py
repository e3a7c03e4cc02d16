"""Which sections may open an application, and what the audit trail keeps of staff who did."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.audit.actions import Outcome
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.applications.models import AccessGrant
from souto.services.applications.queries.access import access_handled_application


@transaction.atomic
def grant_access(*, actor: Actor, application_id: UUID, department_id: UUID) -> AccessGrant:
    """Let a section see and work on the application; a second grant to the same section changes nothing. Needs `casework.assign`."""
    application = access_handled_application(actor=actor, application_id=application_id, lock=True)
    actor.require("casework.assign")
    grant, made = AccessGrant.objects.get_or_create(
        application=application, department_id=department_id, ended_at__isnull=True
    )
    if made:
        _record(actor, "grant_access", grant)
    return grant


@transaction.atomic
def end_access(*, actor: Actor, application_id: UUID, department_id: UUID) -> None:
    """End a section's access. Needs `casework.assign`; what is not granted cannot be ended, and that is no error."""
    application = access_handled_application(actor=actor, application_id=application_id, lock=True)
    actor.require("casework.assign")
    for grant in AccessGrant.objects.filter(
        application=application, department_id=department_id, ended_at__isnull=True
    ):
        grant.ended_at = clock.now()
        grant.save(update_fields=["ended_at"])
        _record(actor, "end_access", grant)


@transaction.atomic
def note_seen(*, actor: Actor, application_id: UUID) -> None:
    """Put on record that a staff member opened the application's personal data (閲覧記録); the applicant's own reading is not recorded."""
    application = access_handled_application(actor=actor, application_id=application_id)
    audit.record(
        actor=actor,
        action="applications.read",
        subject=("applications.application", application.id),
        outcome=Outcome.SEEN,
    )


def _record(actor: Actor, verb: str, grant: AccessGrant) -> None:
    audit.record(
        actor=actor,
        action=f"applications.{verb}",
        subject=("applications.application", grant.application_id),
        facts={"department": str(grant.department_id)},
    )
