"""Vehicles of the demo, driven by the plan."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.transit import actions, calendar, dispatch, plans, queries
from souto.services.transit.models import EventKind, ServiceDay, VehicleEvent

SYSTEM = Actor.system("demo.traffic")
#: One rider in so many is not there.
ABSENT = 40
#: A vehicle waits so long for who is not there.
PATIENCE = timedelta(minutes=3)
#: Seconds of a promise that nobody dawdles away.
MARGIN = 90.0


@dataclass(frozen=True, slots=True)
class _Moment:
    """Something that happens at a vehicle."""

    kind: EventKind
    at: datetime
    booking: UUID | None = None

    def report(self, day: ServiceDay, vehicle: str) -> actions.Report:
        """With an id that is the same each time, so that nothing is said twice."""
        key = uuid5(NAMESPACE_URL, f"{day.id}/{vehicle}/{self.kind}/{self.booking or self.at.isoformat()}")
        return actions.Report(key, self.kind, self.at, self.booking)


def drive(day: ServiceDay) -> int:
    """Let every vehicle of a service day do what is due; how many reports were sent. Vehicles of signed-in drivers are left alone."""
    taken = set(VehicleEvent.objects.filter(day=day, staff__isnull=False).values_list("vehicle", flat=True))
    now = clock.now()
    sent = 0
    plan = plans.read(day)
    places = {vehicle.code: vehicle for vehicle in queries.vehicles_now(day, plan)}
    for number, vehicle in enumerate(plan.vehicles):
        seen = places[vehicle.id]
        if vehicle.id in taken or vehicle.closed or now < calendar.instant_at(day.date, vehicle.shift.earliest):
            continue
        said = list(VehicleEvent.objects.filter(day=day, vehicle=vehicle.id).order_by("at", "id"))
        if any(event.kind == EventKind.ENDED for event in said):
            continue
        due = [moment for moment in _due(day, plan, number, said) if moment.at <= now]
        if seen.reported and not due and seen.heard is not None and now - seen.heard < timedelta(seconds=20):
            continue
        actions.report(
            actor=SYSTEM,
            slug=day.version.definition.slug,
            day=day.date,
            vehicle=vehicle.id,
            reports=[moment.report(day, vehicle.id) for moment in due],
            seen=actions.Seen(*queries.worked_out(day, plan, number), now),
        )
        sent += len(due)
    return sent


def _due(day: ServiceDay, plan: dispatch.Plan, number: int, said: list[VehicleEvent]) -> list[_Moment]:
    """What the vehicle does next, each at its moment by the plan; a little later than planned, as in life."""
    vehicle, route = plan.vehicles[number], plan.routes[number]
    found = []
    begins = calendar.instant_at(day.date, vehicle.shift.earliest)
    if not said:
        found.append(_Moment(EventKind.BEGAN, begins))
    # As planned, however late it is by now: what was missed meanwhile is driven as if nothing had happened.
    then = replace(plan, now=max([vehicle.shift.earliest, *route.began[-1:]]), _memory={})
    moments = dispatch.timetable(then, number).calls
    for call, moment in list(zip(route.calls, moments, strict=True))[len(route.began) :]:
        room = max(0.0, plan.visit(call, vehicle).window.latest - moment - MARGIN)
        at = calendar.instant_at(day.date, moment) + timedelta(seconds=min(room, _number(call.id, 40)))
        if call.kind is dispatch.CallKind.BREAK:
            found.append(_Moment(EventKind.BREAK_BEGAN, at))
            rest = next(rest for rest in vehicle.breaks if rest.id == call.id)
            found.append(_Moment(EventKind.BREAK_ENDED, at + timedelta(seconds=rest.duration)))
            break
        key = UUID(call.id.partition("@")[0])
        if call.kind is dispatch.CallKind.DROPOFF:
            found.append(_Moment(EventKind.ALIGHTED, at, key))
        elif _absent(call.id):
            found += [_Moment(EventKind.ARRIVED, at, key), _Moment(EventKind.NO_SHOW, at + PATIENCE, key)]
        else:
            found += [_Moment(EventKind.ARRIVED, at, key), _Moment(EventKind.BOARDED, at, key)]
        break  # the next one is planned anew once this one is driven
    if len(route.began) == len(route.calls) and clock.now() >= calendar.instant_at(day.date, vehicle.shift.latest):
        found.append(_Moment(EventKind.ENDED, calendar.instant_at(day.date, vehicle.shift.latest)))
    return found


def _absent(key: str) -> bool:
    return _number(f"absent {key}", ABSENT) == 0


def _number(key: str, below: int) -> int:
    """A number from 0 that is the same for the same key each time."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) % below
