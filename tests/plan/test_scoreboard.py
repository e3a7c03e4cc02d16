"""The scoreboard: measured from rooms' measures, withheld from the public when few, frozen when a year is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity.models import Staff
from souto.foundation.identity.roles import Role
from souto.kernel import clock, measures
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import ForbiddenError
from souto.kernel.measures import Measured, Period, Row
from souto.plan import actions, queries
from souto.plan.models import FrozenFigure, ManualValue
from souto.plan.progress import Standing
from tests.services.applications import world

PUBLIC = Actor.anonymous()


class Counted:
    """What the test's measure answers."""

    numerator = 0
    denominator = 0


@pytest.fixture(autouse=True)
def _measure() -> Iterator[None]:
    kept = dict(measures._registry)

    @measures.measure("procedures.jpki_share", unit="%", title="試験", definition="試験の測り方", stock=True)
    def compute(period: Period, dimension: str | None, *, actor: Actor) -> Measured:
        rows = [Row(label=f"手続{i}", counted=i < Counted.numerator) for i in range(Counted.denominator)]
        seen = rows if actor.is_staff else ()
        return measures.share(Counted.numerator, Counted.denominator, as_of=clock.now(), rows=seen)

    queries.forget_fresh()
    yield
    measures._registry.clear()
    measures._registry.update(kept)
    queries.forget_fresh()


def planner(*permissions: str) -> Actor:
    staff = Staff.objects.create(number=str(Staff.objects.count()), name="計画 太郎")
    return Actor(kind=ActorKind.STAFF, id=staff.id, permissions=frozenset(permissions))


def jpki(actor: Actor = PUBLIC) -> queries.Figure:
    queries.forget_fresh()
    return next(f for f in queries.scoreboard(actor=actor, year=2026) if f.indicator.key == "jpki-share")


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False)
def test_the_number_is_the_work_itself() -> None:
    Counted.numerator, Counted.denominator = 3, 30
    before = jpki()
    Counted.numerator = 15
    after = jpki()

    assert (before.value, before.standing) == (Decimal("10.0"), Standing.BEHIND)
    assert (after.value, after.standing, after.target) == (Decimal("50.0"), Standing.REACHED, Decimal(50))
    assert (after.numerator, after.denominator, after.as_of) == (15, 30, clock.now())


@pytest.mark.django_db
def test_a_figure_is_kept_for_a_minute() -> None:
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False) as at:
        Counted.numerator, Counted.denominator = 3, 30
        assert jpki().value == 10
        Counted.numerator = 6
        kept = next(f for f in queries.scoreboard(actor=PUBLIC, year=2026) if f.indicator.key == "jpki-share")
        assert kept.value == 10
        at.shift(queries.FRESH + 1)
        fresh = next(f for f in queries.scoreboard(actor=PUBLIC, year=2026) if f.indicator.key == "jpki-share")
        assert fresh.value == 20


@pytest.mark.django_db
def test_few_records_are_withheld_from_the_public_only() -> None:
    Counted.numerator, Counted.denominator = 1, 4

    public, inside = jpki(), jpki(planner("plan.rows"))

    assert (public.state, public.value, public.numerator, public.denominator) == ("withheld", None, None, None)
    assert (inside.state, inside.value) == ("measured", Decimal("25.0"))
    assert public.standing is Standing.WITHHELD
    assert inside.standing is not Standing.WITHHELD


@pytest.mark.django_db
def test_a_withheld_figure_says_so_and_why_on_page_csv_and_api(client: Client) -> None:
    Counted.numerator, Counted.denominator = 1, 4

    home, one = client.get("/plan/").content.decode(), client.get("/plan/indicators/jpki-share/").content.decode()
    row = next(r for r in client.get("/plan/table.csv").content.decode("utf-8-sig").splitlines() if "jpki-share" in r)
    told = next(i for i in client.get("/api/plan/").json()["indicators"] if i["key"] == "jpki-share")

    assert "非公表" in home
    assert "記録が5件より少ない" in one
    assert "25" not in row.split(",")[5:8]
    assert "非公表" in row
    assert (told["standing"], told["value"], told["denominator"]) == ("withheld", None, None)


