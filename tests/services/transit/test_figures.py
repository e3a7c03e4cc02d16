"""Figures of rides: exactly defined, of everybody together, without a place or a person."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity.roles import Role
from souto.kernel import clock, measures
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.kernel.measures import Measured, Period
from souto.services.transit import actions, figures, plans
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, EventKind, MonthlyCost, ServiceVersion
from souto.services.transit.trips import Reason, TripRow, When
from tests.services.applications import world
from tests.services.transit import service
from tests.services.transit.running import SetClock, at, minutes, said, tell
from tests.services.transit.test_booking import booked, rider, trip
from tests.services.transit.test_rider_pages import browser

pytestmark = pytest.mark.django_db
__all__ = ["at"]

DAY = date(2026, 5, 13)
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))
PUBLIC = Actor.anonymous()


@pytest.fixture
def version() -> ServiceVersion:
    return service.published()


def moment(text: str, day: date = DAY) -> datetime:
    hour, minute, *second = (int(part) for part in text.split(":"))
    return datetime.combine(day, time(hour, minute, *second), clock.TOKYO)


def ride(version: ServiceVersion, state: State = State.COMPLETED, *, day: date = DAY, **fields: Any) -> Booking:
    """A ride as its records say; times of the day as text."""
    given: dict[str, Any] = {
        "asked_at": "8:00",
        "wanted_from": "9:00",
        "promised_from": "9:00",
        "promised_to": "9:10",
        "promised_arrival": "9:40",
        **({"met_at": "9:04", "boarded_at": "9:05", "alighted_at": "9:30"} if state is State.COMPLETED else {}),
        **fields,
    }
    times = {
        key: moment(value, day) if isinstance(value, str) else value
        for key, value in given.items()
        if key != "reason" and key != "carried_by"
    }
    asked = times.pop("asked_at")
    row = Booking(
        day=plans.day_of(version, day),
        channel=Booking.Channel.PHONE,
        state=state,
        riders={"adult": 2},
        fare=600,
        carried_by=given.get("carried_by", "v1"),
        reason=given.get("reason", ""),
        **times,
    )
    row.trip, row.contact, row.ways_out = TripRow(origin="hall", goal="station", when="depart", at=9 * 3600), None, []
    row.save()
    Booking.objects.filter(pk=row.pk).update(asked_at=asked)
    return row


def measured(key: str, period: Period = MAY, dimension: str | None = None) -> Measured:
    return measures.find(f"transit.{key}").compute(period, dimension, actor=PUBLIC)


def test_a_wait_begins_with_the_later_of_asking_and_wanting(version: ServiceVersion) -> None:
    ride(version, asked_at="8:00", wanted_from="9:00", boarded_at="9:05")
    ride(version, asked_at="9:00", wanted_from="8:59", boarded_at="9:12")
    ride(version, asked_at="8:00", wanted_from=None, boarded_at="9:55", alighted_at="9:58")
    ride(version, State.NO_SHOW, met_at="9:20")
    ride(version, day=DAY + timedelta(days=30), boarded_at="9:59", alighted_at="10:10")

    assert (measured("wait_median").value, measured("wait_median").denominator) == (Decimal("8.5"), 2)
    assert measured("wait_p90").value == Decimal("12.0")


def test_nine_of_ten_waited_no_longer(version: ServiceVersion) -> None:
    for minute in range(10, 0, -1):
        ride(version, wanted_from="9:00", boarded_at=f"9:{minute:02d}")

    assert measured("wait_p90").value == Decimal("9.0")
    assert measured("wait_median").value == Decimal("5.5")


def test_nothing_is_measured_where_nobody_rode() -> None:
    for key in ("wait_median", "wait_p90", "kept_promises", "shared_rides", "cost_per_ride", "refused_share"):
        assert measured(key).value is None, key
    assert measured("completed").value == 0


@pytest.mark.parametrize(
    ("state", "fields", "kept"),
    [
        (State.COMPLETED, {}, True),
        (State.COMPLETED, {"met_at": "8:55"}, True),
        (State.COMPLETED, {"met_at": "9:10:59"}, True),
        (State.COMPLETED, {"met_at": "9:11"}, False),
        (State.COMPLETED, {"met_at": None, "boarded_at": "9:11"}, False),
        (State.COMPLETED, {"alighted_at": "9:40:59"}, True),
        (State.COMPLETED, {"alighted_at": "9:41"}, False),
        # What riders were told instead does not make up for it.
        (
            State.COMPLETED,
            {"met_at": "9:20", "revised_from": "9:15", "revised_to": "9:25", "revised_arrival": "9:55"},
            False,
        ),
        (State.NO_SHOW, {"met_at": "9:09"}, True),
        (State.NO_SHOW, {"met_at": "9:30"}, False),
        (State.NO_SHOW, {}, None),
        (State.BOOKED, {}, False),
        (State.ABOARD, {"boarded_at": "9:05"}, False),
        (State.CANCELLED, {}, None),
    ],
)
def test_a_promise_is_kept_to_the_minute(
    version: ServiceVersion, state: State, fields: dict[str, Any], kept: bool | None
) -> None:
    ride(version, state, **fields)

    found = measured("kept_promises")

    assert (found.numerator, found.denominator) == (int(bool(kept)), int(kept is not None))


def test_a_ride_that_is_still_under_way_is_not_judged(version: ServiceVersion, at: SetClock) -> None:
    day = service.tomorrow()
    ride(version, State.BOOKED, day=day)
    period = Period(day, day)

    at("10:39")
    assert measured("kept_promises", period).denominator == 0
    at("10:41")
    assert measured("kept_promises", period).denominator == 1


def test_rides_are_shared_with_who_is_aboard_at_the_same_time(version: ServiceVersion) -> None:
    ride(version, boarded_at="9:05", alighted_at="9:30")
    ride(version, boarded_at="9:20", alighted_at="9:40")
    ride(version, boarded_at="9:40", alighted_at="9:50")  # gets on as the other gets off
    ride(version, boarded_at="9:10", alighted_at="9:25", carried_by="v2")
    ride(version, boarded_at="9:10", alighted_at="9:25", day=DAY + timedelta(days=1))

    found = measured("shared_rides")

    assert (found.numerator, found.denominator, found.value) == (2, 5, Decimal("40.0"))


def test_refusals_are_counted_by_reason(version: ServiceVersion) -> None:
    nothing = {"promised_from": None, "promised_to": None, "promised_arrival": None}
    for reason in (Reason.CLOSED, Reason.CAPACITY, Reason.CAPACITY):
        ride(version, State.REFUSED, reason=reason.value, **nothing)
    ride(version)
    ride(version, State.OFFERED)

    assert measured("refused_share").value == Decimal("75.0")
    assert measured("refused_share", dimension="capacity").value == Decimal("50.0")
    assert measured("refused_share", dimension="capacity").denominator == 4
    assert measured("refused_share", dimension="break").value == Decimal("0.0")
    assert figures.figures(MAY).refused == {"closed": 1, "capacity": 2}


def test_costs_are_set_against_the_rides_of_their_months(version: ServiceVersion) -> None:
    for _ in range(4):
        ride(version)
    ride(version, day=date(2026, 6, 2))
    ride(version, State.NO_SHOW)
    enter(date(2026, 5, 31), 9000)
    enter(date(2026, 5, 1), 8000, source="決算書（訂正）")
    year = Period(date(2026, 4, 1), date(2027, 3, 31))

    found = measured("cost_per_ride", year)

    assert (found.value, found.denominator) == (Decimal(2000), 4)
    assert found.assumptions == {"費用を入力した月": "2026年5月"}
    assert measured("cost_per_ride", Period(date(2026, 5, 1), date(2026, 5, 30))).value is None, (
        "the month is not whole"
    )
    assert MonthlyCost.objects.count() == Entry.objects.filter(action="transit.enter_cost").count() == 2


def enter(
    month: date, yen: int, *, actor: Actor = service.SYSTEM, slug: str = "south", source: str = "決算書"
) -> MonthlyCost:
    return actions.enter_cost(actor=actor, slug=slug, month=month, yen=yen, source=source)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"yen": -1}, actions.CostRefusedError),
        ({"yen": 10**11}, actions.CostRefusedError),
        ({"source": " "}, actions.CostSourceError),
        ({"month": "now"}, actions.CostMonthError),
        ({"slug": "north"}, NotFoundError),
        ({"actor": service.staff("transit.operate")}, ForbiddenError),
        ({"actor": service.resident()}, ForbiddenError),
    ],
)
@pytest.mark.usefixtures("version")
def test_a_cost_has_a_month_an_amount_and_a_source(given: dict[str, Any], error: type[Exception]) -> None:
    values: dict[str, Any] = {"month": DAY, "yen": 1000, **given}
    if values["month"] == "now":
        values["month"] = clock.today()

    with pytest.raises(error):
        enter(values.pop("month"), values.pop("yen"), **values)

    assert MonthlyCost.objects.count() == 0


@pytest.mark.usefixtures("version")
def test_the_database_knows_months_only() -> None:
    entered = enter(DAY, 1000)

    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyCost.objects.filter(pk=entered.pk).update(month=DAY)


def test_samples_count_in_demo_mode_only(version: ServiceVersion, settings: Any) -> None:
    ride(version)
    Booking.objects.update(is_demo=True)

    settings.DEMO = False
    assert measured("completed").value == 0
    settings.DEMO = True
    assert measured("completed").value == 1


def test_what_a_rider_wanted_is_kept_for_the_figures(version: ServiceVersion, at: SetClock) -> None:
    """Asked for now: the wait begins at once. Asked for later: at that time. For an arrival: nobody can say."""
    closes = version.definition.booking.closes_minutes
    who, day = rider(), service.tomorrow()
    now = at("8:30")
    soon = booked(who, trip(day=day, at=8 * 3600 + 30 * 60 + 60 * closes))
    later = booked(who, trip(day=day, at=10 * 3600))
    arriving = booked(who, trip(day=day, at=12 * 3600, when=When.ARRIVE))

    assert soon.wanted_from == now
    assert later.wanted_from == at("10:00")
    assert arriving.wanted_from is None


@pytest.mark.usefixtures("version")
def test_a_ridden_day_is_measured_from_what_the_vehicle_reports(at: SetClock) -> None:
    day = service.tomorrow()
    one = booked(rider(), trip(at=9 * 3600))
    other = booked(rider(), trip(at=9 * 3600, goal="clinic"))
    start = at("9:03")
    tell(
        said(EventKind.ARRIVED, start, one), said(EventKind.BOARDED, start, one), said(EventKind.BOARDED, start, other)
    )
    off = start + minutes(8)
    at("9:25")
    tell(said(EventKind.ALIGHTED, off, one), said(EventKind.ALIGHTED, off + minutes(9), other))
    at("12:00")

    found = figures.figures(Period(day, day))

    assert (found.completed, found.riders, found.shared, found.waits) == (2, 2, 2, (3.0, 3.0))
    assert (found.kept, found.promised) == (2, 2)
    assert [(hour.rides, hour.refused) for hour in found.hours if hour.rides] == [(2, 0)]


def test_forgetting_who_rode_leaves_the_figures(version: ServiceVersion) -> None:
    ride(version)
    before = figures.figures(MAY)
    actions.forget(actor=service.SYSTEM)

    assert Booking.objects.exclude(forgotten_at=None).count() == 1
    assert figures.figures(MAY) == before


PAGE = "/staff/transit/figures/"
SPAN = {"since": "2026-05-01", "until": "2026-05-31"}


def facts(page: str) -> dict[str, str]:
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td class="s-number">([^<]+)</td></tr>', page))


def month_of_rides(version: ServiceVersion) -> None:
    """Six rides at nine and one at eleven, two refusals."""
    for minute in range(6):
        ride(version, boarded_at=f"9:{minute + 2:02d}", carried_by=f"v{minute}")
    ride(version, promised_from="11:00", promised_to="11:10", promised_arrival="11:40", wanted_from="11:00",
         met_at="11:30", boarded_at="11:30", alighted_at="11:50", carried_by="v9")  # fmt: skip
    for reason in (Reason.CAPACITY, Reason.CLOSED):
        ride(version, State.REFUSED, reason=reason.value, promised_from=None, promised_to=None, promised_arrival=None)


def test_the_desk_shows_what_rides_add_up_to(version: ServiceVersion) -> None:
    month_of_rides(version)
    client = world.browser(world.staff(Role.DISPATCHER))

    page = client.get(PAGE, SPAN).content.decode()

    found = facts(page)
    assert found["乗車の依頼"] == "9"
    assert found["断った依頼"] == "2（22.2%）"
    assert found["乗った人"] == "14"
    assert found["待ち時間の中央値"] == "5.0分"
    assert found["お約束を守れた割合"] == "85.7%"
    assert page.count('class="s-chart__bar"') == page.count("s-chart__bar--second") == 3
    assert "この時間の車両は満席です。" in page
    assert facts(client.get(PAGE, {**SPAN, "service": "south"}).content.decode()) == found
    assert facts(client.get(PAGE, {"since": "2026-06-01", "until": "2026-06-30"}).content.decode())["乗車の依頼"] == "0"


@pytest.mark.parametrize(
    "given",
    [
        {"since": "昨日", "until": "x"},
        {"since": "2026-05-31", "until": "2026-05-01"},
        {"service": "nowhere"},
        {"since": "0001-01-01"},
    ],
)
@pytest.mark.usefixtures("version")
def test_an_address_that_asks_for_nonsense_still_shows_a_page(given: dict[str, str]) -> None:
    client = world.browser(world.staff(Role.DISPATCHER))

    assert (client.get(PAGE, given).status_code, client.get(f"{PAGE}table.csv", given).status_code) == (200, 200)


def test_what_leaves_the_house_speaks_of_nobody(version: ServiceVersion) -> None:
    month_of_rides(version)
    client = world.browser(world.staff(Role.DISPATCHER))

    answer = client.get(f"{PAGE}table.csv", SPAN)

    rows = {(row[0], row[1]): row[2] for row in csv.reader(answer.content.decode("utf-8-sig").splitlines())}
    assert rows["全体", "乗車の依頼"] == "9"
    assert rows["全体", "断った依頼"] == "5未満"
    assert rows["断った理由", "この時間の車両は満席です。"] == "5未満"
    assert (rows["時間帯の乗車", "9時"], rows["時間帯の乗車", "10時"], rows["時間帯の乗車", "11時"]) == (
        "6",
        "0",
        "5未満",
    )
    assert rows["時間帯の待ち時間の中央値", "9時"] == "4.5"
    assert ("時間帯の待ち時間の中央値", "11時") not in rows
    assert "transit-all-2026-05-01-2026-05-31.csv" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("version")
def test_a_cost_is_typed_at_the_desk() -> None:
    client = world.browser(world.staff(Role.DISPATCHER))
    given = {"cost_service": "south", "month": "2026-05", "yen": "1234567", "source": "令和8年度決算"}

    answer = client.post(PAGE, given, follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    entered = MonthlyCost.objects.get()
    assert (entered.month, entered.yen, entered.source) == (date(2026, 5, 1), 1234567, "令和8年度決算")
    assert entered.entered_by is not None
    assert "令和8年度決算" in client.get(PAGE, SPAN).content.decode()
    for wrong in ({"month": "5月"}, {"yen": "-1"}, {"yen": "many"}, {"source": ""}, {"month": "2999-01"}):
        assert client.post(PAGE, {**given, **wrong}).status_code == 422, wrong
    assert MonthlyCost.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("resident", 404), ("officer", 403)])
@pytest.mark.usefixtures("version")
def test_nobody_else_reaches_the_figures(who: str, status: int) -> None:
    client = {
        "anonymous": Client,
        "resident": browser,
        "officer": lambda: world.browser(world.staff(Role.OFFICER)),
    }[who]()
    given = {"cost_service": "south", "month": "2026-05", "yen": "1", "source": "x"}

    statuses = {
        client.get(PAGE).status_code,
        client.get(f"{PAGE}table.csv").status_code,
        client.post(PAGE, given).status_code,
    }

    assert statuses == {status}
    assert MonthlyCost.objects.count() == 0
