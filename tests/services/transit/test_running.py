"""The running day: reports in any order, absent riders, silent vehicles, clocks that jump."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from souto.foundation.audit.models import Entry
from souto.foundation.notifications.models import Message
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.services.transit import actions, dispatch, plans, queries, showing
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, BookingStep, EventKind, ServiceDay, VehicleEvent, VehiclePosition
from tests.services.transit import service
from tests.services.transit.running import (
    DISPATCHER,
    DRIVER,
    SYSTEM,
    TWO,
    SetClock,
    at,
    minutes,
    plan_now,
    said,
    tell,
)
from tests.services.transit.test_booking import booked, rider, trip

pytestmark = pytest.mark.django_db
__all__ = ["at"]

NINE = 9 * 3600


def ridden(*, vehicles: list[dict[str, object]] | None = None) -> tuple[Booking, Booking]:
    """Two rides at nine, from the hall to the station and from the hall to the clinic."""
    service.published(**({"vehicles": vehicles} if vehicles else {}))
    return booked(rider(), trip()), booked(rider(), trip(goal="clinic"))


def states() -> list[str]:
    return list(Booking.objects.order_by("asked_at").values_list("state", flat=True))


def test_getting_on_and_off_is_noted_with_its_moments(at: SetClock) -> None:
    first, _ = ridden()
    on = at("9:06")
    tell(said(EventKind.BEGAN, on - minutes(30)), said(EventKind.ARRIVED, on - minutes(1), first))
    taken = tell(said(EventKind.BOARDED, on, first))
    first.refresh_from_db()
    assert (first.state, first.met_at, first.boarded_at, first.carried_by) == (State.ABOARD, on - minutes(1), on, "v1")
    assert len(taken.stored) == 1
    off = at("9:20")
    tell(said(EventKind.ALIGHTED, off, first))
    first.refresh_from_db()
    assert (first.state, first.alighted_at) == (State.COMPLETED, off)
    assert [step.name for step in BookingStep.objects.filter(booking=first)] == ["book", "board", "alight"]
    assert Entry.objects.filter(action="transit.boarded", subject_id=first.id).count() == 1
    assert len(plan_now().routes[0].began) == 2


@pytest.mark.parametrize("seed", range(6))
def test_late_twice_and_out_of_order_come_to_the_same(at: SetClock, seed: int) -> None:
    first, second = ridden()
    began = at("9:05")
    kept = [
        said(EventKind.BEGAN, began),
        said(EventKind.BOARDED, began + minutes(1), first),
        said(EventKind.BOARDED, began + minutes(2), second),
        said(EventKind.ALIGHTED, began + minutes(12), first),
        said(EventKind.ALIGHTED, began + minutes(25), second),
    ]
    now = at("9:40")
    order = random.Random(seed)
    sent = [*kept, *kept]
    order.shuffle(sent)
    while sent:
        size = order.randint(1, 4)
        tell(*sent[:size], sent=now)
        sent = sent[size:]

    assert states() == [State.COMPLETED, State.COMPLETED]
    assert VehicleEvent.objects.count() == len(kept)
    route = plan_now().routes[0]
    assert [call.id for call in route.calls] == [str(first.id), str(second.id), str(first.id), str(second.id)]
    assert [b - route.began[0] for b in route.began] == [0, 60, 660, 1440]
    assert Entry.objects.filter(action="transit.boarded").count() == 2


def test_a_tablet_whose_clock_is_wrong_tells_how_long_ago_it_was(at: SetClock) -> None:
    first, _ = ridden()
    now = at("9:10")
    wrong = now + timedelta(days=400, hours=5)
    tell(said(EventKind.BOARDED, wrong - minutes(4), first), sent=wrong)
    first.refresh_from_db()
    assert first.boarded_at == now - minutes(4)
    tell(said(EventKind.ALIGHTED, wrong + minutes(30), first), sent=wrong)
    first.refresh_from_db()
    assert first.alighted_at == now  # never in the future


def test_a_clock_that_jumps_leaves_nothing_behind(at: SetClock) -> None:
    first, _ = ridden()
    at("18:30")
    assert plan_now().now == 18.5 * 3600
    booked(rider(), trip(day=clock.today(), at=19 * 3600))
    at("9:00")  # back again: somebody has set the server's clock right
    assert plan_now().now == NINE
    morning = booked(rider(), trip("clinic", "market", day=clock.today(), at=int(9.5 * 3600)))
    assert morning.state == State.BOOKED
    assert dispatch.check(plan_now()).valid
    tell(said(EventKind.BOARDED, at("9:08"), first))
    at("8:00")
    assert plan_now().now == NINE + 8 * 60  # not before what has been driven
    first.refresh_from_db()
    assert first.state == State.ABOARD


def test_who_does_not_come_is_noted_and_rides_after_all_if_he_comes_running(at: SetClock) -> None:
    first, second = ridden()
    now = at("9:12")
    tell(said(EventKind.ARRIVED, now - minutes(5), first), said(EventKind.NO_SHOW, now, first))
    first.refresh_from_db()
    assert (first.state, first.met_at, first.boarded_at) == (State.NO_SHOW, now - minutes(5), None)
    tell(said(EventKind.BOARDED, now + minutes(0.5), first), sent=now + minutes(0.5))
    first.refresh_from_db()
    assert first.state == State.ABOARD
    assert str(first.id) in plan_now().routes[0].riders
    assert plan_now().requests[str(first.id)].dropoff.place == "station"
    assert second.state == State.BOOKED


def test_who_had_cancelled_and_gets_on_rides(at: SetClock) -> None:
    first, _ = ridden()
    actions.cancel(actor=SYSTEM, booking_id=first.id)
    tell(said(EventKind.BOARDED, at("9:06"), first))
    first.refresh_from_db()
    assert first.state == State.ABOARD
    assert str(first.id) in plan_now().requests


def test_what_fits_no_ride_is_left_out_and_said(at: SetClock) -> None:
    first, _ = ridden()
    now = at("9:06")
    stranger, nobody = actions.Report(uuid4(), EventKind.BOARDED, now, uuid4()), said(EventKind.BOARDED, now)
    strange = said(EventKind.BEGAN, now, first)
    taken = tell(stranger, nobody, strange)
    assert set(taken.unknown) == {stranger.id, nobody.id, strange.id}
    assert taken.stored == ()
    assert VehicleEvent.objects.count() == 0


@pytest.mark.parametrize(
    "who", [Actor.anonymous(), service.resident(), service.staff(), service.staff("transit.publish", "casework.view")]
)
def test_only_drivers_and_dispatchers_report(at: SetClock, who: Actor) -> None:
    first, _ = ridden()
    now = at("9:06")
    with pytest.raises(ForbiddenError):
        tell(said(EventKind.BOARDED, now, first), actor=who)
    with pytest.raises(ForbiddenError):
        actions.move(actor=DRIVER, booking_id=first.id, vehicle="v1", seen=1)
    with pytest.raises(ForbiddenError):
        actions.break_down(actor=DRIVER, slug="south", day=clock.today(), vehicle="v1")
    assert VehicleEvent.objects.count() == 0
    assert states() == [State.BOOKED, State.BOOKED]


def test_other_days_and_vehicles_are_refused(at: SetClock) -> None:
    first, _ = ridden()
    with pytest.raises(actions.OldDayError):  # tomorrow has not happened yet
        actions.report(actor=SYSTEM, slug="south", day=first.day.date, vehicle="v1", reports=[])
    at("9:00")
    with pytest.raises(NotFoundError):
        tell(vehicle="bus")


def test_reports_are_never_rewritten(at: SetClock) -> None:
    first, _ = ridden()
    tell(said(EventKind.BOARDED, at("9:06"), first))
    with pytest.raises(DatabaseError), transaction.atomic():
        VehicleEvent.objects.update(vehicle="v9")
    with pytest.raises(DatabaseError), transaction.atomic():
        VehicleEvent.objects.all().delete()


def test_only_the_last_place_of_a_vehicle_is_kept(at: SetClock) -> None:
    ridden()
    now = at("9:00")
    for lat, ago in ((35.66, 1.0), (35.65, 3.0)):
        actions.report(
            actor=SYSTEM, slug="south", day=clock.today(), vehicle="v1", reports=[], sent_at=now,
            seen=actions.Seen(lat, 139.31, now - minutes(ago)),
        )  # fmt: skip
    place = VehiclePosition.objects.get()
    assert (place.lat, place.at) == (35.66, now - minutes(1))  # the older one came later and changes nothing
    found = queries.vehicles_now(ServiceDay.objects.select_related("version").get())[0]
    assert (found.lat, found.reported) == (35.66, True)


def test_a_vehicle_silent_for_ten_minutes_puts_its_promises_at_risk(at: SetClock) -> None:
    first, _ = ridden()
    now = at("9:00")
    tell(said(EventKind.BEGAN, now))
    day = ServiceDay.objects.select_related("version").get()
    assert not queries.vehicles_now(day)[0].silent
    at("9:11")
    vehicles = queries.vehicles_now(day)
    assert vehicles[0].silent
    assert first.id in {risk.booking for risk in queries.at_risk(vehicles)}
    late = queries.at_risk(vehicles)[0]
    assert late.call.booking == first.id
    tell(said(EventKind.BOARDED, at("9:12"), first))
    assert not queries.vehicles_now(day)[0].silent


def test_where_a_vehicle_is_follows_from_the_plan_where_it_does_not_say(at: SetClock) -> None:
    first, _ = ridden()
    tell(said(EventKind.BOARDED, at("9:06"), first))
    day = ServiceDay.objects.select_related("version").get()
    found = queries.vehicles_now(day)[0]
    assert not found.reported
    assert found.aboard == (first.id,)
    assert (found.lat, found.lon) == (35.664, 139.316)


def test_a_better_plan_is_found_between_bookings_and_no_promise_is_touched(at: SetClock) -> None:
    service.published(vehicles=TWO)
    rides = [booked(rider(), trip(a, b, at=NINE + 60 * k)) for k, (a, b) in enumerate(
        [("hall", "market"), ("market", "hall"), ("station", "clinic"), ("hall", "clinic"), ("clinic", "station")]
    )]  # fmt: skip
    day = ServiceDay.objects.get()
    worst = plans.read(day)
    for ride in rides:  # everybody into one vehicle, as far as promises allow
        moved = dispatch.move(worst, str(ride.id), "v1")
        worst = moved.plan if moved.harmless else worst
    worse = worst.cost
    with transaction.atomic():
        assert plans.swap(day, worst)
    promises = {r.id: (r.promised_from, r.promised_to, r.promised_arrival) for r in Booking.objects.all()}
    actions.improve(actor=SYSTEM, budget=0.3)
    plan = plan_now()
    assert plan.cost <= worse
    assert dispatch.check(plan).valid
    assert {r.id: (r.promised_from, r.promised_to, r.promised_arrival) for r in Booking.objects.all()} == promises
    day.refresh_from_db()
    assert day.improved_version == day.plan_version
    assert actions.improve(actor=SYSTEM, budget=0.3) == 0


def test_a_search_yields_to_a_booking(at: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = ridden(vehicles=TWO)
    day = ServiceDay.objects.get()
    before = day.plan_version
    search = dispatch.improve

    def meanwhile(plan: dispatch.Plan, budget: dispatch.Budget, **more: object) -> dispatch.Plan:
        booked(rider(), trip("station", "market"))
        found = search(plan, dispatch.Budget(steps=50))
        moved = dispatch.move(found, str(first.id), "v2")
        return moved.plan if moved.harmless else found

    monkeypatch.setattr(dispatch, "improve", meanwhile)
    assert actions.improve(actor=SYSTEM, budget=0.1) == 0
    day.refresh_from_db()
    assert day.plan_version == before + 1
    assert len(plan_now().requests) == 3


def test_riders_are_reminded_once_and_not_if_they_have_just_booked(at: SetClock) -> None:
    first, second = ridden()
    at("8:20")
    assert actions.remind(actor=SYSTEM) == 0
    at("8:45")
    hasty = booked(rider(), trip(day=clock.today(), at=NINE + 300))
    Message.objects.all().delete()
    assert actions.remind(actor=SYSTEM) == 2
    assert {m.person_id for m in Message.objects.all()} == {first.person_id, second.person_id}
    assert hasty.person_id not in {m.person_id for m in Message.objects.all()}
    assert actions.remind(actor=SYSTEM) == 0


def test_a_move_that_breaks_nothing_is_saved_and_on_record(at: SetClock) -> None:
    first, _ = ridden(vehicles=TWO)
    home = plan_now().route_of(str(first.id))
    assert home is not None
    other = "v2" if home.vehicle == "v1" else "v1"
    preview = queries.preview_move(actor=DISPATCHER, booking_id=first.id, vehicle=other)
    assert preview.harmless
    actions.move(actor=DISPATCHER, booking_id=first.id, vehicle=other, seen=preview.version)
    moved = plan_now().route_of(str(first.id))
    assert moved is not None
    assert moved.vehicle == other
    assert Entry.objects.filter(action="transit.move", subject_id=first.id).count() == 1


def test_a_move_that_breaks_promises_needs_consent_and_tells_those_riders(at: SetClock) -> None:
    service.published(vehicles=TWO)
    four = {RiderClass.ADULT: 4}
    first = booked(rider(), trip("hall", "market", riders=four))
    second = booked(rider(), trip("station", "hall", riders=four))
    homes = [plan_now().route_of(str(ride.id)) for ride in (first, second)]
    assert homes[0] is not None
    assert homes[1] is not None
    assert homes[0].vehicle != homes[1].vehicle
    preview = queries.preview_move(actor=DISPATCHER, booking_id=second.id, vehicle=homes[0].vehicle)
    assert preview.possible
    assert preview.late
    with pytest.raises(actions.MoveBreaksError):
        actions.move(actor=DISPATCHER, booking_id=second.id, vehicle=homes[0].vehicle, seen=preview.version)
    with pytest.raises(actions.MoveBreaksError):
        actions.move(
            actor=DISPATCHER, booking_id=second.id, vehicle=homes[0].vehicle, seen=preview.version - 1, accept=True
        )
    promised = second.promised_to
    Message.objects.all().delete()
    actions.move(actor=DISPATCHER, booking_id=second.id, vehicle=homes[0].vehicle, seen=preview.version, accept=True)
    late = {key for key, _, _ in preview.late}
    assert {m.person_id for m in Message.objects.all()} == set(
        Booking.objects.filter(pk__in=late).values_list("person_id", flat=True)
    )
    for ride in (first, second):
        ride.refresh_from_db()
        assert (ride.revised_to is not None) == (ride.id in late)
        assert showing.ride(ride, "ja")["moved"] == (ride.id in late)
        if ride.revised_to is not None:
            assert f"{clock.local(ride.revised_to):%-H:%M}" in showing.span(ride)
    assert second.promised_to == promised  # what was promised stays on record
    assert dispatch.check(plan_now()).valid


def test_who_is_aboard_is_not_moved(at: SetClock) -> None:
    first, _ = ridden(vehicles=TWO)
    home = plan_now().route_of(str(first.id))
    assert home is not None
    tell(said(EventKind.BOARDED, at("9:06"), first), vehicle=home.vehicle)
    with pytest.raises(queries.RideFixedError):
        actions.move(actor=DISPATCHER, booking_id=first.id, vehicle="v2", seen=1, accept=True)


def test_a_breakdown_replans_its_riders_in_one_action(at: SetClock) -> None:
    first, second = ridden(vehicles=TWO)
    third = booked(rider(), trip("station", "market", at=NINE + 1800))
    plan = plan_now()
    vehicle = plan.route_of(str(first.id))
    assert vehicle is not None
    tell(said(EventKind.BOARDED, at("9:06"), first), vehicle=vehicle.vehicle)
    at("9:08")
    Message.objects.all().delete()
    done = actions.break_down(actor=SYSTEM, slug="south", day=clock.today(), vehicle=vehicle.vehicle, stop="clinic")
    assert done.stranded == ()
    after = plan_now()
    assert dispatch.check(after).valid
    other = after.route_of(str(first.id))
    assert other is not None
    assert other.vehicle != vehicle.vehicle
    assert after.requests[str(first.id)].pickup.place == "clinic"
    assert {m.person_id for m in Message.objects.all()} == {
        ride.person_id for ride in (first, second, third) if ride.id in done.later
    }
    assert Entry.objects.get(action="transit.break_down").facts["vehicle"] == vehicle.vehicle
    with pytest.raises(actions.NotRunningError):
        actions.break_down(actor=SYSTEM, slug="south", day=clock.today(), vehicle=vehicle.vehicle)
    # On with the other vehicle.
    tell(said(EventKind.BOARDED, at("9:40"), first), vehicle=other.vehicle)
    tell(said(EventKind.ALIGHTED, at("9:55"), first), vehicle=other.vehicle)
    first.refresh_from_db()
    assert first.state == State.COMPLETED
    # The broken vehicle's tablet finds its network again.
    tell(said(EventKind.BOARDED, at("9:56") - minutes(50), first), vehicle=vehicle.vehicle)
    first.refresh_from_db()
    assert first.state == State.COMPLETED
    assert first.carried_by == vehicle.vehicle


def test_without_another_vehicle_riders_are_told_and_listed(at: SetClock) -> None:
    first, second = ridden()
    at("8:50")
    Message.objects.all().delete()
    done = actions.break_down(actor=SYSTEM, slug="south", day=clock.today(), vehicle="v1")
    assert set(done.stranded) == {first.id, second.id}
    assert {ride.id for ride in queries.stranded(plan_now())} == {first.id, second.id}
    assert Message.objects.count() == 2
    refused = actions.ask(actor=rider(), slug="south", trip=trip(day=clock.today(), at=10 * 3600))
    assert refused.state == State.REFUSED
    actions.cancel(actor=SYSTEM, booking_id=first.id)
    assert {ride.id for ride in queries.stranded(plan_now())} == {second.id}
