"""From a plan to the arrays of the kernels, and back to routes."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.kernel.insertion import place_in
from souto.services.transit.dispatch.kernel.state import (
    ACTIVE,
    EARLY,
    FIXED,
    KIND,
    LATE,
    LENGTH,
    PLACE,
    REST,
    SERVICE,
    STAY,
    STRAIGHT,
    VEHICLE,
    Arrays,
    refresh,
)
from souto.services.transit.dispatch.model import Constraint, ModelError, Request, Vehicle, Visit
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route
from souto.services.transit.dispatch.schedule import Timetable, timetable

#: Nodes by which the longest route may grow before the arrays are made anew.
ROOM = 32


@dataclass(slots=True)
class Compiled:
    """A plan as arrays. `names[r]` is the id of request r; the last request slot is spare, for one that is being asked for."""

    arrays: Arrays
    names: list[str]
    numbers: dict[str, int]
    calls: list[Call]
    shunned: dict[str, list[int]]
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def spare(self) -> int:
        """The pickup node of the spare slot."""
        return self.arrays.base + 2 * len(self.names)

    def apart(self, request: Request) -> list[int]:
        """Numbers of the requests that must not be aboard together with a new one."""
        found = {self.numbers[name] for name in request.apart_from if name in self.numbers}
        found.update(self.shunned.get(request.id, ()))
        return sorted(found)

    def route(self, plan: Plan, v: int) -> Route:
        """The route of a vehicle as the arrays have it."""
        row = self.arrays.route[v, 1 : self.arrays.h[v, LENGTH] - 1]
        old = plan.routes[v]
        calls = tuple(self.calls[node] for node in row)
        return old if calls == old.calls else replace(old, calls=calls)


def compiled(plan: Plan) -> Compiled:
    """The arrays of a plan, made at the first question and kept beside it."""
    if "compiled" not in plan._memory:
        growth = plan._memory.pop("growth", None)
        plan._memory["compiled"] = grown(plan, growth) if growth is not None else compile_plan(plan)
    made: Compiled = plan._memory["compiled"]
    return made


@dataclass(frozen=True, slots=True)
class Growth:
    """How the last request came into a plan: into which arrays, and where."""

    made: Compiled
    request: str
    vehicle: int
    i: int
    j: int


def grown(plan: Plan, growth: Growth) -> Compiled:
    """The arrays of a plan that has one request more than those at hand: copies with one route changed."""
    old, v = growth.made, growth.vehicle
    name = growth.request
    request, promise = plan.requests[name], plan.promises[name]
    others = old.apart(request)
    if others or request.barred or name in old.numbers or old.arrays.h[v, LENGTH] + 4 > old.arrays.route.shape[1]:
        return compile_plan(plan)
    a, spare = old.arrays, old.spare
    more = ((0, 2), (0, 0))
    with old.lock:
        f, g = np.pad(a.f, more), np.pad(a.g, more)
        demand, load = np.pad(a.demand, more), np.pad(a.load, more)
    g[-2:, VEHICLE] = -1
    arrays = a._replace(
        f=f, g=g, h=a.h.copy(), demand=demand, load=load, route=a.route.copy(), version=a.version.copy(),
        order=a.order.copy(), moments=a.moments.copy(), rides=a.rides or math.isfinite(request.max_ride),
        apart_at=np.append(a.apart_at, a.apart_at[-1:]), barred_at=np.append(a.barred_at, a.barred_at[-1:]),
    )  # fmt: skip
    ends = replace(request.pickup, window=promise.pickup), replace(request.dropoff, window=promise.dropoff)
    write_request(arrays, plan, spare, request, ends)
    f[spare, EARLY] = max(f[spare, EARLY], plan.now)
    f[spare + 1, EARLY] = max(f[spare + 1, EARLY], plan.now)
    place_in(arrays.route, arrays.h, v, spare, growth.i, growth.j)
    refresh(arrays, v)
    shunned = old.shunned
    if missing := request.apart_from - old.numbers.keys():
        shunned = {**shunned, **{other: [*shunned.get(other, ()), len(old.names)] for other in missing}}
    return Compiled(
        arrays,
        [*old.names, name],
        {**old.numbers, name: len(old.names)},
        [*old.calls, Call(CallKind.PICKUP, name), Call(CallKind.DROPOFF, name)],
        shunned,
    )


def compile_plan(plan: Plan, *, room: int = ROOM) -> Compiled:
    """Make the arrays of a plan.

    Where the world has already broken something (a vehicle is late), the limit concerned becomes what is still possible now: nothing
    that is decided from here on makes it worse.
    """
    vehicles, names = plan.vehicles, list(plan.requests)
    count = len(vehicles)
    rests = [(v, rest) for v, vehicle in enumerate(vehicles) for rest in vehicle.breaks]
    base = 2 * count + len(rests)
    base += base & 1
    numbers = {name: number for number, name in enumerate(names)}
    nodes = base + 2 * (len(names) + 1)
    kinds = _kinds(plan)
    longest = max((len(route.calls) for route in plan.routes), default=0) + 2 + room
    f = np.zeros((nodes, 8))
    f[:, LATE] = f[:, STAY] = np.inf
    g = np.zeros((nodes, 6), np.int32)
    g[:, VEHICLE] = -1
    h = np.zeros((count, 5), np.int32)
    h[:, FIXED] = [route.fixed for route in plan.routes]
    h[:, KIND] = _alike(vehicles)
    h[:, ACTIVE] = [not vehicle.closed for vehicle in vehicles]
    profile = plan.network.profile
    arrays = Arrays(
        f=f,
        g=g,
        h=h,
        demand=np.zeros((nodes, kinds), np.int32),
        load=np.zeros((nodes, kinds), np.int32),
        times=plan.network.times,
        times_to=plan.network.times_to,
        costs=plan.network.costs,
        costs_to=plan.network.costs_to,
        profile=np.array([profile.since, profile.speed] if profile else [(), ()], np.float64),
        layouts=_layouts(vehicles, kinds),
        fixed_cost=np.array([vehicle.fixed_cost / plan.objective.driving for vehicle in vehicles], np.float64),
        **_pairs(plan, names, numbers),
        route=np.full((count, longest), -1, np.int32),
        version=np.zeros(count + 1, np.int64),
        order=np.zeros(longest + 2, np.int32),
        moments=np.zeros(longest + 2),
        base=base,
        metric=plan.network.metric,
        rides=_has_rides(plan),
    )
    calls = [Call(CallKind.BREAK, "")] * (nodes - 2)
    node_of: dict[tuple[int, Call], int] = {}
    for v, vehicle in enumerate(vehicles):
        _write_ends(arrays, plan, v, vehicle)
    for number, (v, rest) in enumerate(rests):
        node = 2 * count + number
        calls[node] = Call(CallKind.BREAK, rest.id)
        node_of[v, calls[node]] = node
        write_visit(arrays, plan, node, plan.visit(calls[node], vehicles[v]))
        g[node, REST] = 1
    for name, number in numbers.items():
        pickup, dropoff = Call(CallKind.PICKUP, name), Call(CallKind.DROPOFF, name)
        calls[base + 2 * number], calls[base + 2 * number + 1] = pickup, dropoff
        request = plan.requests[name]
        promise = plan.promises.get(name)
        ends = request.pickup, request.dropoff
        if promise is not None:
            ends = replace(ends[0], window=promise.pickup), replace(ends[1], window=promise.dropoff)
        write_request(arrays, plan, base + 2 * number, request, ends)
    rows: list[list[int]] = []
    for v, route in enumerate(plan.routes):
        middle = [
            node_of[v, call]
            if call.kind is CallKind.BREAK
            else base + 2 * numbers[call.id] + (call.kind is CallKind.DROPOFF)
            for call in route.calls
        ]
        rows.append([v, *middle, count + v])
    for v, row in enumerate(rows):
        _pin(arrays, plan, v, row)
        arrays.route[v, : len(row)] = row
        h[v, LENGTH] = len(row)
        refresh(arrays, v)
    shunned: dict[str, list[int]] = {}
    for name, number in numbers.items():
        for other in plan.requests[name].apart_from - numbers.keys():
            shunned.setdefault(other, []).append(number)
    return Compiled(arrays, names, numbers, calls, shunned)


def _kinds(plan: Plan) -> int:
    """How many seat kinds the fleet has at all: most fleets have only the first."""
    layouts = [layout for vehicle in plan.vehicles for layout in vehicle.layouts]
    if any(layout.stretcher for layout in layouts):
        return 3
    return 2 if any(layout.wheelchair for layout in layouts) else 1


def _layouts(vehicles: Sequence[Vehicle], kinds: int) -> NDArray[np.int32]:
    most = max((len(vehicle.layouts) for vehicle in vehicles), default=1)
    table = np.full((len(vehicles), most, kinds), -1, np.int32)
    for v, vehicle in enumerate(vehicles):
        for number, layout in enumerate(vehicle.layouts):
            table[v, number] = layout.vector[:kinds]
    return table


def _alike(vehicles: Sequence[Vehicle]) -> NDArray[np.int32]:
    """A number for each vehicle, the same for those that differ in nothing but their id."""
    known: dict[Vehicle, int] = {}
    return np.array([known.setdefault(replace(v, id="", breaks=v.breaks), len(known)) for v in vehicles], np.int32)


def _has_rides(plan: Plan) -> bool:
    return any(math.isfinite(request.max_ride) for request in plan.requests.values()) or any(
        math.isfinite(vehicle.max_duration) for vehicle in plan.vehicles
    )


def _pairs(plan: Plan, names: Sequence[str], numbers: dict[str, int]) -> dict[str, NDArray[np.int32]]:
    """Barred vehicles and riders to keep apart, as lists behind lists; the spare slot has none."""
    places = {vehicle.id: v for v, vehicle in enumerate(plan.vehicles)}
    apart: list[set[int]] = [set() for _ in names]
    barred: list[list[int]] = []
    for number, name in enumerate(names):
        request = plan.requests[name]
        barred.append(sorted(places[other] for other in request.barred if other in places))
        for other in request.apart_from:
            if other in numbers and other != name:
                apart[number].add(numbers[other])
                apart[numbers[other]].add(number)
    return dict(zip(("barred_at", "barred"), _lists(barred), strict=True)) | dict(
        zip(("apart_at", "apart"), _lists([sorted(others) for others in apart]), strict=True)
    )


def _lists(lists: Iterable[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Offsets (one more than lists, and one for the spare slot) and the values."""
    ends, values = [0], list[int]()
    for one in lists:
        values += one
        ends.append(len(values))
    return np.array([*ends, len(values)], np.int32), np.array(values, np.int32)


