"""When a vehicle is where: the least schedule of a route, in plain Python, by the definition.

Every constraint says "not before": not before the window opens, not before the vehicle arrives, and, for a longest ride, a pickup not earlier than
the drop-off less the longest ride. The least schedule is reached by raising moments until nothing moves. Riders get on as early as possible, but not
so early that they would sit in a waiting vehicle too long; the vehicle leaves its start as late as that allows.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from souto.services.transit.dispatch.model import Vehicle
from souto.services.transit.dispatch.network import Profile

if TYPE_CHECKING:
    from souto.services.transit.dispatch.plan import Plan, Route

#: What rounding may add up to.
EPS = 1e-6


@dataclass(frozen=True, slots=True)
class Timetable:
    """The moments of one route: `moments[0]` of leaving the start, `moments[k]` of service beginning at call k - 1, the last of being done.

    `late` says that some window, longest ride or the shift does not hold; the moments are then the soonest possible ones.
    """

    moments: tuple[float, ...]
    late: bool

    @property
    def departure(self) -> float:
        """When the vehicle leaves its start."""
        return self.moments[0]

    @property
    def calls(self) -> tuple[float, ...]:
        """When service begins at each call."""
        return self.moments[1:-1]

    @property
    def done(self) -> float:
        """When the vehicle is back, or has finished where it stays."""
        return self.moments[-1]


def travel(profile: Profile | None, leave: float, way: float) -> float:
    """The moment of arrival after `way` units of the matrix, left at `leave`."""
    if profile is None or not math.isfinite(way):
        return leave + way
    step = max(0, bisect.bisect_right(profile.since, leave) - 1)
    for begin, speed in zip((*profile.since[step + 1 :], math.inf), profile.speed[step:], strict=True):
        if (begin - leave) * speed >= way:
            return leave + way / speed
        way -= (begin - leave) * speed
        leave = begin
    return leave


def timetable(plan: Plan, v: int) -> Timetable:
    """The least schedule of a vehicle's route, with what is driven at its real moments and the rest not before now."""
    return _least(plan, plan.vehicles[v], plan.routes[v])


def _least(plan: Plan, vehicle: Vehicle, route: Route) -> Timetable:
    visits = [plan.visit(call, vehicle) for call in route.calls]
    last = visits[-1].place if visits else vehicle.start
    rows = [plan.network.place(place) for place in (vehicle.start, *(v.place for v in visits), vehicle.end or last)]
    legs = [float(plan.network.times[a, b]) for a, b in pairwise(rows)]
    services = [0.0, *(visit.service for visit in visits), 0.0]
    opens = [vehicle.shift.earliest, *(visit.window.earliest for visit in visits), vehicle.shift.earliest]
    closes = [vehicle.shift.latest, *(visit.window.latest for visit in visits), vehicle.shift.latest]
    profile, done = plan.network.profile, len(route.began)
    _hold(plan, route, opens, closes)
    if done:  # when it left is not on record: as late as it can have
        opens[0] = closes[0] = leave_by(profile, opens[1], legs[0])
        if done == route.fixed:
            services[done] = max(services[done], plan.now - route.began[-1])
    simple = _forward(profile, opens, services, legs, done)
    moments, late = _settle(_rides(plan, route, vehicle), profile, simple, services, legs, done)
    late = late or any(at > limit + EPS for at, limit in zip(moments, closes, strict=True))
    if late:
        moments = simple
    if visits and not done:
        moments[0] = max(moments[0], leave_by(profile, moments[1], legs[0]))
    return Timetable(tuple(moments), late)


def _hold(plan: Plan, route: Route, opens: list[float], closes: list[float]) -> None:
    """What is driven has its moments, the rest is not before now."""
    done = len(route.began)
    if not route.fixed:
        opens[0] = max(opens[0], plan.now)
    for k in range(done + 1, len(opens) - 1):
        opens[k] = max(opens[k], plan.now)
    for k, at in enumerate(route.began, start=1):
        opens[k] = at
        closes[k] = max(closes[k], at)


def _forward(
    profile: Profile | None, moments: list[float], services: list[float], legs: list[float], done: int
) -> list[float]:
    """Moments raised to what the ways between them need."""
    moments = list(moments)
    for k in range(done + 1, len(moments)):
        moments[k] = max(moments[k], travel(profile, moments[k - 1] + services[k - 1], legs[k - 1]))
    return moments


def _settle(
    rides: list[tuple[int, int, float]],
    profile: Profile | None,
    moments: list[float],
    services: list[float],
    legs: list[float],
    done: int,
) -> tuple[list[float], bool]:
    """Moments raised to what longest rides need as well, and whether that is impossible."""
    late = False
    for _ in range(len(moments) + 1):
        moved = False
        for first, last, longest in rides:
            if moments[last] - longest > moments[first] + EPS / 10:
                if done and first <= done:
                    late = True
                    continue
                moments[first] = moments[last] - longest
                moved = True
        if not moved:
            return moments, late
        moments = _forward(profile, moments, services, legs, done)
    return moments, True


def _rides(plan: Plan, route: Route, vehicle: Vehicle) -> list[tuple[int, int, float]]:
    """(position, position, longest time between their beginnings) for riders and for the whole route."""
    at: dict[str, int] = {}
    rides = []
    for k, call in enumerate(route.calls, start=1):
        if call.kind == "pickup":
            at[call.id] = k
        elif call.kind == "dropoff" and call.id in at:
            request = plan.requests[call.id]
            if math.isfinite(request.max_ride):
                rides.append((at[call.id], k, request.pickup.service + request.max_ride))
    if math.isfinite(vehicle.max_duration):
        rides.append((0, len(route.calls) + 1, vehicle.max_duration))
    return rides


def leave_by(profile: Profile | None, arrive: float, way: float) -> float:
    """The last moment of leaving for an arrival in time."""
    if profile is None:
        return arrive - way
    low, high = arrive - way / min(profile.speed), arrive
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if travel(profile, middle, way) <= arrive else (low, middle)
    return low
