"""Proposing a decision (起案), settling it by a second person (決裁), and what is settled without one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.kernel import clock, events, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, SoutoError
from souto.services.applications import actions as applications_actions
from souto.services.applications import queries as applications
from souto.services.applications.actions import ReasonMissingError, UnknownOutcomeError
from souto.services.casework import notices
from souto.services.casework.actions.common import hold, note, touch, words
from souto.services.casework.events import DecisionProposed, DecisionReturned
from souto.services.casework.models import Case, Proposal
from souto.services.casework.queries import access

#: 申請 is decided by two persons; 届出 and 通報 are settled by the officer.
NEEDS_SECOND_PERSON = frozenset({"application"})


class ProposalOpenError(ConflictError):
    """A decision is proposed and waits for the second person."""

    message = "決裁待ちの起案があります。差し戻されるか取り消されるまで、ほかの操作はできません。"


class NoProposalError(ConflictError):
    """Nothing waits to be settled: somebody was quicker."""

    message = "決裁待ちの起案はありません。ほかの人が先に決裁したか、起案が取り消されました。"


class SamePersonError(ForbiddenError):
    """Whoever proposed may not settle."""

    message = "起案した人は、自分の起案を決裁できません。ほかの決裁者に依頼してください。"


class CorrectionWaitsError(ConflictError):
    """The applicant was asked to correct and still has time."""

    message = (
        "修正を依頼している間は起案できません。修正が届くか、期限が過ぎるか、依頼を取り消してから起案してください。"
    )


class SecondPersonNeededError(SoutoError):
    """This kind of procedure is not settled by one person."""

    message = "この手続は、起案と決裁で決定します。"


@transaction.atomic
def propose(*, actor: Actor, case_id: UUID, outcome: str, reason: str, version: int | None = None) -> Proposal:
    """Propose an outcome with its reason; a refusal cannot do without one. One proposal at a time."""
    case = hold(actor, case_id, access.PROPOSE, version=version)
    _check_outcome(case, outcome, reason)
    _check_correction(case)
    if case.proposals.filter(state=Proposal.State.OPEN).exists():
        raise ProposalOpenError
    if case.application.state == "submitted":
        applications_actions.start_review(actor=actor, application_id=case.application_id)
        case.refresh_from_db(fields=["version", "due_on", "days_left"])
    proposal = Proposal(
        key_id=case.application.key_id,
        case=case,
        outcome=outcome,
        revision=applications.current_submission(case.application).revision,
        proposed_by_id=actor.known_id,
    )
    proposal.reason, proposal.remark = words(reason, field="reason", needed=False), ""
    proposal.save()
    touch(case)
    note(actor, "propose", case, facts={"proposal": str(proposal.id), "outcome": outcome})
    events.publish(DecisionProposed(case.id, proposal.id), actor=actor)
    return proposal


@transaction.atomic
def cancel_proposal(*, actor: Actor, case_id: UUID, version: int | None = None) -> Proposal:
    """Take one's own proposal back."""
    case = hold(actor, case_id, access.PROPOSE, version=version)
    proposal = _open_proposal(case)
    if proposal.proposed_by_id != actor.id:
        raise ForbiddenError
    _settle(actor, case, proposal, Proposal.State.CANCELLED, "")
    return proposal


@transaction.atomic
def send_back(*, actor: Actor, case_id: UUID, remark: str, version: int | None = None) -> Proposal:
    """Give the proposal back to its officer (差し戻し), with the reason."""
    case = hold(actor, case_id, access.APPROVE, version=version)
    proposal = _open_proposal(case)
    if proposal.proposed_by_id == actor.id:
        raise SamePersonError
    _settle(actor, case, proposal, Proposal.State.RETURNED, words(remark, field="remark"))
    events.publish(DecisionReturned(case.id, proposal.id), actor=actor)
    return proposal


@transaction.atomic
def approve(*, actor: Actor, case_id: UUID, remark: str = "", version: int | None = None) -> Case:
    """Settle the proposal (決裁): the application is decided, the notice made and told, the hand-over set going.

    By somebody who may approve in the case's section and is not the proposer. Of two who try at once the second gets a `ConflictError`.
    """
    case = hold(actor, case_id, access.APPROVE, version=version)
    proposal = _open_proposal(case)
    if proposal.proposed_by_id == actor.id:
        raise SamePersonError
    _settle(actor, case, proposal, Proposal.State.APPROVED, words(remark, field="remark", needed=False))
    _decide(actor, case, proposal.outcome, proposal.reason)
    return case


@transaction.atomic
def settle(*, actor: Actor, case_id: UUID, outcome: str, reason: str, version: int | None = None) -> Case:
    """Settle a 届出 or 通報 without a second person."""
    case = hold(actor, case_id, access.WORK, version=version)
    if case.application.kind in NEEDS_SECOND_PERSON:
        raise SecondPersonNeededError
    _check_outcome(case, outcome, reason)
    note(actor, "settle", case, facts={"outcome": outcome})
    _decide(actor, case, outcome, words(reason, field="reason", needed=False))
    return case


def _decide(actor: Actor, case: Case, outcome: str, reason: str) -> None:
    applications_actions.decide(actor=actor, application_id=case.application_id, outcome=outcome, reason=reason)
    notices.make(actor, case)
    jobs.defer("casework.advance", case_id=str(case.id), lock=f"case-{case.id}")


def _settle(actor: Actor, case: Case, proposal: Proposal, state: Proposal.State, remark: str) -> None:
    proposal.state, proposal.remark, proposal.settled_at = state, remark, clock.now()
    proposal.settled_by_id = actor.known_id
    proposal.save(update_fields=["state", "remark_sealed", "settled_at", "settled_by"])
    touch(case)
    note(actor, f"proposal_{state.value}", case, facts={"proposal": str(proposal.id), "outcome": proposal.outcome})


def _open_proposal(case: Case) -> Proposal:
    proposal = case.proposals.select_for_update().filter(state=Proposal.State.OPEN).first()
    if proposal is None:
        raise NoProposalError
    return proposal


def _check_outcome(case: Case, outcome: str, reason: str) -> None:
    chosen = next((o for o in case.application.version.definition.outcomes if o.code == outcome), None)
    if chosen is None:
        raise UnknownOutcomeError(field="outcome")
    if not chosen.granted and not reason.strip():
        raise ReasonMissingError(field="reason")


def _check_correction(case: Case) -> None:
    correction = applications.open_correction(case.application)
    if correction is not None and correction.due_on >= clock.today():
        raise CorrectionWaitsError
