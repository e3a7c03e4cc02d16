"""The running day: where vehicles are, what they do next, which promises are at risk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.services.transit import calendar, plans
from souto.services.transit.models import Booking, EventKind, ServiceDay, VehicleEvent, VehiclePosition
from souto.services.transit.queries.bookings import OPERATE
from souto.services.transit.queries.services import published_on

if TYPE_CHECKING:
    from souto.services.transit import dispatch
    from souto.services.transit.definition import ServiceDefinition, Stop

#: What drivers need.
DRIVE = "transit.drive"
#: A vehicle on duty that says nothing for so long is silent.
SILENT = timedelta(minutes=10)
#: A position older than this is not where the vehicle is.
FRESH = timedelta(minutes=3)
#: A promise with less room than this is at risk, seconds.
RISK = 120.0


def access_vehicle(*, actor: Actor, slug: str, day: date, vehicle: str) -> ServiceDay:
    """The service day of a vehicle, for drivers and dispatchers; made where nobody has booked yet.

    Raises `ForbiddenError`, `NotFoundError` (no such service on that day, or no such vehicle).
    """
    if not (actor.may(DRIVE) or actor.may(OPERATE)):
        raise ForbiddenError
    version = published_on(slug=slug, day=day)
    row = plans.day_of(version, day)
    if row.version.definition.vehicle(vehicle) is None or row.forgotten_at is not None:
        raise NotFoundError
    return row


def access_day(*, actor: Actor, slug: str, day: date) -> ServiceDay:
    """A service day for dispatchers; made where nobody has booked yet. Raises `ForbiddenError`, `NotFoundError`."""
    actor.require(OPERATE)
    row = plans.day_of(published_on(slug=slug, day=day), day)
    if row.forgotten_at is not None:
        raise NotFoundError
    return row


class Doing(StrEnum):
    """What a vehicle is doing."""

    WAITING = "waiting"
    """Not on duty yet."""
    READY = "ready"
    """On duty, nothing to drive to now."""
    DRIVING = "driving"
    AT_STOP = "at_stop"
    RESTING = "resting"
    BROKEN = "broken"
    """Broken down, as its driver or a dispatcher said."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Planned:
    """A call of a vehicle as it stands. `kind`: pickup, dropoff or break; `expected`: when service begins (for `done` ones: began); `until`: the latest moment promised;
    `room`: seconds between the two, negative where the promise will not be kept.
    """

    kind: str
    booking: UUID | None
    stop: str
    expected: datetime
    since: datetime | None
    until: datetime | None
    room: float
    done: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class VehicleNow:
    """A vehicle at this moment. `lat`, `lon` in degrees, `reported` where its tablet said so just now, else worked out from the plan; `aboard`: rides; `late`: seconds
    by which its next call is later than planned at most; `heard`: when it last said anything.
    """

    code: str
    doing: Doing
    lat: float
    lon: float
    reported: bool
    heard: datetime | None
    silent: bool
    closed: bool
    trouble: bool
    aboard: tuple[UUID, ...]
    calls: tuple[Planned, ...]
    late: float

    @property
    def next(self) -> Planned | None:
        """The call that comes next."""
        return next((call for call in self.calls if not call.done), None)


def vehicles_now(day: ServiceDay, plan: dispatch.Plan | None = None) -> list[VehicleNow]:
    """Every vehicle of a service day as things stand. The caller has passed a gate."""
    plan = plans.read(day) if plan is None else plan
    said: dict[str, list[VehicleEvent]] = {}
    for event in VehicleEvent.objects.filter(day=day).order_by("at", "id"):
        said.setdefault(event.vehicle, []).append(event)
    places = {place.vehicle: place for place in VehiclePosition.objects.filter(day=day)}
    return [
        _now(day, plan, number, said.get(vehicle.id, []), places.get(vehicle.id))
        for number, vehicle in enumerate(plan.vehicles)
    ]


def fresh_places(day: ServiceDay) -> list[VehiclePosition]:
    """Where the vehicles of a day said that they are, as long as that is news. The caller has passed a gate."""
    return list(VehiclePosition.objects.filter(day=day, at__gte=clock.now() - FRESH).order_by("vehicle"))


def _now(
    day: ServiceDay,
    plan: dispatch.Plan,
    number: int,
    said: list[VehicleEvent],
    place: VehiclePosition | None,
) -> VehicleNow:
    vehicle = plan.vehicles[number]
    calls = planned(day, plan, number)
    now = clock.now()
    heard = max([event.received_at for event in said] + ([place.at] if place else []), default=None)
    trouble = any(event.kind == EventKind.BROKE_DOWN for event in said)
    doing = _doing(plan, number, said)
    fresh = place is not None and now - place.at <= FRESH
    lat, lon = (place.lat, place.lon) if place is not None and fresh else worked_out(day, plan, number)
    on_duty = doing in {Doing.READY, Doing.DRIVING, Doing.AT_STOP, Doing.RESTING} or _due(day, plan, number)
    last = heard or calendar.instant_at(day.date, vehicle.shift.earliest)
    return VehicleNow(
        code=vehicle.id,
        doing=doing,
        lat=lat,
        lon=lon,
        reported=fresh,
        heard=heard,
        silent=on_duty and doing is not Doing.RESTING and now - last > SILENT,
        closed=vehicle.closed,
        trouble=trouble,
        aboard=_aboard(calls),
        calls=calls,
        late=max((-call.room for call in calls if not call.done and call.until is not None), default=0.0),
    )


def _aboard(calls: tuple[Planned, ...]) -> tuple[UUID, ...]:
    on = dict.fromkeys(call.booking for call in calls if call.done and call.kind == "pickup" and call.booking)
    off = {call.booking for call in calls if call.done and call.kind == "dropoff"}
    return tuple(key for key in on if key not in off)