def write_visit(arrays: Arrays, plan: Plan, node: int, visit: Visit) -> None:
    """Write place, window and service time of a node."""
    arrays.g[node, PLACE] = plan.network.place(visit.place)
    arrays.f[node, EARLY] = visit.window.earliest
    arrays.f[node, LATE] = visit.window.latest
    arrays.f[node, SERVICE] = visit.service


def write_request(arrays: Arrays, plan: Plan, node: int, request: Request, ends: tuple[Visit, Visit]) -> None:
    """Write both nodes of a request."""
    write_visit(arrays, plan, node, ends[0])
    write_visit(arrays, plan, node + 1, ends[1])
    kinds = arrays.demand.shape[1]
    party = request.party.vector
    # What a fleet has not at all fits nowhere.
    needed = party[:kinds] if not any(party[kinds:]) else (1 << 24,) * kinds
    arrays.demand[node] = needed
    arrays.demand[node + 1] = [-number for number in needed]
    arrays.f[node, STAY] = request.pickup.service + request.max_ride
    _tighten(
        arrays.f, node, float(arrays.times[arrays.g[node, PLACE], arrays.g[node + 1, PLACE]]) if _sure(arrays) else 0.0
    )
    arrays.g[node, STRAIGHT] = request.direct


def _sure(arrays: Arrays) -> bool:
    """Whether nobody gets anywhere faster than the matrix says."""
    return arrays.metric and arrays.profile.shape[1] == 0


