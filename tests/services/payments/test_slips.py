"""Issuing slips: with eL-QR, as a PDF that only its payer opens, a specimen without a real authority, once while it holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from souto.foundation.documents import queries as documents
from souto.foundation.identity.models import Person
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.calendar import fiscal_year
from souto.kernel.errors import HiddenError
from souto.kernel.ids import new_id
from souto.kernel.measures import Period, find
from souto.services.payments import actions
from souto.services.payments.elqr import ElQr
from souto.services.payments.models import Slip
from tests import paper
from tests.services.payments.test_ledger import charge


@pytest.fixture(autouse=True)
def _fonts(settings: Any) -> None:
    settings.FONTS_DIR = paper.fonts().folder
    settings.DEMO = True


def payer() -> Actor:
    person = Person()
    person.profile, person.contact = {}, {}
    person.save()
    return Actor(kind=ActorKind.RESIDENT, id=person.id)


@pytest.mark.django_db
def test_a_slip_carries_the_charge_and_is_marked_as_a_specimen() -> None:
    actor = payer()
    made = charge(300, person=actor.id)

    slip = actions.issue_slip(actor=actor, charge_id=made.id)

    _, content = documents.open_document(actor=actor, document_id=slip.document_id)
    pdf = content.read()
    text = paper.pages(pdf)[0]
    code = ElQr.parse(paper.read_qr(paper.picture(pdf)))
    assert slip.specimen
    assert "見本" in text
    assert "𠮷田" in text
    assert (code.demand.amount, code.numbers.case_key) == (300, slip.case_key)
    with pytest.raises(HiddenError):
        documents.open_document(actor=payer(), document_id=slip.document_id)


@pytest.mark.django_db
def test_a_slip_that_holds_is_given_again_and_a_lapsed_one_is_replaced() -> None:
    actor = payer()
    made = charge(person=actor.id)
    first = actions.issue_slip(actor=actor, charge_id=made.id)

    assert actions.issue_slip(actor=actor, charge_id=made.id).id == first.id
    with time_machine.travel(clock.real_now() + timedelta(days=90)):
        second = actions.issue_slip(actor=actor, charge_id=made.id)

    assert second.case_key != first.case_key
    assert Slip.objects.count() == 2


@pytest.mark.django_db
def test_no_slip_for_another_person_or_for_what_is_settled() -> None:
    made = charge(person=payer().id)
    with pytest.raises(HiddenError):
        actions.issue_slip(actor=payer(), charge_id=made.id)
    actions.cancel_charge(actor=Actor.system("t"), charge_id=made.id, reason="x")

    with pytest.raises(actions.AlreadySettledError):
        actions.issue_slip(actor=Actor(kind=ActorKind.SYSTEM, id=new_id()), charge_id=made.id)
    assert not Slip.objects.exists()


@pytest.mark.django_db
def test_the_measure_counts_what_was_issued() -> None:
    actor = payer()
    actions.issue_slip(actor=actor, charge_id=charge(person=actor.id).id)
    Slip.objects.create(
        charge=charge(key="k2"),
        case_key="1" * 20,
        confirmation="1",
        with_elqr=False,
        specimen=True,
        due_on=clock.today(),
    )
    Slip.objects.create(
        charge=charge(key="k3"),
        case_key="2" * 20,
        confirmation="1",
        with_elqr=False,
        exempt_reason="法令",
        specimen=True,
        due_on=clock.today(),
    )
    year = fiscal_year(clock.today())

    found = find("payments.elqr_share").compute(Period(year.first_day, year.last_day), None, actor=Actor.anonymous())

    assert (found.numerator, found.denominator, found.rows) == (1, 2, ())
