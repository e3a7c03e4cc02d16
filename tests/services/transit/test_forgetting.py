"""A rider's movements are kept as long as the service says, then only counts remain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from souto.foundation.audit.models import Entry
from souto.foundation.vault.keys import KeyDestroyedError
from souto.kernel import clock
from souto.kernel.jobs import registered
from souto.kernel.measures import Period, find
from souto.services.transit import actions, queries
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, ServiceDay, VehiclePosition
from tests.services.transit import service
from tests.services.transit.test_booking import ask, booked, rider, trip
from tests.services.transit.test_phone_desk import called

pytestmark = pytest.mark.django_db


def aged(days: int) -> ServiceDay:
    """The one service day, moved into the past."""
    day = ServiceDay.objects.get()
    day.date = clock.today() - timedelta(days=days)
    day.save(update_fields=["date"])
    return day


def destroy_deferred(*keys: object) -> None:
    for key in keys:
        registered()["transit.destroy_key"].run(key_id=str(key))


def test_after_the_retention_neither_person_nor_places_are_left() -> None:
    service.published()
    who = rider()
    found = booked(who)
    day = aged(31)
    VehiclePosition.objects.create(day=day, vehicle="v1", lat=35.66, lon=139.32, at=clock.now())

    assert actions.forget(actor=service.SYSTEM) == 1
    assert not VehiclePosition.objects.exists()
    destroy_deferred(found.key_id, day.key_id)

    kept = Booking.objects.get()
    assert (kept.person_id, kept.state, kept.fare) == (None, State.BOOKED, 300)
    for read in (lambda: kept.trip, lambda: kept.contact, lambda: ServiceDay.objects.get().plan):
        with pytest.raises(KeyDestroyedError):
            read()
    assert list(queries.bookings_of(actor=who)) == []
    assert queries.expected(kept) is None
    assert Entry.objects.filter(action="transit.forget").count() == 1
    assert actions.forget(actor=service.SYSTEM) == 0
    period = Period(day.date, day.date)
    assert find("transit.rides").compute(period, None, actor=service.SYSTEM).value == 1


def test_a_forgotten_caller_is_not_known_by_her_number_any_more() -> None:
    service.published()
    operator = service.staff(queries.OPERATE)
    called()
    assert queries.caller(actor=operator, phone="0426200001").names == ("佐藤 ハナ",)
    aged(31)

    actions.forget(actor=service.SYSTEM)

    assert Booking.objects.get().phone_key is None
    assert queries.caller(actor=operator, phone="0426200001").names == ()


def test_until_then_everything_stays_and_its_key_too() -> None:
    service.published()
    who = rider()
    found = booked(who)
    day = aged(30)

    assert actions.forget(actor=service.SYSTEM) == 0
    destroy_deferred(found.key_id, day.key_id)
    assert Booking.objects.get().trip["origin"] == "hall"
    assert [kept.id for kept in queries.bookings_of(actor=who)] == [found.id]


def test_offers_that_nobody_took_are_removed_with_their_trips_back() -> None:
    service.published()
    ask(rider(), back_at=11 * 3600)
    fresh = ask(rider())
    Booking.objects.exclude(id=fresh.id).update(asked_at=clock.now() - timedelta(days=2))

    actions.forget(actor=service.SYSTEM)
    actions.forget(actor=service.SYSTEM)

    assert [kept.id for kept in Booking.objects.all()] == [fresh.id]


def test_refusals_are_counted_against_what_was_asked() -> None:
    service.published()
    booked(rider())
    ask(rider(), trip("hall", "hall"))
    ask(rider())
    today = Period(clock.today(), clock.today())
    found = find("transit.refused_share").compute(today, None, actor=service.SYSTEM)

    assert (found.numerator, found.denominator, list(found.rows)) == (1, 2, [])
