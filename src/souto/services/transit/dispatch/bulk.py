"""Whole days at once: `solve` for very many riders without windows, where `kernel.bulk` applies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.kernel import bulk
from souto.services.transit.dispatch.model import Request, Vehicle, Visit
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route

#: From so many requests on whole-day search pays.
MANY = 1500
#: Calls near a pickup that are looked at, and how many nearest places they may come from.
CALLS, PLACES = 40, 60
#: Temperatures at begin and end as shares of the cost per request; requests taken out in a step on average.
WARM, COLD, REMOVED = 0.02, 0.001, 8


def applies(plan: Plan) -> bool:
    """Whether a plan is nothing but places and seats of one kind: no windows, longest rides, breaks, exclusions, nothing driven."""
    if (
        len(plan.requests) < MANY
        or len(plan.unserved) != len(plan.requests)
        or plan.promises
        or plan.objective.vehicles_first
    ):
        return False
    return all(_simple_request(request) for request in plan.requests.values()) and all(
        _simple_vehicle(vehicle, route) for vehicle, route in plan.fleet()
    )


def _open(visit: Visit, now: float = 0.0) -> bool:
    return visit.window.earliest <= now and math.isinf(visit.window.latest)


def _simple_request(request: Request) -> bool:
    return (
        _open(request.pickup)
        and _open(request.dropoff)
        and math.isinf(request.max_ride)
        and request.party.total == request.party.seat
        and not (request.direct or request.barred or request.apart_from or request.returns)
    )


def _simple_vehicle(vehicle: Vehicle, route: Route) -> bool:
    return (
        not route.calls
        and math.isinf(vehicle.shift.latest)
        and math.isinf(vehicle.max_duration)
        and len(vehicle.layouts) == 1
        and not vehicle.fixed_cost
    )


def chain_of(plan: Plan, seed: int) -> tuple[bulk.Chain, list[str]]:
    """The lists of a plan in which nobody rides yet, and the ids of the requests in their order."""
    names, count = list(plan.requests), len(plan.vehicles)
    place = np.empty(2 * (count + len(names)), np.int32)
    demand = np.zeros(len(place), np.int32)
    for v, vehicle in enumerate(plan.vehicles):
        place[v] = plan.network.place(vehicle.start)
        place[count + v] = -1 if vehicle.end is None else plan.network.place(vehicle.end)
    for node, name in zip(range(2 * count, len(place), 2), names, strict=True):
        request = plan.requests[name]
        place[node] = plan.network.place(request.pickup.place)
        place[node + 1] = plan.network.place(request.dropoff.place)
        demand[node], demand[node + 1] = request.party.seat, -request.party.seat
    after = np.full(len(place), -1, np.int32)
    before = np.full(len(place), -1, np.int32)
    vehicle_of = np.full(len(place), -1, np.int32)
    numbers = np.arange(count, dtype=np.int32)
    after[:count], before[count : 2 * count] = numbers + count, numbers
    vehicle_of[:count] = vehicle_of[count : 2 * count] = numbers
    leg = np.zeros(len(place))
    for v in range(count):
        if place[count + v] >= 0:
            leg[v] = plan.network.costs[place[v], place[count + v]]
    chain = bulk.Chain(
        after=after,
        before=before,
        vehicle=vehicle_of,
        load=np.zeros(len(place), np.int32),
        leg=leg,
        place=place,
        demand=demand,
        seats=np.array([vehicle.layouts[0].seat for vehicle in plan.vehicles], np.int32),
        near=_near(plan, place, count),
        costs=plan.network.costs,
        costs_to=plan.network.costs_to,
        log=np.zeros((4 * REMOVED + 8, 4), np.int32),
        total=np.zeros(1),
        rng=np.array([seed * 2 + 1], np.uint64),
    )
    return chain, names


def _near(plan: Plan, place: NDArray[np.int32], vehicles: int) -> NDArray[np.int32]:
    """For each pickup the calls (and starts) at the nearest places, nearest first."""
    here: dict[int, list[int]] = {}
    for node in [*range(vehicles), *range(2 * vehicles, len(place))]:
        here.setdefault(int(place[node]), []).append(node)
    known: dict[int, NDArray[np.int32]] = {}
    table = np.full(((len(place) - 2 * vehicles) // 2, CALLS), -1, np.int32)
    some = np.array(sorted(here), np.int64)
    for r in range(len(table)):
        node = 2 * vehicles + 2 * r
        origin = int(place[node])
        if origin not in known:
            ways = plan.network.costs[origin, some]
            nearest = np.argpartition(ways, min(PLACES, len(some) - 1))[:PLACES]
            order = some[nearest[np.argsort(ways[nearest], kind="stable")]]
            calls: list[int] = []
            for where in order:
                calls += here[int(where)]
                if len(calls) >= CALLS + 2:
                    break
            known[origin] = np.array(calls, np.int32)
        calls_near = known[origin]
        calls_near = calls_near[(calls_near != node) & (calls_near != node + 1)][:CALLS]
        table[r, : len(calls_near)] = calls_near
    return table


def solve_day(plan: Plan, used: Callable[[], float], run: Callable[[Callable[[int], int]], None], seed: int) -> Plan:
    """A plan for everybody; `used` answers the share of the budget that is used, `run` has some steps done (see `solving`)."""
    chain, names = chain_of(plan, seed)
    order = np.random.default_rng(seed).permutation(len(names)).astype(np.int32)
    begin = float(chain.leg[: len(plan.vehicles)].sum())
    if bulk.place_all(chain, order):
        return plan
    chain.total[0] += begin
    started = used()
    mean = float(chain.total[0]) / len(names)
    while (share := used()) < 1.0:
        cooled = (share - started) / (1.0 - started)
        heat = mean * WARM * (COLD / WARM) ** cooled
        run(lambda count, heat=heat: _anneal(chain, count, heat))  # type: ignore[misc]
    routes = []
    for v, route in enumerate(plan.routes):
        calls: list[Call] = []
        node = int(chain.after[v])
        while chain.after[node] >= 0:
            r = (node - 2 * len(plan.vehicles)) >> 1
            calls.append(Call(CallKind.DROPOFF if node & 1 else CallKind.PICKUP, names[r]))
            node = int(chain.after[node])
        routes.append(replace(route, calls=tuple(calls)))
    return replace(plan, routes=tuple(routes), unserved=(), _memory={})


def _anneal(chain: bulk.Chain, count: int, heat: float) -> int:
    bulk.anneal(chain, count, heat, REMOVED)
    return count


def warm(plan: Plan) -> None:
    """Run the kernels once on a small plan."""
    chain, names = chain_of(plan, 0)
    bulk.place_all(chain, np.arange(len(names), dtype=np.int32))
    bulk.anneal(chain, 1, 1.0, 1)
