"""Notes among staff (メモ), and opinions asked of others (意見照会)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.identity import queries as identity
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, NotFoundError, SoutoError
from souto.services.applications import actions as applications_actions
from souto.services.casework.actions.assigning import EndedError
from souto.services.casework.actions.common import hold, note, touch, words
from souto.services.casework.events import OpinionAsked, OpinionGiven
from souto.services.casework.models import Note, Opinion
from souto.services.casework.queries import access

_UNDECIDED = {"submitted", "in_review"}


class WhomError(SoutoError):
    """Nobody, oneself, or somebody who does not serve in the section was asked."""

    message = "意見を求める相手を選んでください。自分には求められません。"


class AnswerMissingError(SoutoError):
    """None of the answers was chosen."""

    message = "「支障なし」「支障あり」「意見のみ」から選んでください。"


class OpinionEndedError(ConflictError):
    """The opinion was answered or is no longer asked for."""

    message = "この意見照会は終わっています。"


@transaction.atomic
def write_note(*, actor: Actor, case_id: UUID, text: str) -> Note:
    """Write a note that only the section's staff see."""
    case = hold(actor, case_id, access.WORK)
    written = Note(key_id=case.application.key_id, case=case, by_id=actor.known_id)
    written.text = words(text, field="text")
    written.save()
    note(actor, "note", case, facts={"note": str(written.id)})
    return written


@transaction.atomic
def ask_opinion(
    *, actor: Actor, case_id: UUID, department_id: UUID, staff_id: UUID | None = None, question: str
) -> Opinion:
    """Ask a section, or one person in it, for an opinion. Another section gets access to the application until it is decided."""
    case = hold(actor, case_id, access.WORK)
    if case.application.state not in _UNDECIDED:
        raise EndedError
    colleagues = {s.id for s in identity.staff_of_department(department_id)}
    if staff_id == actor.id or (staff_id is not None and staff_id not in colleagues):
        raise WhomError(field="whom")
    if department_id not in {d.id for d in identity.list_departments()}:
        raise WhomError(field="whom")
    opinion = Opinion(
        key_id=case.application.key_id,
        case=case,
        department_id=department_id,
        asked_of_id=staff_id,
        asked_by_id=actor.known_id,
    )
    opinion.question, opinion.words = words(question, field="question"), ""
    opinion.save()
    touch(case)
    if department_id != case.department_id:
        # An officer may ask another section although only a chief may hand access out: the question itself is the reason.
        applications_actions.grant_access(
            actor=Actor.system("casework.opinion"), application_id=case.application_id, department_id=department_id
        )
    note(
        actor,
        "ask_opinion",
        case,
        facts={"opinion": str(opinion.id), "department": str(department_id), "staff": str(staff_id or "")},
    )
    events.publish(OpinionAsked(opinion.id), actor=actor)
    return opinion


@transaction.atomic
def answer_opinion(*, actor: Actor, opinion_id: UUID, answer: str, text: str) -> Opinion:
    """Answer: 支障なし, 支障あり (with words) or 意見のみ (with words). Only whom it was asked of, never whoever asked."""
    opinion = _waiting(actor, opinion_id)
    if not access.may_answer(actor, opinion) or opinion.asked_by_id == actor.id:
        raise ForbiddenError
    if answer not in {Opinion.Answer.YES, Opinion.Answer.NO, Opinion.Answer.COMMENT}:
        raise AnswerMissingError(field="answer")
    opinion.words = words(text, field="text", needed=answer != Opinion.Answer.YES)
    opinion.answer, opinion.answered_by_id, opinion.answered_at = answer, actor.known_id, clock.now()
    opinion.save(update_fields=["answer", "words_sealed", "answered_by", "answered_at"])
    note(actor, "answer_opinion", opinion.case, facts={"opinion": str(opinion.id), "answer": answer})
    events.publish(OpinionGiven(opinion.id), actor=actor)
    return opinion


@transaction.atomic
def withdraw_opinion(*, actor: Actor, opinion_id: UUID) -> Opinion:
    """Ask no longer; the other section's access ends when nothing else is asked of it."""
    opinion = _waiting(actor, opinion_id)
    if not access.may(actor, access.WORK, opinion.case):
        raise ForbiddenError
    opinion.withdrawn_at = clock.now()
    opinion.save(update_fields=["withdrawn_at"])
    note(actor, "withdraw_opinion", opinion.case, facts={"opinion": str(opinion.id)})
    others = Opinion.objects.filter(case=opinion.case, department=opinion.department, withdrawn_at__isnull=True)
    if opinion.department_id != opinion.case.department_id and not others.exists():
        applications_actions.end_access(
            actor=Actor.system("casework.opinion"),
            application_id=opinion.case.application_id,
            department_id=opinion.department_id,
        )
    return opinion


def _waiting(actor: Actor, opinion_id: UUID) -> Opinion:
    access.access_opinion(actor=actor, opinion_id=opinion_id)
    opinion = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("case__application")
        .filter(pk=opinion_id)
        .first()
    )
    if opinion is None:
        raise NotFoundError
    if not opinion.is_open:
        raise OpinionEndedError
    return opinion
