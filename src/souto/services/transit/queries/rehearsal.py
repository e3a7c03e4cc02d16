"""What vehicles would report by the plan: for a demo's made-up drivers, and to try a service out before it begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from souto.kernel import clock
from souto.services.transit import calendar, plans
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, EventKind, ServiceDay, VehicleEvent
from souto.services.transit.queries.running import vehicles_now, worked_out
from souto.services.transit.queries.services import services_on

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: Seconds of a promise that nobody dawdles away.
MARGIN = 90.0


@dataclass(frozen=True, slots=True)
class Due:
    """What a vehicle does next by the plan; `room`: seconds that it may take longer without breaking a promise, to whoever comes after either; `there`: it has said that it is at the stop."""

    kind: EventKind
    at: datetime
    booking: UUID | None = None
    room: float = 0.0
    there: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A vehicle without a driver of flesh and blood: what it does next, where it is by the plan (degrees), and whether it has just said so."""

    code: str
    next: tuple[Due, ...]
    lat: float
    lon: float
    heard: datetime | None


def running_days(*, samples: bool) -> list[ServiceDay]:
    """Today's rows of the services that run today; `samples`: those that are samples (見本), else the others."""
    today = clock.today()
    return [
        plans.day_of(version, today)
        for version in services_on(day=today)
        if version.is_demo == samples and calendar.why_closed(version.definition.hours, today) is None
    ]


def rides_ahead(day: ServiceDay) -> int:
    """Booked rides of a day whose vehicle has not come yet."""
    return Booking.objects.filter(day=day, state=State.BOOKED, promised_from__gte=clock.now()).count()


def rehearse(day: ServiceDay) -> list[Rehearsed]:
    """Vehicles on duty that no signed-in driver has, with what is next for them; as planned, however late it is by now."""
    day = ServiceDay.objects.select_related("version").get(pk=day.pk)
    said: dict[str, list[VehicleEvent]] = {}
    for event in VehicleEvent.objects.filter(day=day).order_by("at", "id"):
        said.setdefault(event.vehicle, []).append(event)
    now, plan = clock.now(), plans.read(day)
    heard = {vehicle.code: vehicle.heard for vehicle in vehicles_now(day, plan)}
    found = []
    for number, vehicle in enumerate(plan.vehicles):
        mine = said.get(vehicle.id, [])
        driven = any(event.staff_id is not None or event.kind == EventKind.ENDED for event in mine)
        if driven or vehicle.closed or now < calendar.instant_at(day.date, vehicle.shift.earliest):
            continue
        due = _due(day, plan, number, mine)
        found.append(Rehearsed(vehicle.id, tuple(due), *worked_out(day, plan, number), heard[vehicle.id]))
    return found


def _due(day: ServiceDay, plan: dispatch.Plan, number: int, said: list[VehicleEvent]) -> list[Due]:
    from souto.services.transit.dispatch import CallKind, timetable

    vehicle, route = plan.vehicles[number], plan.routes[number]
    found = [] if said else [Due(EventKind.BEGAN, calendar.instant_at(day.date, vehicle.shift.earliest))]
    done = len(route.began)
    if done == len(route.calls):
        end = calendar.instant_at(day.date, vehicle.shift.latest)
        return [*found, Due(EventKind.ENDED, end)] if clock.now() >= end else found
    # As planned: what was missed meanwhile happens as if nothing had been.
    then = replace(plan, now=max([vehicle.shift.earliest, *route.began[-1:]]), _memory={})
    moments = timetable(then, number).calls
    call, moment = route.calls[done], moments[done]
    at = calendar.instant_at(day.date, moment)
    if call.kind is CallKind.BREAK:
        rest = next(rest for rest in vehicle.breaks if rest.id == call.id)
        found.append(Due(EventKind.BREAK_BEGAN, at))
        return [*found, Due(EventKind.BREAK_ENDED, at + timedelta(seconds=rest.duration))]
    kind = EventKind.BOARDED if call.kind is CallKind.PICKUP else EventKind.ALIGHTED
    left = (plan.visit(one, vehicle).window.latest - moments[n] for n, one in enumerate(route.calls[done:], done))
    room = max(0.0, min(left) - MARGIN)
    booking = UUID(call.id.partition("@")[0])
    there = any(event.kind == EventKind.ARRIVED and event.booking_id == booking for event in said)
    return [*found, Due(kind, at, booking, room, there)]
