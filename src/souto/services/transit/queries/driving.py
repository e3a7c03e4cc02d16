"""What the driver of a vehicle needs to know: who is on duty where, and the day's list of a vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from souto.foundation.identity import queries as people
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.services.transit.definition import Payment
from souto.services.transit.models import (
    Booking,
    DroppedReport,
    EventKind,
    FareCollection,
    ServiceDay,
    VehicleEvent,
)
from souto.services.transit.queries.bookings import OPERATE
from souto.services.transit.queries.fares import FareState, fare_of
from souto.services.transit.queries.passengers import Passenger, passengers
from souto.services.transit.queries.running import Doing, VehicleNow, vehicles_now


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty in a vehicle (乗務), and since when. `staff_id` is None where no member of staff said so."""

    staff_id: UUID | None
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of a vehicle as its driver sees it.

    `duty`: who is on duty; None: nobody. `resting_since` and `rest_minutes`: the break that is being taken and how long it is to be; the second is None for a break beyond the plan.
    `pay`: of riders whose ride costs something, whether the driver has to take the fare (`due`), has taken it (`taken`), or it is paid (`paid`). `at_stop`: calls (booking, kind) at whose stop the vehicle has said to be.
    """

    vehicle: VehicleNow
    duty: Duty | None
    resting_since: datetime | None
    rest_minutes: int | None
    at_stop: frozenset[tuple[UUID, str]]
    riders: Mapping[UUID, Passenger]
    pay: Mapping[UUID, str]


def on_duty(day: ServiceDay) -> dict[str, Duty]:
    """Who is on duty in which vehicle. The caller has passed a gate."""
    last: dict[str, VehicleEvent] = {}
    for event in VehicleEvent.objects.filter(day=day, kind__in=[EventKind.BEGAN, EventKind.ENDED]).order_by("at", "id"):
        last[event.vehicle] = event
    began = {code: event for code, event in last.items() if event.kind == EventKind.BEGAN}
    names = people.staff_names(event.staff_id for event in began.values() if event.staff_id)
    return {
        code: Duty(event.staff_id, names.get(event.staff_id, "") if event.staff_id else "", event.at)
        for code, event in began.items()
    }


def sheet(day: ServiceDay, vehicle: str) -> Sheet:
    """The day's list of a vehicle. The caller has passed `access_vehicle`. Raises `NotFoundError` where the plan has no such vehicle."""
    now = next((one for one in vehicles_now(day) if one.code == vehicle), None)
    rule = day.version.definition.vehicle(vehicle)
    if now is None or rule is None:
        raise NotFoundError
    said = list(VehicleEvent.objects.filter(day=day, vehicle=vehicle).order_by("at", "id"))
    rests = [event.at for event in said if event.kind == EventKind.BREAK_BEGAN]
    planned = sorted(rule.breaks, key=lambda rest: (rest.earliest, rest.latest))
    resting = now.doing is Doing.RESTING and bool(rests)
    return Sheet(
        vehicle=now,
        duty=on_duty(day).get(vehicle),
        resting_since=rests[-1] if resting else None,
        rest_minutes=planned[len(rests) - 1].minutes if resting and len(rests) <= len(planned) else None,
        at_stop=frozenset(_met(said)),
        riders=passengers(day),
        pay=_pay(day, {call.booking for call in now.calls if call.booking}),
    )


def _pay(day: ServiceDay, bookings: set[UUID]) -> dict[UUID, str]:
    """Whether fares are still to be taken on board: asked of the charges only where fares are charged at all."""
    rides = Booking.objects.filter(pk__in=bookings, fare__gt=0, forgotten_at=None)
    taken = set(FareCollection.objects.filter(booking__in=bookings).values_list("booking_id", flat=True))
    if day.version.definition.fares.payment is Payment.ON_BOARD:
        return {key: "taken" if key in taken else "due" for key in rides.values_list("id", flat=True)}
    found = {}
    for ride in rides.select_related("day__version", "replaces"):
        state = fare_of(ride).state
        if state is FareState.PAID:
            found[ride.id] = "paid"
        elif state is FareState.COLLECTED:
            found[ride.id] = "taken"
        elif state in {FareState.OWED, FareState.ON_BOARD}:
            found[ride.id] = "due"
    return found


def _met(said: list[VehicleEvent]) -> set[tuple[UUID, str]]:
    """Arrivals by call: before the rider got on it was the pickup's, after that the drop-off's."""
    aboard: set[UUID] = set()
    found: set[tuple[UUID, str]] = set()
    for event in said:
        if event.booking_id is None:
            continue
        if event.kind == EventKind.BOARDED:
            aboard.add(event.booking_id)
        elif event.kind == EventKind.ARRIVED:
            found.add((event.booking_id, "dropoff" if event.booking_id in aboard else "pickup"))
    return found


def dropped_reports(*, actor: Actor, limit: int = 50) -> list[DroppedReport]:
    """Reports that could not be taken in and that their driver gave up, newest first, for dispatchers. Raises `ForbiddenError`."""
    actor.require(OPERATE)
    rows = DroppedReport.objects.select_related("day__version__service", "staff").order_by("-dropped_at")
    return list(rows[:limit])