@pytest.mark.django_db
def test_a_stage_in_words_is_no_missing_measurement() -> None:
    found = next(f for f in queries.scoreboard(actor=PUBLIC, year=2026) if f.indicator.key == "ai-cocreation")

    assert found.standing is Standing.STAGE


@pytest.mark.django_db
def test_nothing_to_count_and_a_room_not_built_say_so() -> None:
    Counted.numerator, Counted.denominator = 0, 0
    states = {f.indicator.key: f.state for f in queries.scoreboard(actor=PUBLIC, year=2026)}

    assert states["jpki-share"] == "empty"
    assert states["generative-ai"] == "missing"
    assert states["card-holders"] == "empty"
    assert states["ai-cocreation"] == "stage"


@pytest.mark.django_db
def test_rows_are_for_those_who_may_see_them() -> None:
    Counted.numerator, Counted.denominator = 2, 6
    indicator = queries.find_indicator("jpki-share")

    assert queries.rows_of(actor=PUBLIC, indicator=indicator, year=2026) == ()
    assert len(queries.rows_of(actor=planner(), indicator=indicator, year=2026)) == 6


@pytest.mark.django_db
def test_an_outside_figure_is_typed_with_its_source_and_marked() -> None:
    actions.enter_value(
        actor=planner("plan.edit"), indicator_key="card-holders", value="79", as_of=date(2025, 8, 31), source="総務省"
    )

    figure = next(f for f in queries.scoreboard(actor=PUBLIC, year=2026) if f.indicator.key == "card-holders")

    assert (figure.state, figure.value, figure.note) == ("manual", 79, "総務省")
    assert Entry.objects.filter(action="plan.enter_value").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "value", "as_of", "source", "error"),
    [
        ("jpki-share", "50", date(2026, 1, 1), "x", actions.NotManualError),
        ("card-holders", "101", date(2026, 1, 1), "x", actions.ValueRefusedError),
        ("card-holders", "NaN", date(2026, 1, 1), "x", actions.ValueRefusedError),
        ("card-holders", "七十九", date(2026, 1, 1), "x", actions.ValueRefusedError),
        ("card-holders", "79", date(2099, 1, 1), "x", actions.FutureDateError),
        ("card-holders", "79", date(2026, 1, 1), " ", actions.NoSourceError),
    ],
)
def test_a_measured_number_is_never_typed(
    key: str, value: str, as_of: date, source: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.enter_value(actor=planner("plan.edit"), indicator_key=key, value=value, as_of=as_of, source=source)

    assert not ManualValue.objects.exists()


@pytest.mark.django_db
def test_without_the_permission_nothing_is_written() -> None:
    with pytest.raises(ForbiddenError):
        actions.enter_value(
            actor=planner(), indicator_key="card-holders", value="79", as_of=date(2025, 8, 31), source="総務省"
        )
    with pytest.raises(ForbiddenError):
        actions.close_year(actor=planner("plan.edit"), year=2026)

    assert not ManualValue.objects.exists()


@pytest.mark.django_db
def test_a_closed_year_stands_whatever_the_records_do() -> None:
    actor = planner("plan.close")
    Counted.numerator, Counted.denominator = 15, 30
    with time_machine.travel(datetime(2027, 3, 31, 3, tzinfo=UTC)), pytest.raises(actions.YearNotOverError):
        actions.close_year(actor=actor, year=2026)
    with time_machine.travel(datetime(2027, 4, 5, 3, tzinfo=UTC)):
        actions.close_year(actor=actor, year=2026)
        with pytest.raises(actions.AlreadyClosedError):
            actions.close_year(actor=actor, year=2026)
        Counted.numerator = 30

        figure = jpki()

    assert (figure.state, figure.value) == ("frozen", 50)
    assert FrozenFigure.objects.filter(indicator="generative-ai").count() == 0


@pytest.mark.django_db
def test_the_csv_and_the_desk_by_caller(client: Client) -> None:
    table = client.get("/plan/table.csv")

    assert table.content.decode("utf-8-sig").splitlines()[0].startswith("key,取組,指標")
    assert "card-holders" in table.content.decode()
    assert client.get("/staff/plan/").status_code == 302
    assert world.browser(world.resident()).get("/staff/plan/").status_code == 404
    assert world.browser(world.staff(Role.OFFICER)).get("/staff/plan/").status_code == 403
    assert client.get("/plan/indicators/nothing/").status_code == 404
