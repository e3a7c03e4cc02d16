from __future__ import annotations

import pytest

from souto.foundation.identity.roles import Role
from souto.foundation.notifications.models import Message
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError
from souto.kernel.lifecycle import TransitionRefusedError
from souto.services.applications import actions, queries
from souto.services.applications.actions import (
    ChooseOneError,
    CorrectionOpenError,
    FeedbackGivenError,
    FeedbackTooEarlyError,
    NoteTooLongError,
    ReasonMissingError,
    UnknownOutcomeError,
)
from souto.services.applications.models import Application, Correction, Feedback, TransitionRecord
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


@pytest.fixture
def officer() -> Actor:
    return world.staff()


def _state(application: Application) -> str:
    return Application.objects.get(id=application.id).state


def test_from_receipt_to_close(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)

    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    actions.close(actor=officer, application_id=application.id)

    records = TransitionRecord.objects.filter(application=application)
    assert [(r.name, r.source, r.target) for r in records] == [
        ("submit", "", "submitted"),
        ("start_review", "submitted", "in_review"),
        ("decide", "in_review", "decided"),
        ("close", "decided", "closed"),
    ]
    outcome = queries.outcome_of(application)
    assert outcome is not None
    assert outcome.code == "granted"
    titles = [m.title for m in Message.objects.filter(person_id=her.id).order_by("created_at", "id")]
    assert len(titles) == 3
    assert "結果が出ました" in titles[1]
    assert "終わりました" in titles[2]


def test_only_whoever_approves_decides_an_application(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)

    with pytest.raises(ForbiddenError):
        actions.decide(actor=officer, application_id=application.id, outcome="granted")
    for outsider in (her, world.resident(), world.ANYBODY, world.chief("childcare"), world.staff(Role.AUDITOR)):
        with pytest.raises(HiddenError):
            actions.decide(actor=outsider, application_id=application.id, outcome="granted")
        with pytest.raises(HiddenError):
            actions.close(actor=outsider, application_id=application.id)

    assert _state(application) == "in_review"
    assert TransitionRecord.objects.filter(name="decide").count() == 0


def test_two_officers_decide_at_once_and_one_is_told(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")

    with pytest.raises(TransitionRefusedError):
        actions.decide(actor=world.chief(), application_id=application.id, outcome="refused", reason="x")

    assert TransitionRecord.objects.filter(name="decide").count() == 1


def test_a_refusal_states_its_reason(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)

    with pytest.raises(ReasonMissingError):
        actions.decide(actor=world.chief(), application_id=application.id, outcome="refused", reason=" \x00")
    with pytest.raises(UnknownOutcomeError):
        actions.decide(actor=world.chief(), application_id=application.id, outcome="maybe")
    with pytest.raises(NoteTooLongError):
        actions.decide(actor=world.chief(), application_id=application.id, outcome="refused", reason="長" * 2001)
    decided = actions.decide(
        actor=world.chief(), application_id=application.id, outcome="refused", reason="要件を満たしません"
    )

    decision = queries.decision_of(decided)
    assert decision is not None
    assert decision.note == "要件を満たしません"


def test_nothing_is_decided_while_a_correction_is_open_unless_it_is_overdue(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)
    correction = world.asked(officer, application)

    with pytest.raises(CorrectionOpenError):
        actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    Correction.objects.update(due_on=clock.today().replace(day=1, month=1))
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")

    assert _state(application) == "decided"
    assert not Correction.objects.get(id=correction.id).is_open


def test_the_applicant_withdraws_with_a_reason_until_it_is_decided(her: Actor, officer: Actor) -> None:
    first, second = world.submitted(her), world.in_review(her, officer)
    world.asked(officer, first)
    actions.decide(actor=world.chief(), application_id=second.id, outcome="granted")

    with pytest.raises(ReasonMissingError):
        actions.withdraw(actor=her, application_id=first.id, reason="")
    actions.withdraw(actor=her, application_id=first.id, reason="引越しがなくなった")
    with pytest.raises(TransitionRefusedError):
        actions.withdraw(actor=her, application_id=second.id, reason="おそい")

    assert _state(first) == "withdrawn"
    assert _state(second) == "decided"
    assert not Correction.objects.get().is_open


def test_nobody_else_withdraws(her: Actor) -> None:
    application = world.submitted(her)

    for other in (world.resident(), world.ANYBODY, world.staff(department="childcare")):
        with pytest.raises(HiddenError):
            actions.withdraw(actor=other, application_id=application.id, reason="x")

    assert _state(application) == "submitted"


def test_a_section_sees_what_it_was_granted(her: Actor) -> None:
    application = world.submitted(her)
    elsewhere = world.staff(department="childcare")
    childcare = world.section("childcare").id

    with pytest.raises(HiddenError):
        actions.grant_access(actor=elsewhere, application_id=application.id, department_id=childcare)
    with pytest.raises(ForbiddenError):
        actions.grant_access(actor=world.staff(), application_id=application.id, department_id=childcare)
    actions.grant_access(actor=world.chief(), application_id=application.id, department_id=childcare)
    seen = queries.access_application(actor=elsewhere, application_id=application.id)
    listed = list(queries.visible_to(elsewhere, Application.objects.all()))
    actions.end_access(actor=world.chief(), application_id=application.id, department_id=childcare)

    assert seen == application
    assert listed == [application]
    with pytest.raises(HiddenError):
        queries.access_application(actor=elsewhere, application_id=application.id)


def test_the_two_questions_are_answered_once_after_the_end(her: Actor, officer: Actor) -> None:
    application = world.in_review(her, officer)

    with pytest.raises(FeedbackTooEarlyError):
        actions.give_feedback(actor=her, application_id=application.id, ease=5, satisfaction=5)
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    with pytest.raises(ChooseOneError):
        actions.give_feedback(actor=her, application_id=application.id, ease=0, satisfaction=5)
    for other in (world.resident(), officer, world.ANYBODY):
        with pytest.raises(HiddenError):
            actions.give_feedback(actor=other, application_id=application.id, ease=1, satisfaction=1)
    actions.give_feedback(actor=her, application_id=application.id, ease=4, satisfaction=5, comment="早かった")
    with pytest.raises(FeedbackGivenError):
        actions.give_feedback(actor=her, application_id=application.id, ease=1, satisfaction=1)

    feedback = Feedback.objects.get()
    assert (feedback.ease, feedback.satisfaction, feedback.comment) == (4, 5, "早かった")
