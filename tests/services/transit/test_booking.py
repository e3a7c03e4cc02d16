"""Asking, booking, giving up: on a real engine and a real database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from souto.foundation.audit.models import Entry
from souto.foundation.identity.models import Person
from souto.foundation.notifications.models import Message
from souto.kernel import clock
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import ForbiddenError, HiddenError, NotFoundError
from souto.kernel.lifecycle import TransitionRefusedError
from souto.services.transit import actions, calendar, dispatch, plans, queries
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, BookingStep, ServiceDay
from souto.services.transit.trips import Reason, Trip, When
from tests.services.transit import service

pytestmark = pytest.mark.django_db

NINE = 9 * 3600


def rider() -> Actor:
    """A resident whom the city knows."""
    person = Person()
    person.profile, person.contact = {}, {}
    person.save()
    return Actor(kind=ActorKind.RESIDENT, id=person.id, assurance=2)


def trip(origin: str = "hall", goal: str = "station", *, at: int = NINE, day: date | None = None, **more: Any) -> Trip:
    riders = more.pop("riders", {RiderClass.ADULT: 1})
    return Trip(origin, goal, day or service.tomorrow(), at, riders, **more)


def ask(actor: Actor, asked: Trip | None = None, **more: Any) -> Booking:
    return actions.ask(actor=actor, slug="south", trip=asked or trip(), **more)


def booked(actor: Actor, asked: Trip | None = None) -> Booking:
    found = actions.book(actor=actor, booking_id=ask(actor, asked).id)
    assert found.state == State.BOOKED
    return found


def plan_of(booking: Booking) -> dispatch.Plan:
    return plans.read(ServiceDay.objects.get(pk=booking.day_id))


def seconds(booking: Booking, name: str) -> float:
    return calendar.seconds_into(booking.day.date, getattr(booking, name))


def test_an_offer_names_window_arrival_and_fare_and_books_nothing_yet() -> None:
    service.published()
    found = ask(rider(), trip(riders={RiderClass.ADULT: 1, RiderClass.CHILD: 1}))

    assert (found.state, found.reason, found.fare) == (State.OFFERED, "", 450)
    assert NINE <= seconds(found, "promised_from") < seconds(found, "promised_to") <= NINE + 1800
    assert seconds(found, "promised_to") - seconds(found, "promised_from") <= 600
    assert seconds(found, "promised_arrival") > seconds(found, "promised_to")
    assert dict(plan_of(found).requests) == {}
    assert found.engine_us > 0
    assert found.answer_us > found.engine_us


def test_booking_keeps_what_was_offered_and_tells_the_rider() -> None:
    service.published()
    who = rider()
    offer = ask(who)
    found = actions.book(actor=who, booking_id=offer.id)

    plan = plan_of(found)
    promise = plan.promises[str(found.id)]
    assert dispatch.check(plan).valid
    assert promise.pickup.within(dispatch.Window(seconds(offer, "promised_from"), seconds(offer, "promised_to")))
    assert promise.dropoff.latest <= seconds(offer, "promised_arrival")
    assert found.day.date == service.tomorrow()
    expected = queries.expected(found)
    assert expected is not None
    assert expected.vehicle == "v1"
    assert found.promised_from is not None
    assert found.promised_to is not None
    assert found.promised_from <= expected.pickup <= found.promised_to
    message = Message.objects.get(person_id=who.id)
    assert "予約しました" in message.title
    assert "300円" in message.body
    assert [step.name for step in BookingStep.objects.filter(booking=found)] == ["book"]
    assert Entry.objects.filter(action="transit.book", subject_id=found.id).count() == 1


def test_booking_twice_books_once() -> None:
    service.published()
    who = rider()
    offer = ask(who)
    actions.book(actor=who, booking_id=offer.id)
    before = ServiceDay.objects.get().plan_version
    actions.book(actor=who, booking_id=offer.id)

    assert ServiceDay.objects.get().plan_version == before
    assert BookingStep.objects.count() == Message.objects.count() == 1


def test_what_fails_in_the_middle_leaves_nothing_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    service.published()
    who = rider()
    offer = ask(who)

    with monkeypatch.context() as broken:
        broken.setattr("souto.services.transit.letters.booked", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.book(actor=who, booking_id=offer.id)
    assert Booking.objects.get().state == State.OFFERED
    assert ServiceDay.objects.get().plan_version == 1
    assert dict(plan_of(offer).requests) == {}

    assert actions.book(actor=who, booking_id=offer.id).state == State.BOOKED
    assert list(plan_of(offer).requests) == [str(offer.id)]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"origin": "hall", "goal": "hall"}, Reason.SAME_PLACE),
        ({"origin": "moon"}, Reason.UNKNOWN_STOP),
        ({"riders": {RiderClass.ADULT: 9}}, Reason.PARTY_RULE),
        ({"riders": {RiderClass.ADULT: 5}}, Reason.PARTY),
        ({"riders": {RiderClass.ADULT: 2}, "wheelchairs": 2}, Reason.PARTY),
        ({"riders": {}}, Reason.EMPTY_PARTY),
        ({"at": 5 * 3600}, Reason.HOURS),
        ({"at": 21 * 3600}, Reason.HOURS),
    ],
)
def test_what_can_never_be_is_refused_with_its_reason(asked: dict[str, Any], reason: Reason) -> None:
    service.published()
    found = ask(rider(), trip(**asked))

    assert (found.state, found.reason) == (State.REFUSED, reason)
    assert Booking.objects.get().reason == reason, "the reason is kept as data"


def test_days_that_are_over_closed_or_too_far_are_refused() -> None:
    closed = service.tomorrow()
    service.published(hours={**service.BODY["hours"], "closed": [closed]})
    who = rider()

    past = ask(who, trip(day=clock.today() - timedelta(days=1)))
    far = ask(who, trip(day=clock.today() + timedelta(days=31)))
    shut = ask(who, trip(day=closed))

    assert [found.reason for found in (past, far, shut)] == [Reason.PAST, Reason.TOO_EARLY, Reason.CLOSED]
    proposed = [date.fromisoformat(way["day"]) for way in shut.ways_out]
    assert len(proposed) == 2
    assert closed not in proposed


def test_a_full_vehicle_is_refused_with_a_time_that_works() -> None:
    service.published(booking={**service.BODY["booking"], "search_minutes": 10})
    booked(rider(), trip(riders={RiderClass.ADULT: 4}))
    found = ask(rider(), trip(at=NINE + 120))

    assert (found.state, found.reason) == (State.REFUSED, Reason.CAPACITY)
    later = next(way for way in found.ways_out if way["kind"] == "later")
    again = ask(rider(), trip(at=later["trip"]["at"]))
    assert again.state == State.OFFERED
    assert seconds(again, "promised_to") > NINE + 720


def test_arriving_by_a_time_is_kept() -> None:
    service.published()
    found = booked(rider(), trip(when=When.ARRIVE, at=NINE))

    assert seconds(found, "promised_arrival") <= NINE


def test_there_and_back_are_booked_together() -> None:
    service.published()
    who = rider()
    there = ask(who, back_at=11 * 3600)
    back = Booking.objects.get(return_of=there)
    assert (there.state, back.state) == (State.OFFERED, State.OFFERED)
    assert (back.trip["origin"], back.trip["goal"]) == ("station", "hall")

    actions.book(actor=who, booking_id=there.id)

    back.refresh_from_db()
    assert back.state == State.BOOKED
    plan = plan_of(there)
    assert set(plan.requests) == {str(there.id), str(back.id)}
    assert dispatch.check(plan).valid
    assert Message.objects.count() == 1


def test_giving_up_frees_the_place_once_and_leaves_the_way_back() -> None:
    service.published()
    who = rider()
    there = ask(who, back_at=11 * 3600)
    actions.book(actor=who, booking_id=there.id)

    actions.cancel(actor=who, booking_id=there.id)
    actions.cancel(actor=who, booking_id=there.id)

    back = Booking.objects.get(return_of=there)
    assert list(plan_of(there).requests) == [str(back.id)]
    assert BookingStep.objects.filter(booking=there, name="cancel").count() == 1
    assert not BookingStep.objects.get(booking=there, name="cancel").late
    with pytest.raises(TransitionRefusedError):
        actions.book(actor=who, booking_id=there.id)


def test_a_change_takes_the_old_ride_out_when_the_new_one_is_booked() -> None:
    service.published()
    who = rider()
    old = booked(who)
    new = ask(who, trip(at=14 * 3600), replaces_id=old.id)
    assert list(plan_of(old).requests) == [str(old.id)], "an offer changes nothing"

    actions.book(actor=who, booking_id=new.id)

    old.refresh_from_db()
    assert old.state == State.CANCELLED
    assert list(plan_of(new).requests) == [str(new.id)]
    with pytest.raises(actions.NotReplaceableError):
        ask(who, trip(at=15 * 3600), replaces_id=old.id)


def test_the_last_seat_goes_to_one_and_the_other_gets_an_offer_or_a_reason() -> None:
    service.published()
    first, second = rider(), rider()
    both = {RiderClass.ADULT: 3}
    one, other = ask(first, trip(riders=both)), ask(second, trip(riders=both))
    told = other.promised_from

    assert actions.book(actor=first, booking_id=one.id).state == State.BOOKED
    found = actions.book(actor=second, booking_id=other.id)

    assert found.state in {State.OFFERED, State.REFUSED}
    assert list(plan_of(one).requests) == [str(one.id)]
    if found.state == State.OFFERED:
        assert found.promised_from != told
        assert actions.book(actor=second, booking_id=other.id).state == State.BOOKED
        assert dispatch.check(plan_of(one)).valid
    else:
        assert found.reason


def test_staff_book_for_a_caller_whose_name_and_number_they_write_down() -> None:
    service.published()
    member = Actor(kind=ActorKind.SYSTEM, name="operator")
    with pytest.raises(actions.ContactMissingError):
        ask(member)
    found = ask(member, contact={"name": "川口 ハル", "phone": "042-000-0000"})

    kept = actions.book(actor=member, booking_id=found.id)

    assert (kept.channel, kept.person_id) == (Booking.Channel.PHONE, None)
    assert kept.contact == {"name": "川口 ハル", "phone": "042-000-0000"}
    assert b"\xe5\xb7\x9d\xe5\x8f\xa3" not in bytes(kept.contact_sealed), "who rides is sealed"
    assert Message.objects.count() == 0


@pytest.mark.parametrize("who", ["stranger", "anonymous", "officer", "publisher"])
def test_a_ride_is_nobody_elses_business(who: str) -> None:
    service.published()
    owner = rider()
    found = booked(owner)
    caller = {
        "stranger": rider(),
        "anonymous": Actor.anonymous(),
        "officer": service.staff("casework.view"),
        "publisher": service.staff("transit.publish"),
    }[who]
    before = ServiceDay.objects.get().plan_version

    for attempt in (
        lambda: queries.access_booking(actor=caller, booking_id=found.id),
        lambda: actions.cancel(actor=caller, booking_id=found.id),
        lambda: actions.book(actor=caller, booking_id=found.id),
    ):
        with pytest.raises(HiddenError):
            attempt()
    assert list(queries.bookings_of(actor=caller)) == []
    found.refresh_from_db()
    assert (found.state, ServiceDay.objects.get().plan_version) == (State.BOOKED, before)
    assert [kept.id for kept in queries.bookings_of(actor=owner)] == [found.id]


def test_anonymous_visitors_and_staff_without_the_permission_ask_for_nothing() -> None:
    service.published()
    for caller in (Actor.anonymous(), service.staff("transit.publish")):
        with pytest.raises(ForbiddenError):
            ask(caller, contact={"name": "川口", "phone": "042"})
    assert Booking.objects.count() == 0
    with pytest.raises(NotFoundError):
        actions.ask(actor=rider(), slug="north", trip=trip())
    with pytest.raises(NotFoundError):
        queries.access_booking(actor=service.SYSTEM, booking_id=UUID(int=1))


def test_one_person_holds_a_limited_number_of_rides() -> None:
    service.published(booking={**service.BODY["booking"], "open_bookings": 1})
    who = rider()
    booked(who)

    assert ask(who, trip(at=15 * 3600)).reason == Reason.TOO_MANY


def test_a_process_that_knows_nothing_reads_the_same_plan_from_the_row() -> None:
    service.published()
    found = booked(rider())
    cached = plan_of(found)
    plans._cache.clear()

    assert plan_of(found) == cached


def test_a_plan_that_was_computed_on_an_older_row_is_not_stored() -> None:
    service.published()
    stale = ask(rider()).day
    empty = plans.read(stale)
    found = booked(rider())

    with transaction.atomic():
        assert plans.swap(stale, empty) is False
    assert list(plan_of(found).requests) == [str(found.id)]


def test_the_shift_ends_before_riders_would_arrive() -> None:
    service.published(vehicles=[{**service.BODY["vehicles"][0], "ends": "12:00"}])
    found = ask(rider(), trip(at=12 * 3600 - 120))

    assert (found.state, found.reason) == (State.REFUSED, Reason.SHIFT)
    assert found.ways_out, "an earlier time is proposed"
    assert ask(rider(), trip(at=found.ways_out[0]["trip"]["at"])).state == State.OFFERED


def test_steps_are_never_rewritten() -> None:
    service.published()
    booked(rider())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BookingStep.objects.update(late=True)
