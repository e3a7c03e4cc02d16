"""The gate of bookings, and what people see of theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.transit import calendar, plans
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import RIDES, State
from souto.services.transit.models import Booking, ServiceDay
from souto.services.transit.trips import Trip, When

#: What staff need to see and take bookings of others.
OPERATE = "transit.operate"


def access_booking(*, actor: Actor, booking_id: UUID, lock: bool = False) -> Booking:
    """A booking, for its rider, for staff who take bookings, and for the system. `lock`: hold the row to the end of the transaction.

    Raises `NotFoundError` and `HiddenError`.
    """
    rows = Booking.objects.select_for_update(of=("self",)) if lock else Booking.objects
    found = rows.select_related("day__version__service").filter(pk=booking_id).first()
    if found is None:
        raise NotFoundError
    own = actor.is_resident and found.person_id is not None and found.person_id == actor.id
    if not own and not (actor.is_system or (actor.is_staff and actor.may(OPERATE))):
        raise HiddenError("transit.booking", booking_id)
    return found


def access_ride(*, booking_id: UUID) -> Booking:
    """A booking with its row held to the end of the transaction, for those who run the service; the caller has checked the permission."""
    found = Booking.objects.select_for_update(of=("self",)).select_related("day__version").filter(pk=booking_id).first()
    if found is None:
        raise NotFoundError
    return found


def bookings_of(*, actor: Actor) -> QuerySet[Booking]:
    """The signed-in resident's own bookings, soonest first; offers that were not taken are none."""
    if not actor.is_resident or actor.id is None:
        return Booking.objects.none()
    return (
        Booking.objects.filter(
            person_id=actor.id, state__in=[*RIDES, State.NO_SHOW, State.CANCELLED], forgotten_at__isnull=True
        )
        .select_related("day__version__service")
        .order_by("promised_from")
    )


def open_bookings(*, person_id: UUID) -> int:
    """How many rides a person has booked that are still to come."""
    return Booking.objects.filter(person_id=person_id, state=State.BOOKED, promised_to__gte=clock.now()).count()


def way_back(booking: Booking) -> Booking | None:
    """The trip back that was asked for together with a booking; the caller has passed its gate."""
    return Booking.objects.select_related("day__version__service").filter(return_of=booking).first()


def trip_of(booking: Booking) -> Trip:
    """What was asked for; the caller has passed the booking's gate."""
    row = booking.trip
    return Trip(
        origin=row["origin"],
        goal=row["goal"],
        day=booking.day.date,
        at=row["at"],
        riders={RiderClass(kind): number for kind, number in booking.riders.items()},
        when=When(row["when"]),
        wheelchairs=booking.wheelchairs,
        walk_from=row.get("walk_from"),
        walk_to=row.get("walk_to"),
    )


def trip_instead(refused: Booking, number: int) -> Trip:
    """The trip behind the way out of a refusal with this number; the caller has passed the booking's gate. Raises `NotFoundError`: there is no such way."""
    ways = refused.ways_out
    if number >= len(ways):
        raise NotFoundError
    way = ways[number]
    row = way["trip"]
    return replace(
        trip_of(refused),
        origin=row["origin"],
        goal=row["goal"],
        at=row["at"],
        when=When(row["when"]),
        day=date.fromisoformat(way["day"]) if "day" in way else refused.day.date,
        walk_from=row.get("walk_from"),
        walk_to=row.get("walk_to"),
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """What the plan says of a booked ride as things stand: vehicle code, pickup and arrival."""

    vehicle: str
    pickup: datetime
    arrival: datetime


def expected(booking: Booking) -> Expected | None:
    """When the vehicle of a booked ride is expected; None where the plan has none. The caller has passed the booking's gate."""
    from souto.services.transit.dispatch import CallKind
    from souto.services.transit.dispatch.schedule import timetable

    day = ServiceDay.objects.get(pk=booking.day_id)
    if booking.state not in {State.BOOKED, State.ABOARD} or day.forgotten_at is not None:
        return None
    plan = plans.read(day)
    key = str(booking.id)
    route = plan.route_of(key)
    if route is None:
        return None
    moments = dict(zip(route.calls, timetable(plan, plan.position(route.vehicle)).calls, strict=True))
    at = {call.kind: moment for call, moment in moments.items() if call.id == key}
    return Expected(
        vehicle=route.vehicle,
        pickup=calendar.instant_at(day.date, at[CallKind.PICKUP]),
        arrival=calendar.instant_at(day.date, at[CallKind.DROPOFF]),
    )
