"""Asking the applicant to correct (補正), from the section's side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.services.applications import actions as applications_actions
from souto.services.applications import queries as applications
from souto.services.casework.actions.common import hold, note
from souto.services.casework.actions.deciding import ProposalOpenError
from souto.services.casework.models import Proposal
from souto.services.casework.queries import access


@transaction.atomic
def request_correction(
    *, actor: Actor, case_id: UUID, reasons: Mapping[str, str], words: str, due_on: date, version: int | None = None
) -> None:
    """Ask the applicant to correct the fields of `reasons` (path: why) until `due_on`; the clock of the period stands meanwhile.

    Not while a decision is proposed. Raises what `applications.actions.request_correction` raises.
    """
    case = hold(actor, case_id, access.WORK, version=version)
    if case.proposals.filter(state=Proposal.State.OPEN).exists():
        raise ProposalOpenError
    if case.application.state == "submitted":
        applications_actions.start_review(actor=actor, application_id=case.application_id)
    correction = applications_actions.request_correction(
        actor=actor,
        application_id=case.application_id,
        items=[{"path": path, "reason": reason} for path, reason in reasons.items()],
        note=words,
        due_on=due_on,
    )
    note(actor, "request_correction", case, facts={"correction": str(correction.id)})


@transaction.atomic
def cancel_correction(*, actor: Actor, case_id: UUID) -> None:
    """Take the open request for correction back: the clock goes on."""
    case = access.access_case(actor=actor, case_id=case_id)
    if not access.may(actor, access.WORK, case):
        raise ForbiddenError
    correction = applications.open_correction(case.application)
    if correction is None:
        raise NotFoundError
    applications_actions.cancel_correction(actor=actor, correction_id=correction.id)
    note(actor, "cancel_correction", case, facts={"correction": str(correction.id)})
