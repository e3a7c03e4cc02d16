"""Does a plan hold? Written apart from the solver: from the model's words, in doubles, by the theory of simple temporal networks.

A route's moments form a system of constraints x_b >= g(x_a) with g monotone (a leg, a window, a longest ride). It has a solution if and only if raising from
the lower bounds comes to rest below the upper bounds; without a profile this is Bellman and Ford's test for a positive cycle in the graph of difference
constraints (Dechter, Meiri and Pearl 1991). Every constraint of a route is an arc here, in no special order, and no bound of the solver's is used.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from souto.services.transit.dispatch.model import Constraint, Vehicle, Window
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route
from souto.services.transit.dispatch.schedule import leave_by, travel

#: By how much doubles may be off, in the plan's unit of time.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that does not hold; `vehicle` and `request` where they are known, `amount` in units of time where it has one."""

    constraint: Constraint
    detail: str
    vehicle: str | None = None
    request: str | None = None
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found. `moments` holds for each vehicle whose route can be driven the begin of service at each of its calls."""

    violations: tuple[Violation, ...]
    unserved: tuple[str, ...]
    cost: float
    vehicles: int
    moments: dict[str, tuple[float, ...]]

    @property
    def valid(self) -> bool:
        """Whether everything holds."""
        return not self.violations


def check(plan: Plan) -> Verdict:
    """Check a plan against everything it has to keep.

    Capacity by seat kind and layout, pairing, precedence, windows and promises, shifts, longest durations, longest rides, breaks with nobody
    aboard, exclusions, direct rides, trips back after trips there, and what is already driven. A request is served once or listed as unserved.
    """
    found = list(_pairing(plan))
    moments: dict[str, tuple[float, ...]] = {}
    for vehicle, route in plan.fleet():
        found += _calls(plan, vehicle, route)
        if any(fault.constraint is Constraint.PAIRING and fault.vehicle == vehicle.id for fault in found):
            continue
        found += _aboard(plan, vehicle, route)
        times, faults = _timing(plan, vehicle, route)
        found += faults
        if times is not None:
            moments[vehicle.id] = times
    found += _links(plan, moments)
    return Verdict(tuple(found), plan.unserved, _cost(plan), sum(route.used for route in plan.routes), moments)


def _cost(plan: Plan) -> float:
    total = 0.0
    for vehicle, route in plan.fleet():
        if not any(call.kind is not CallKind.BREAK for call in route.calls):
            continue
        here = vehicle.start
        if any(call.id not in plan.requests for call in route.calls if call.kind is not CallKind.BREAK):
            return math.inf
        for call in route.calls:
            there = plan.visit(call, vehicle).place
            total += plan.objective.driving * float(
                plan.network.costs[plan.network.place(here), plan.network.place(there)]
            )
            here = there
        if vehicle.end is not None:
            total += plan.objective.driving * float(
                plan.network.costs[plan.network.place(here), plan.network.place(vehicle.end)]
            )
        total += vehicle.fixed_cost
    return total


def _pairing(plan: Plan) -> Iterator[Violation]:
    ends: Counter[tuple[CallKind, str]] = Counter()
    for route in plan.routes:
        ends.update((call.kind, call.id) for call in route.calls if call.kind is not CallKind.BREAK)
    for key in plan.requests.keys() | {key for _, key in ends}:
        counts = (ends[CallKind.PICKUP, key], ends[CallKind.DROPOFF, key])
        if key not in plan.requests:
            yield Violation(Constraint.PAIRING, f"nobody knows the request {key}", request=key)
        elif counts == (0, 0):
            if key not in plan.unserved:
                yield Violation(
                    Constraint.PAIRING, f"request {key} is neither served nor listed as unserved", request=key
                )
        elif counts != (1, 1) or key in plan.unserved:
            yield Violation(
                Constraint.PAIRING,
                f"request {key} is picked up {counts[0]} and set down {counts[1]} times",
                request=key,
            )


def _calls(plan: Plan, vehicle: Vehicle, route: Route) -> Iterator[Violation]:
    at = {call: number for number, call in enumerate(route.calls)}
    for call, number in at.items():
        if call.kind is CallKind.PICKUP and call.id in plan.requests:
            there = at.get(Call(CallKind.DROPOFF, call.id))
            if there is None:
                yield Violation(Constraint.PAIRING, f"{call.id} is not set down by {vehicle.id}", vehicle.id, call.id)
            elif there < number:
                yield Violation(Constraint.PRECEDENCE, f"{call.id} is set down first", vehicle.id, call.id)
    if any(call.kind is not CallKind.BREAK and call.id not in plan.requests for call in route.calls):
        yield Violation(Constraint.PAIRING, f"{vehicle.id} serves a request that nobody knows", vehicle.id)
    taken = Counter(call.id for call in route.calls if call.kind is CallKind.BREAK)
    if taken != Counter(rest.id for rest in vehicle.breaks):
        yield Violation(Constraint.BREAK, f"{vehicle.id} does not take each of its breaks once", vehicle.id)


def _aboard(plan: Plan, vehicle: Vehicle, route: Route) -> Iterator[Violation]:
    aboard: dict[str, tuple[int, int, int]] = {}
    straight: str | None = None
    for call in route.calls:
        if straight is not None and (call.kind is not CallKind.DROPOFF or call.id != straight):
            yield Violation(Constraint.DIRECT, f"there is a stop between the ends of {straight}", vehicle.id, straight)
        straight = None
        if call.kind is CallKind.BREAK:
            if aboard:
                yield Violation(Constraint.BREAK, f"riders sit in {vehicle.id} during the break {call.id}", vehicle.id)
            continue
        request = plan.requests[call.id]
        if call.kind is CallKind.DROPOFF:
            aboard.pop(call.id, None)
            continue
        if vehicle.id in request.barred:
            yield Violation(Constraint.EXCLUSION, f"{call.id} must not use {vehicle.id}", vehicle.id, call.id)
        for other in aboard:
            if other in request.apart_from or call.id in plan.requests[other].apart_from:
                yield Violation(Constraint.EXCLUSION, f"{call.id} and {other} share {vehicle.id}", vehicle.id, call.id)
        aboard[call.id] = request.party.vector
        load = [sum(party[kind] for party in aboard.values()) for kind in range(3)]
        if not any(all(load[kind] <= layout.vector[kind] for kind in range(3)) for layout in vehicle.layouts):
            yield Violation(
                Constraint.CAPACITY, f"{vehicle.id} is too full after {call.id} got in", vehicle.id, call.id
            )
        if request.direct:
            straight = call.id


@dataclass(frozen=True, slots=True)
class _Arc:
    """x[to] >= after(x[source]): travel of `way` after `wait`, or just `wait` (negative for a longest ride)."""

    source: int
    to: int
    wait: float
    way: float
    constraint: Constraint
    request: str | None = None


def _timing(plan: Plan, vehicle: Vehicle, route: Route) -> tuple[tuple[float, ...] | None, list[Violation]]:
    lower, upper, names, arcs = _system(plan, vehicle, route)
    rides = [arc for arc in arcs if arc.way < 0]
    legs = [arc for arc in arcs if arc.way >= 0]
    simple, _ = _raise(plan, lower, legs)
    faults = [
        Violation(
            names[k][0],
            f"{names[k][1]} at {at:.6g}, allowed until {upper[k]:.6g}",
            vehicle.id,
            names[k][2],
            at - upper[k],
        )
        for k, at in enumerate(simple)
        if at > upper[k] + TOLERANCE
    ]
    if faults:
        return None, faults
    moments, settled = _raise(plan, lower, [*legs, *rides])
    if settled and all(at <= limit + TOLERANCE for at, limit in zip(moments, upper, strict=True)):
        return tuple(moments[1:-1]), []
    for arc in rides:
        excess = simple[arc.source] + arc.wait - simple[arc.to]
        alone, quiet = _raise(plan, lower, [*legs, arc])
        if not quiet or any(at > limit + TOLERANCE for at, limit in zip(alone, upper, strict=True)):
            what = f"the ride of {arc.request}" if arc.request else f"the shift of {vehicle.id}"
            faults.append(Violation(arc.constraint, f"{what} is too long", vehicle.id, arc.request, excess))
    if not faults:
        faults.append(Violation(Constraint.RIDE_TIME, "no schedule keeps all longest rides at once", vehicle.id))
    return None, faults


def _system(
    plan: Plan, vehicle: Vehicle, route: Route
) -> tuple[list[float], list[float], list[tuple[Constraint, str, str | None]], list[_Arc]]:
    """Lower and upper bounds, what each moment is, and all arcs. Moment 0 is leaving the start, the last one being done."""
    lower, upper = [vehicle.shift.earliest], [vehicle.shift.latest]
    names: list[tuple[Constraint, str, str | None]] = [(Constraint.SHIFT, f"{vehicle.id} leaves", None)]
    arcs: list[_Arc] = []
    places = [plan.network.place(vehicle.start)]
    services = [0.0]
    picked: dict[str, int] = {}
    driven = len(route.began)
    for number, call in enumerate(route.calls, start=1):
        visit = plan.visit(call, vehicle)
        low, high, name = _bounds(plan, route, number, visit.window)
        names.append(name)
        lower.append(low)
        upper.append(high)
        places.append(plan.network.place(visit.place))
        services.append(visit.service)
        if call.kind is CallKind.PICKUP:
            picked[call.id] = number
        elif call.kind is CallKind.DROPOFF:
            request = plan.requests[call.id]
            if math.isfinite(request.max_ride) and call.id in picked:
                longest = request.pickup.service + request.max_ride
                arcs.append(_Arc(number, picked[call.id], -longest, -1.0, Constraint.RIDE_TIME, call.id))
    if not route.fixed:
        lower[0] = max(lower[0], plan.now)
    if route.fixed == driven and driven:
        services[driven] = max(services[driven], plan.now - route.began[-1])
    end = len(places)
    places.append(plan.network.place(vehicle.end) if vehicle.end is not None else places[-1])
    services.append(0.0)
    lower.append(vehicle.shift.earliest)
    upper.append(vehicle.shift.latest)
    names.append((Constraint.SHIFT, f"{vehicle.id} is done", None))
    for k in range(1, end + 1):
        if k > driven:  # what is driven has its moments already
            leg = float(plan.network.times[places[k - 1], places[k]])
            arcs.append(_Arc(k - 1, k, services[k - 1], leg, names[k][0]))
    if driven:  # when it left is not on record: as late as it can have
        lower[0] = upper[0] = leave_by(plan.network.profile, lower[1], float(plan.network.times[places[0], places[1]]))
    if math.isfinite(vehicle.max_duration):
        arcs.append(_Arc(end, 0, -vehicle.max_duration, -1.0, Constraint.SHIFT))
    return lower, upper, names, arcs


def _bounds(
    plan: Plan, route: Route, number: int, window: Window
) -> tuple[float, float, tuple[Constraint, str, str | None]]:
    """When service at a call may begin, and how a fault there is called. What is driven has one moment, right or wrong."""
    call = route.calls[number - 1]
    request = None if call.kind is CallKind.BREAK else call.id
    if number > len(route.began):
        low = max(window.earliest, plan.now)
        return low, window.latest, (_window_of(plan, call), f"{call.kind} of {call.id}", request)
    at = route.began[number - 1]
    wrong = at > window.latest + TOLERANCE or at < window.earliest - TOLERANCE
    constraint = _window_of(plan, call) if wrong else Constraint.FIXED
    # Too early is as wrong as too late: an upper bound before the moment makes it a fault.
    high = min(window.latest, at) if at <= window.latest or at > window.latest + TOLERANCE else at
    if at < window.earliest - TOLERANCE:
        high = at - (window.earliest - at)
    return at, high, (constraint, f"{call.kind} of {call.id} was", request)


def _window_of(plan: Plan, call: Call) -> Constraint:
    if call.kind is CallKind.BREAK:
        return Constraint.BREAK
    return Constraint.PROMISE if call.id in plan.promises else Constraint.WINDOW


def _raise(plan: Plan, lower: list[float], arcs: list[_Arc]) -> tuple[list[float], bool]:
    """The least solution of the lower bounds and arcs, and whether it came to rest (a positive cycle never does)."""
    moments = list(lower)
    for _ in range(len(moments) + 1):
        moved = False
        for arc in arcs:
            at = moments[arc.source] + arc.wait
            if arc.way >= 0:
                at = travel(plan.network.profile, at, arc.way)
            if at > moments[arc.to] + TOLERANCE / 1000:
                moments[arc.to] = at
                moved = True
        if not moved:
            return moments, True
    return moments, False


def _links(plan: Plan, moments: dict[str, tuple[float, ...]]) -> Iterator[Violation]:
    begins: dict[tuple[CallKind, str], float] = {}
    for route in plan.routes:
        for call, at in zip(route.calls, moments.get(route.vehicle, ()), strict=False):
            begins[call.kind, call.id] = at
    for request in plan.requests.values():
        if request.returns is None or request.returns not in plan.requests:
            continue
        there, back = begins.get((CallKind.DROPOFF, request.returns)), begins.get((CallKind.PICKUP, request.id))
        if there is not None and back is not None:
            ready = there + plan.requests[request.returns].dropoff.service + request.stay
            if back < ready - TOLERANCE:
                detail = f"the way back of {request.id} begins {ready - back:.6g} too soon"
                yield Violation(Constraint.LINK, detail, request=request.id, amount=ready - back)
