"""The demo's running day: made-up people and vehicles, through the actions of everybody."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from souto.demo.traffic import driving
from souto.demo.traffic.day import look
from souto.demo.traffic.driving import drive as drive_all
from souto.demo.traffic.riding import book_rides
from souto.foundation.identity import actions as identity
from souto.foundation.identity import queries as people
from souto.foundation.identity.roles import Role
from souto.kernel import clock
from souto.services.transit import actions, dispatch, plans, queries
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, EventKind, ServiceDay, VehicleEvent
from tests.services.transit import service
from tests.services.transit.running import TWO, SetClock, at, said, tell

#: Each look is a transaction of its own, as in the demo: hundreds of them inside one would be slow, and hold back others.
pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["at"]


def today() -> ServiceDay:
    """The row as it stands."""
    return ServiceDay.objects.select_related("version").get()


def drive(day: ServiceDay) -> int:
    return drive_all("south", day.date, queries.rehearse(day))


@pytest.mark.parametrize("absent", [driving.ABSENT, 3, 2])
def test_people_book_and_vehicles_bring_them_where_they_want(
    at: SetClock, monkeypatch: pytest.MonkeyPatch, absent: int
) -> None:
    monkeypatch.setattr(driving, "ABSENT", absent)
    version = service.published(vehicles=TWO)
    at("9:00")
    plans.day_of(version, clock.today())
    dice = random.Random(7)
    assert book_rides(today(), dice) > 0
    assert book_rides(today(), dice) + book_rides(today(), dice) < 9  # enough to do is enough
    booked = Booking.objects.filter(state=State.BOOKED).count()
    for minute in range(0, 200, 2):
        at(f"{9 + minute // 60}:{minute % 60:02d}")
        while drive(today()):
            pass
        assert dispatch.check(plans.read(today())).violations == ()
    ended = Booking.objects.filter(state__in=[State.COMPLETED, State.NO_SHOW])
    assert ended.count() == booked
    assert all(ride.boarded_at <= ride.promised_to + timedelta(minutes=2) for ride in ended if ride.boarded_at)
    assert queries.strays(today()) == []
    assert all(vehicle.reported for vehicle in queries.vehicles_now(today()))


def test_a_vehicle_waits_for_who_is_not_there_says_so_once_and_goes_on(
    at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "ABSENT", 1)  # nobody is there
    version = service.published()
    at("9:00")
    plans.day_of(version, clock.today())
    book_rides(today(), random.Random(7))
    first = Booking.objects.filter(state=State.BOOKED).earliest("promised_from")
    drive(today())
    at((clock.local(first.promised_from) + timedelta(minutes=2)).strftime("%H:%M"))
    drive(today())
    assert VehicleEvent.objects.filter(kind=EventKind.ARRIVED, booking=first).exists()

    assert drive(today()) == 0  # it stands there; saying so again would never end

    at((clock.local(first.promised_from) + timedelta(minutes=15)).strftime("%H:%M"))
    assert drive(today()) > 0
    first.refresh_from_db()
    assert first.state == State.NO_SHOW


def test_what_was_missed_while_the_demo_stood_still_is_driven_as_planned(at: SetClock) -> None:
    version = service.published()
    at("9:00")
    plans.day_of(version, clock.today())
    book_rides(today(), random.Random(3))
    at("15:00")
    while drive(today()):
        pass
    for ride in Booking.objects.filter(state=State.COMPLETED):
        assert ride.boarded_at is not None
        assert ride.promised_to is not None
        assert ride.boarded_at <= ride.promised_to + timedelta(minutes=2)
    assert not Booking.objects.filter(state=State.BOOKED).exists()


def test_a_vehicle_that_somebody_drives_is_left_to_her(at: SetClock) -> None:
    version = service.published(vehicles=TWO)
    identity.create_department(actor=service.SYSTEM, code="transport", name="交通", name_en="", name_easy="", phone="", hours="", place="", order=1)  # fmt: skip
    driver = identity.create_staff(actor=service.SYSTEM, number="T1", name="運転　花子", is_demo=True)
    identity.add_membership(actor=service.SYSTEM, staff_id=driver.id, department_code="transport", role=Role.DRIVER)
    now = at("9:00")
    plans.day_of(version, clock.today())
    tell(said(EventKind.BEGAN, now), actor=people.actor_for_staff(driver))
    book_rides(today(), random.Random(5))
    for minute in range(0, 120, 5):
        at(f"{9 + minute // 60}:{minute % 60:02d}")
        drive(today())
    assert set(VehicleEvent.objects.filter(vehicle="v1").values_list("staff", flat=True)) == {driver.id}
    assert VehicleEvent.objects.filter(vehicle="v2").exists()


def test_made_up_callers_have_numbers_that_reach_nobody(at: SetClock) -> None:
    version = service.published()
    at("9:00")
    row = plans.day_of(version, clock.today())
    book_rides(row, random.Random(1))
    contacts = [ride.contact for ride in Booking.objects.all()]
    assert contacts
    assert all(contact is not None and contact["phone"].startswith("000-0000-") for contact in contacts)
    assert actions.improve(actor=service.SYSTEM, budget=0.1) >= 0


def test_only_samples_have_made_up_traffic(at: SetClock) -> None:
    service.published()
    at("9:00")
    assert look(random.Random(1)) == (0, 0)
    assert not Booking.objects.exists()
    booked, sent = look(random.Random(1), samples=False)
    assert booked > 0
    assert sent > 0