def _due(day: ServiceDay, plan: dispatch.Plan, number: int) -> bool:
    """Whether a vehicle should be on the road by now: it has a call that it had to leave for."""
    route = plan.routes[number]
    return day.date == clock.today() and route.fixed > len(route.began)


def _doing(plan: dispatch.Plan, number: int, said: list[VehicleEvent]) -> Doing:
    if plan.vehicles[number].closed or any(event.kind == EventKind.BROKE_DOWN for event in said):
        return Doing.BROKEN
    last = said[-1].kind if said else None
    if last is None:
        return Doing.WAITING
    if last == EventKind.ENDED:
        return Doing.DONE
    if last == EventKind.BREAK_BEGAN:
        return Doing.RESTING
    if last == EventKind.ARRIVED:
        return Doing.AT_STOP
    route = plan.routes[number]
    return Doing.DRIVING if route.fixed > len(route.began) else Doing.READY


def planned(day: ServiceDay, plan: dispatch.Plan, number: int) -> tuple[Planned, ...]:
    """The calls of a vehicle with their moments. First legs of a vehicle that broke down count for their riders."""
    from souto.services.transit.dispatch import CallKind, timetable

    vehicle, route = plan.vehicles[number], plan.routes[number]
    moments = timetable(plan, number).calls
    found = []
    for k, (call, moment) in enumerate(zip(route.calls, moments, strict=True)):
        visit = plan.visit(call, vehicle)
        resting = call.kind is CallKind.BREAK
        limit = visit.window.latest
        found.append(
            Planned(
                kind=call.kind.value,
                booking=None if resting else UUID(call.id.partition("@")[0]),
                stop=visit.place,
                expected=calendar.instant_at(day.date, moment),
                since=calendar.instant_at(day.date, visit.window.earliest)
                if call.kind is CallKind.PICKUP and math.isfinite(visit.window.earliest)
                else None,
                until=calendar.instant_at(day.date, limit) if math.isfinite(limit) else None,
                room=limit - moment,
                done=k < len(route.began),
                fixed=k < route.fixed,
            )
        )
    return tuple(found)


def worked_out(day: ServiceDay, plan: dispatch.Plan, number: int) -> tuple[float, float]:
    """Where a vehicle should be by the plan: on the straight line between two stops, as far as the time has come."""
    from souto.services.transit.dispatch import leaves, timetable

    definition = day.version.definition
    vehicle, route = plan.vehicles[number], plan.routes[number]
    done = len(route.began)
    here = plan.visit(route.calls[done - 1], vehicle).place if done else vehicle.start
    begin = _place(definition, here)
    if done == len(route.calls):
        return begin
    end = _place(definition, plan.visit(route.calls[done], vehicle).place)
    left, arrives = leaves(plan, number), timetable(plan, number).calls[done]
    share = 0.0 if arrives <= left else min(1.0, max(0.0, (plan.now - left) / (arrives - left)))
    return begin[0] + share * (end[0] - begin[0]), begin[1] + share * (end[1] - begin[1])


def _place(definition: ServiceDefinition, code: str) -> tuple[float, float]:
    stop = definition.stop(code)
    if stop is None:
        raise NotFoundError
    return stop.lat, stop.lon


def stands_at(day: ServiceDay, plan: dispatch.Plan, vehicle: str) -> str:
    """The stop nearest to where a vehicle is."""
    number = plan.position(vehicle)
    definition = day.version.definition
    place = VehiclePosition.objects.filter(day=day, vehicle=vehicle, at__gte=clock.now() - SILENT).first()
    lat, lon = (place.lat, place.lon) if place else worked_out(day, plan, number)

    def far(stop: Stop) -> float:
        return (stop.lat - lat) ** 2 + ((stop.lon - lon) * math.cos(math.radians(lat))) ** 2

    return min(definition.stops, key=far).code


@dataclass(frozen=True, slots=True)
class Risk:
    """A promise that may break: whose, by which vehicle, which end, and the room that is left in seconds (negative: it will be late by so much)."""

    booking: UUID
    vehicle: str
    call: Planned


def at_risk(vehicles: list[VehicleNow]) -> list[Risk]:
    """Promises with little room, the worst first; of a silent vehicle all that are due within the hour."""
    now = clock.now()
    found = []
    for vehicle in vehicles:
        for call in vehicle.calls:
            if call.done or call.booking is None or call.until is None:
                continue
            soon = call.until - now < timedelta(hours=1)
            if (call.room < (RISK if call.kind == "pickup" else 0.0) and soon) or (vehicle.silent and soon):
                found.append(Risk(call.booking, vehicle.code, call))
    return sorted(found, key=lambda risk: risk.call.room)


def stranded(plan: dispatch.Plan) -> list[Booking]:
    """Booked rides that no vehicle fetches."""
    return list(Booking.objects.filter(pk__in=[UUID(key) for key in plan.unserved]).order_by("promised_from"))


def strays(day: ServiceDay) -> list[VehicleEvent]:
    """Reports that do not go with the plan: of a rider whom another vehicle carried, or after a vehicle had broken down."""
    rows = (
        VehicleEvent.objects.filter(day=day, kind__in=[EventKind.BOARDED, EventKind.ALIGHTED])
        .select_related("booking")
        .order_by("at")
    )
    broken = set(VehicleEvent.objects.filter(day=day, kind=EventKind.BROKE_DOWN).values_list("vehicle", flat=True))
    return [
        event
        for event in rows
        if event.booking is not None
        and event.vehicle != event.booking.carried_by
        and event.booking.carried_by not in broken
    ]
