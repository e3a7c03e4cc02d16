"""Figures of casework, counted from the cases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.measures import Period, Row, find, opened
from souto.services.casework import actions
from souto.services.casework.models import Case, HandOver
from tests.jobs import run_all
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = pytest.mark.django_db


def today() -> Period:
    return Period(clock.today(), clock.today())


def test_satisfied_officers_among_those_who_answered() -> None:
    applications.publish(applications.body())
    officer = world.officer()
    for satisfaction in (5, 4, 3):
        case = world.decided(world.opened())
        run_all()
        actions.give_feedback(actor=officer, case_id=case.id, ease=1, satisfaction=satisfaction)

    found = find("casework.ex_satisfied").compute(today(), None, actor=officer)
    outside = find("casework.ex_satisfied").compute(today(), None, actor=world.officer("childcare"))
    before = Period(clock.today() - timedelta(days=9), clock.today() - timedelta(days=1))
    earlier = find("casework.ex_satisfied").compute(before, None, actor=officer)

    assert (found.value, found.numerator, found.denominator) == (Decimal("66.7"), 2, 3)
    assert len(found.rows) == 3
    assert (outside.value, list(outside.rows)) == (Decimal("66.7"), [])
    assert (earlier.value, earlier.denominator) == (None, 0)


def test_what_the_core_systems_took_over() -> None:
    world.procedure()
    for _ in range(4):
        world.decided(world.opened())
    run_all()
    taken = HandOver.objects.order_by("id")[:1].get()
    HandOver.objects.filter(pk=taken.pk).update(state="accepted", answered_at=clock.now())
    Case.objects.filter(pk=HandOver.objects.order_by("-id")[:1].get().case_id).update(is_demo=True)

    found = find("casework.handed_over_share").compute(today(), None, actor=world.officer())

    assert (found.numerator, found.denominator) == (1, 3)
    assert sorted(row.counted for row in found.rows) == [False, False, True]


def test_a_figure_opens_its_cases_for_those_who_may() -> None:
    applications.publish(applications.body())
    case = world.opened()
    run_all()

    def links(actor: Actor) -> list[str]:
        rows = find("applications.online_share").compute(today(), None, actor=actor).rows
        return [row.url for row in opened(rows, actor=actor)]

    assert links(world.officer()) == [f"/staff/cases/{case.id}/"]
    assert world.browser(world.officer()).get(f"/staff/cases/{case.id}/").status_code == 200
    assert links(world.officer("childcare")) == []
    # She sees her own application among the rows, but the case is the section's.
    assert links(applications.resident(case.application.person)) == [""]
    unknown = [Row(label="x", counted=True, record=("applications.application", case.id))]
    assert [row.url for row in opened(unknown, actor=world.officer())] == [""]
