from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from souto.kernel import clock, measures
from souto.kernel.actor import Actor
from souto.kernel.measures import Measured, Period
from souto.services.applications import actions
from souto.services.applications.models import Application, TransitionRecord
from tests.services.applications import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident()


@pytest.fixture
def officer() -> Actor:
    return world.staff()


def _measure(key: str, actor: Actor = world.SYSTEM, dimension: str | None = None) -> Measured:
    period = Period(clock.today() - timedelta(days=1), clock.today())
    return measures.find(f"applications.{key}").compute(period, dimension, actor=actor)


def _by_counter(officer: Actor) -> Application:
    draft = actions.start_draft(actor=officer, slug="allowance", language="ja", person_id=world.person().id).draft
    world.fill(officer, draft.id)
    return actions.submit(actor=officer, draft_id=draft.id, attendance=world.CAME)


def test_the_online_share_counts_what_came_in(her: Actor, officer: Actor) -> None:
    for _ in range(2):
        world.submitted(her)
    _by_counter(officer)

    found = _measure("online_share")

    assert (found.numerator, found.denominator, found.value) == (2, 3, Decimal("66.7"))
    assert sorted(row.counted for row in found.rows) == [False, True, True]


def test_nothing_measured_is_not_zero(her: Actor) -> None:
    for key in ("online_share", "median_days", "corrected_share", "satisfaction", "ease"):
        assert _measure(key).value is None


def test_rows_are_those_that_the_caller_may_open(her: Actor, officer: Actor) -> None:
    application = world.submitted(her)
    callers: dict[str, Actor] = {
        "officer": officer,
        "elsewhere": world.staff(department="childcare"),
        "her": her,
        "other": world.resident(),
        "anybody": world.ANYBODY,
    }

    seen = {name: [row.label for row in _measure("online_share", who).rows] for name, who in callers.items()}

    assert seen == {
        "officer": [application.number],
        "elsewhere": [],
        "her": [application.number],
        "other": [],
        "anybody": [],
    }
    assert all(_measure("online_share", who).denominator == 1 for who in callers.values())


def test_a_period_and_a_procedure_narrow_the_figure(her: Actor) -> None:
    old, new = world.submitted(her), world.submitted(her)
    Application.objects.filter(id=old.id).update(submitted_at=clock.now() - timedelta(days=3))

    assert [row.label for row in _measure("online_share").rows] == [new.number]
    assert _measure("online_share", dimension="allowance").denominator == 1
    assert _measure("online_share", dimension="other").denominator == 0


def test_the_median_counts_working_days_without_pauses(
    her: Actor, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUTO_DEMO", "1")
    now = clock.real_now()
    start = now.replace(year=2027, month=6, day=7, hour=3)  # a Monday, noon in Tokyo
    with clock.travel(start - now):
        quick, slow = world.in_review(her, officer), world.in_review(her, officer)
    with clock.travel(start + timedelta(days=1) - now):
        actions.decide(actor=world.chief(), application_id=quick.id, outcome="granted")
        correction = world.asked(officer, slow)
    with clock.travel(start + timedelta(days=3) - now):
        actions.save_correction(actor=her, correction_id=correction.id, raw={"account": ["7654321"]})
        actions.submit_correction(actor=her, correction_id=correction.id)
    with clock.travel(start + timedelta(days=4) - now):
        actions.decide(actor=world.chief(), application_id=slow.id, outcome="granted")
        found = measures.find("applications.median_days").compute(
            Period(start.date(), (start + timedelta(days=4)).date()), None, actor=world.SYSTEM
        )
        corrected = measures.find("applications.corrected_share").compute(
            Period(start.date(), (start + timedelta(days=4)).date()), None, actor=world.SYSTEM
        )

    assert {row.label: row.detail for row in found.rows} == {quick.number: "1日", slow.number: "2日"}
    assert found.value == Decimal("1.5")
    assert (corrected.numerator, corrected.denominator) == (1, 2)


def test_the_median_by_hand_over_the_holidays_of_may(
    her: Actor, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUTO_DEMO", "1")
    now = clock.real_now()
    friday = now.replace(year=2027, month=4, day=30, hour=3)  # noon in Tokyo
    with clock.travel(friday - now):
        three = [world.in_review(her, officer) for _ in range(3)]
    # Days after Friday 30 April 2027: Saturday to Wednesday 5 May are the weekend and three holidays, 6 and 7 May are worked, 10 May too.
    by_hand = {three[0].number: (0, 0), three[1].number: (6, 1), three[2].number: (10, 3)}
    for application, (later, _days) in zip(three, by_hand.values(), strict=True):
        with clock.travel(friday + timedelta(days=later) - now):
            actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    with clock.travel(friday + timedelta(days=10) - now):
        period = Period(friday.date(), (friday + timedelta(days=10)).date())
        found = measures.find("applications.median_days").compute(period, None, actor=world.SYSTEM)

    assert {row.label: row.detail for row in found.rows} == {n: f"{days}日" for n, (_, days) in by_hand.items()}
    assert (found.value, found.denominator) == (Decimal(1), 3)


def test_paper_and_minutes_state_what_they_assume(her: Actor, officer: Actor) -> None:
    world.publish(world.report_body())
    draft = world.started(her, "road")
    actions.save_page(
        actor=her,
        draft_id=draft.id,
        page_key="what",
        raw={"what": ["穴"]},
        uploads=[actions.Upload("photo", "a.jpg", world.photo()), actions.Upload("photo", "b.jpg", world.photo())],
    )
    actions.submit(actor=her, draft_id=draft.id)
    _by_counter(officer)

    sheets, minutes = _measure("sheets_saved"), _measure("minutes_saved")

    assert (sheets.value, sheets.denominator) == (Decimal(3), 1)
    assert (minutes.value, minutes.denominator) == (Decimal(50), 1)
    assert set(sheets.assumptions) == {"申請書", "添付"}
    assert "60分" in minutes.assumptions["窓口に行く場合"]


def test_satisfaction_is_a_share_of_those_who_answered(her: Actor, officer: Actor) -> None:
    for satisfaction in (5, 3, None):
        application = world.in_review(her, officer)
        actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
        if satisfaction:
            actions.give_feedback(actor=her, application_id=application.id, ease=2, satisfaction=satisfaction)

    assert (_measure("satisfaction").numerator, _measure("satisfaction").denominator) == (1, 2)
    assert _measure("ease").value == Decimal("0.0")


@pytest.mark.parametrize(("demo", "expected"), [(False, 1), (True, 2)])
def test_samples_count_in_the_demo_only(her: Actor, settings: Any, demo: bool, expected: int) -> None:
    world.submitted(her)
    sample = world.submitted(her)
    Application.objects.filter(id=sample.id).update(is_demo=True)

    settings.DEMO = demo

    assert _measure("online_share").denominator == expected


def test_every_figure_has_a_title_and_a_definition() -> None:
    own = [m for key, m in measures.registered().items() if key.startswith("applications.")]

    assert len(own) == 7
    assert all(m.title and m.definition and m.unit for m in own)
    assert TransitionRecord.objects.count() == 0