def _tighten(f: NDArray[np.float64], pickup: int, direct: float) -> None:
    """Cut from both windows what the other one and the longest ride rule out (Cordeau 2006); `direct` is the least time between the ends."""
    dropoff = pickup + 1
    least = f[pickup, SERVICE] + direct
    f[pickup, EARLY] = max(f[pickup, EARLY], f[dropoff, EARLY] - f[pickup, STAY])
    f[pickup, LATE] = min(f[pickup, LATE], f[dropoff, LATE] - least)
    f[dropoff, EARLY] = max(f[dropoff, EARLY], f[pickup, EARLY] + least)
    f[dropoff, LATE] = min(f[dropoff, LATE], f[pickup, LATE] + f[pickup, STAY])


def _write_ends(arrays: Arrays, plan: Plan, v: int, vehicle: Vehicle) -> None:
    end = len(plan.vehicles) + v
    f, g = arrays.f, arrays.g
    g[v, PLACE] = plan.network.place(vehicle.start)
    g[end, PLACE] = -1 if vehicle.end is None else plan.network.place(vehicle.end)
    f[v, EARLY] = f[end, EARLY] = vehicle.shift.earliest
    f[v, LATE] = f[end, LATE] = vehicle.shift.latest
    f[v, STAY] = vehicle.max_duration


