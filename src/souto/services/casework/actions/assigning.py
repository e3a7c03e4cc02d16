"""Who is responsible for a case (担当)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from souto.foundation.identity import queries as identity
from souto.kernel import events
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError
from souto.services.applications import actions as applications_actions
from souto.services.casework.actions.batch import BatchReport, each
from souto.services.casework.actions.common import hold, note, touch
from souto.services.casework.events import CaseAssigned
from souto.services.casework.models import Assignment, Case
from souto.services.casework.queries import access

_OPEN = {"submitted", "in_review", "decided"}


class NotInSectionError(SoutoError):
    """The person does not serve in the case's section."""

    message = "担当にできるのは、この案件の課の職員だけです。"


class EndedError(SoutoError):
    """The case has ended: nobody is made responsible any more."""

    message = "終わった案件の担当は変えられません。"


@transaction.atomic
def take(*, actor: Actor, case_id: UUID) -> Case:
    """Make oneself responsible (自分が担当する). Whoever takes an application that waits starts its review."""
    case = hold(actor, case_id, access.WORK)
    if _put(actor, case, actor.known_id):
        events.publish(CaseAssigned((case.id,), actor.id), actor=actor)
    return case


@transaction.atomic
def assign(*, actor: Actor, case_id: UUID, staff_id: UUID | None) -> Case:
    """Make a colleague of the section responsible, or nobody. Needs `casework.assign` in the section."""
    case = hold(actor, case_id, access.ASSIGN)
    if _put(actor, case, staff_id):
        events.publish(CaseAssigned((case.id,), staff_id), actor=actor)
    return case


@transaction.atomic
def assign_many(*, actor: Actor, case_ids: Iterable[UUID], staff_id: UUID | None) -> BatchReport:
    """Make one person responsible for the selected cases; each is checked anew when its turn comes, one event tells of the batch.

    Taking cases oneself needs `casework.work`, giving them to others `casework.assign`, in each case's section. What may not be changed,
    or is not there for this person, is left and named in the report.
    """
    needed = access.WORK if staff_id is not None and staff_id == actor.id else access.ASSIGN
    report = each(case_ids, lambda case_id: _put(actor, hold(actor, case_id, needed), staff_id))
    if report.done:
        events.publish(CaseAssigned(tuple(report.done), staff_id), actor=actor)
    return report


def _put(actor: Actor, case: Case, staff_id: UUID | None) -> bool:
    """True when the responsible person changed."""
    if case.application.state not in _OPEN:
        raise EndedError
    if case.assignee_id == staff_id:
        return False
    if staff_id is not None and staff_id not in {s.id for s in identity.staff_of_department(case.department_id)}:
        raise NotInSectionError(field="staff")
    case.assignee_id = staff_id
    touch(case, "assignee")
    Assignment.objects.create(case=case, staff_id=staff_id, by_id=actor.known_id)
    note(actor, "assign", case, fields=["assignee"], facts={"staff": str(staff_id) if staff_id else None})
    if staff_id is not None and staff_id == actor.id and case.application.state == "submitted":
        applications_actions.start_review(actor=actor, application_id=case.application_id)
    return True
