from __future__ import annotations

from typing import Any

import pytest

from souto.kernel.actor import Actor
from souto.services.applications import actions, queries
from souto.services.payments import actions as payments
from souto.services.payments import queries as owed
from souto.services.payments.models import Charge
from tests.services.applications import world

pytestmark = pytest.mark.django_db


def _world(**fee: Any) -> tuple[Actor, Actor]:
    world.publish(world.body(fee={"amount": 300, "account": "certificates", **fee}))
    return world.resident(), world.staff()


def test_a_fee_due_on_submission_is_charged_then_and_once() -> None:
    her, officer = _world(due="submission")

    application = world.submitted(her)
    actions.submit(actor=her, draft_id=application.id)
    actions.start_review(actor=officer, application_id=application.id)
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")

    charge = Charge.objects.get()
    assert (charge.amount, charge.payer_person_id, charge.payer_name) == (300, her.id, "山田　花子")
    assert queries.charges_of(application) == [charge]


def test_a_fee_due_on_acceptance_waits_for_the_review() -> None:
    her, officer = _world(due="acceptance")

    application = world.submitted(her)
    before = Charge.objects.count()
    actions.start_review(actor=officer, application_id=application.id)

    assert before == 0
    assert Charge.objects.count() == 1


@pytest.mark.parametrize(("outcome", "charges"), [("granted", 1), ("refused", 0)])
def test_a_fee_due_on_approval_is_for_those_who_get_what_they_asked_for(outcome: str, charges: int) -> None:
    her, officer = _world(due="approval")
    application = world.in_review(her, officer)

    actions.decide(actor=world.chief(), application_id=application.id, outcome=outcome, reason="理由")

    assert Charge.objects.count() == charges


def test_a_computed_fee_follows_the_answers() -> None:
    content = world.body(fee={"amount": "total", "account": "certificates", "due": "submission"})
    content["pages"][-1]["fields"] += [
        {"type": "number", "key": "copies", "label": "通数", "minimum": 1, "maximum": 10},
        {
            "type": "computed",
            "key": "total",
            "label": "手数料",
            "result": "yen",
            "compute": {"product": [{"field": "copies"}, 300]},
        },
    ]
    world.publish(content)
    her = world.resident()
    draft = world.started(her)
    world.fill(her, draft.id, {**world.FORM, "last": {"copies": ["3"]}})

    actions.submit(actor=her, draft_id=draft.id)

    assert Charge.objects.get().amount == 900


def test_withdrawing_gives_up_what_is_still_owed_and_not_what_was_paid() -> None:
    her, _ = _world(due="submission")
    first, second = world.submitted(her), world.submitted(her)
    paid = queries.charges_of(second)[0]
    payments.charges.settle(actor=world.SYSTEM, charge_id=paid.id, channel="cashless", key="test")

    for application in (first, second):
        actions.withdraw(actor=her, application_id=application.id, reason="やめる")

    assert queries.charges_of(first)[0].cancelled_at is not None
    assert queries.charges_of(second)[0].cancelled_at is None
    assert owed.all_paid(purpose="applications.fee", subject_id=second.id)
    titles = [h.title for h in queries.timeline(second, queries.Audience.APPLICANT, language="ja")]
    assert "手数料を受け取りました" in titles


def test_the_officer_sees_the_charge_and_another_section_does_not() -> None:
    her, officer = _world(due="submission")
    charge = queries.charges_of(world.submitted(her))[0]

    assert owed.access_charge(actor=officer, charge_id=charge.id) == charge
    for other in (world.resident(), world.staff(department="childcare"), world.ANYBODY):
        with pytest.raises(Exception, match="見つかりません"):
            owed.access_charge(actor=other, charge_id=charge.id)