def _pin(arrays: Arrays, plan: Plan, v: int, row: list[int]) -> None:
    """Hold what is driven at its moments, start nothing before now, and soften limits that are broken already."""
    f = arrays.f
    route = plan.routes[v]
    done = len(route.began)
    if not done and plan.now <= f[v, EARLY] and not route.calls:
        return
    known: Timetable = timetable(plan, v)
    for k, at in enumerate(route.began, start=1):
        f[row[k], EARLY] = f[row[k], LATE] = at
    if done:
        last = row[done]
        waited = plan.now - (f[last, EARLY] + f[last, SERVICE])
        if waited > 0 and done == route.fixed:
            f[last, SERVICE] += waited
        f[v, EARLY] = f[v, LATE] = known.departure
    elif not route.fixed:
        f[v, EARLY] = max(f[v, EARLY], plan.now)
    for k in range(done + 1, len(row) - 1):
        f[row[k], EARLY] = max(f[row[k], EARLY], plan.now)
    if known.late:
        if known.done > f[row[-1], LATE]:
            arrays.h[v, ACTIVE] = 0  # after its shift a vehicle brings home whom it has and takes nobody else
        _soften(arrays, known, row)


def _soften(arrays: Arrays, known: Timetable, row: list[int]) -> None:
    f = arrays.f
    at = {node: known.moments[k] for k, node in enumerate(row)}
    for node, moment in at.items():
        f[node, LATE] = max(f[node, LATE], moment)
        if node >= arrays.base and node & 1 and node - 1 in at:
            f[node - 1, STAY] = max(f[node - 1, STAY], moment - at[node - 1])
    f[row[0], STAY] = max(f[row[0], STAY], at[row[-1]] - at[row[0]])


def known_request(plan: Plan, name: str) -> Request:
    """A request of the plan.

    Raises
    ------
    ModelError
        The plan has none of that id.
    """
    try:
        return plan.requests[name]
    except KeyError:
        raise ModelError(Constraint.PAIRING, f"the plan has no request {name!r}") from None
