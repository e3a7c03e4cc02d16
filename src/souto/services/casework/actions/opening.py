"""Opening cases, keeping their deadlines, and putting on record who looks."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.audit.actions import Outcome
from souto.foundation.identity import queries as identity
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.services.applications import actions as applications_actions
from souto.services.applications import queries as applications
from souto.services.casework.actions.common import note
from souto.services.casework.deadlines import Deadline, deadline
from souto.services.casework.events import CaseOpened
from souto.services.casework.models import Case, Viewing
from souto.services.casework.queries import access

_UNDECIDED = {"submitted", "in_review"}


@transaction.atomic
def open_case(*, actor: Actor, application_id: UUID) -> Case:
    """Open the case of an application in the section that its procedure names; once, however often this is called.

    `actor` is who sent the application; what follows from it (the section's access) the system does.
    """
    system = Actor.system("casework.open")
    application = applications.access_application(actor=system, application_id=application_id)
    section = identity.get_department(application.version.definition.department)
    case, made = Case.objects.get_or_create(
        application=application,
        defaults={"department": section, "opened_at": application.submitted_at, "is_demo": application.is_demo},
    )
    if not made:
        return case
    applications_actions.grant_access(actor=system, application_id=application.id, department_id=section.id)
    _set_deadline(case)
    note(actor, "open", case, facts={"department": str(section.id)})
    events.publish(CaseOpened(case.id), actor=actor)
    return case


@transaction.atomic
def follow_application(*, actor: Actor, application_id: UUID, cancel_proposal: bool = False) -> None:
    """The application changed: the deadline is worked out anew, and whoever has the page open must look again.

    `cancel_proposal`: what was proposed rests on a submission that no longer counts.
    """
    case = Case.objects.select_for_update().filter(application_id=application_id).first()
    if case is None:
        return
    if cancel_proposal:
        for proposal in case.proposals.filter(state="open"):
            proposal.state, proposal.settled_at = proposal.State.CANCELLED, clock.now()
            proposal.save(update_fields=["state", "settled_at"])
            note(actor, "proposal_lapsed", case, facts={"proposal": str(proposal.id)})
    case.version += 1
    _set_deadline(case)


def _set_deadline(case: Case) -> None:
    application = applications.access_application(
        actor=Actor.system("casework.deadline"), application_id=case.application_id
    )
    found = Deadline()
    if application.state in _UNDECIDED:
        found = deadline(
            received=clock.local_date(application.submitted_at),
            days=application.version.definition.processing_days,
            pauses=applications.clock_pauses(application),
        )
    case.due_on, case.days_left = found.due_on, found.days_left
    case.save(update_fields=["due_on", "days_left", "version"])


@transaction.atomic
def note_opened(*, actor: Actor, case_id: UUID) -> None:
    """Put on record that a member of staff opened the case (閲覧記録), and show it to the others who have it open."""
    case = access.access_case(actor=actor, case_id=case_id)
    audit.record(
        actor=actor,
        action="casework.open_case",
        subject=("casework.case", case.id),
        outcome=Outcome.SEEN,
        facts={"application": str(case.application_id)},
    )
    if actor.is_staff:
        Viewing.objects.update_or_create(case=case, staff_id=actor.known_id, defaults={"at": clock.real_now()})


@transaction.atomic
def note_opinion_opened(*, actor: Actor, opinion_id: UUID) -> None:
    """Put on record that somebody who was asked for an opinion opened the application (閲覧記録)."""
    opinion = access.access_opinion(actor=actor, opinion_id=opinion_id)
    audit.record(
        actor=actor,
        action="casework.open_opinion",
        subject=("casework.case", opinion.case_id),
        outcome=Outcome.SEEN,
        facts={"opinion": str(opinion.id), "application": str(opinion.case.application_id)},
    )


@transaction.atomic
def note_listed(*, actor: Actor, rows: int, taken_away: bool = False) -> None:
    """Put on record that a list with applicants' names was shown (閲覧記録), or `taken_away` as a file."""
    if rows:
        action = "casework.export" if taken_away else "casework.list"
        audit.record(actor=actor, action=action, outcome=Outcome.SEEN, facts={"rows": rows})
