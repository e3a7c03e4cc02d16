"""Arrays behind a plan, and what is derived from a route: loads, earliest and latest times.

Nodes are numbered: starts of the V vehicles (0 … V-1), their ends (V … 2V-1), breaks, and from `base` (even) on pickup and drop-off of each
request, so that the partner of node x is x ^ 1 and request r stands at base + 2r. A node is in one place of one route or absent, hence every derived value
is an array over nodes.

Longest rides and longest durations are one thing: the drop-off (the end) begins at most `stay` after the pickup (the start) began. With
forward travel these are constraints x >= f(y), f monotone, so there is a least and a greatest schedule; both are found by sweeps that start from bounds and
repeat while a sweep has moved a pickup (Hunsaker and Savelsbergh's repair, made exact as by Firat and Woeginger: as many sweeps as riders, then a
positive cycle is certain). Each sweep is linear and almost always the first or second is the last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.kernel.jit import kernel

F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]

#: What rounding of sums of doubles may shift; the checker forgives a hundred times as much.
EPS = 1e-8

# Columns of `Arrays.f`. `STAY` is the longest time from the begin of a pickup to the begin of its drop-off (of a start to its end).
EARLY, LATE, SERVICE, STAY, EARLIEST, LATEST, OUT_COST, OUT_TIME = range(8)
# Columns of `Arrays.g`. `REST` marks breaks, `STRAIGHT` pickups of direct rides; `AT` is a scratch column.
PLACE, REST, STRAIGHT, VEHICLE, POSITION, AT = range(6)
# Columns of `Arrays.h`. Up to position `FIXED` nothing changes; `KIND` is equal for vehicles that are alike.
FIXED, KIND, LENGTH, ACTIVE, SEEN = range(5)


class Arrays(NamedTuple):
    """A plan for the kernels. Shapes: n nodes, P places, V vehicles, D seat kinds, S steps of the profile, M longest route.

    Few arrays with many columns: what belongs to a node lies in one line of the cache. `route[v, :h[v, LENGTH]]` begins with the start and ends with
    the end of vehicle v. `version[v]` is another number after every change of a route, `version[V]` the last one given. `profile` holds begins and
    speeds of the steps, `layouts` is padded with -1.
    """

    f: F8
    g: I4
    h: I4
    demand: I4
    load: I4
    times: F8
    times_to: F8
    costs: F8
    costs_to: F8
    profile: F8
    layouts: I4
    fixed_cost: F8
    barred_at: I4
    barred: I4
    apart_at: I4
    apart: I4
    route: I4
    version: I8
    order: I4
    moments: F8
    base: int
    metric: bool
    rides: bool


@kernel
def stretched(profile: F8, leave: float, way: float) -> float:
    """When somebody arrives who leaves at `leave` and has `way` (time at speed 1) to go."""
    steps = profile.shape[1]
    if steps == 0 or way == np.inf:
        return leave + way
    step = 0
    while step + 1 < steps and profile[0, step + 1] <= leave:
        step += 1
    at = leave
    while step + 1 < steps:
        covered = (profile[0, step + 1] - at) * profile[1, step]
        if covered >= way:
            break
        way -= covered
        at = profile[0, step + 1]
        step += 1
    return at + way / profile[1, step]


@kernel
def leave_by(profile: F8, arrive: float, way: float) -> float:
    """The last moment of leaving for an arrival by `arrive`: the inverse of `stretched`."""
    if way == np.inf:
        return -np.inf
    steps = profile.shape[1]
    if steps == 0 or arrive == np.inf:
        return arrive - way
    step = steps - 1
    while step > 0 and profile[0, step] >= arrive:
        step -= 1
    at = arrive
    while step > 0:
        covered = (at - profile[0, step]) * profile[1, step]
        if covered >= way:
            break
        way -= covered
        at = profile[0, step]
        step -= 1
    return at - way / profile[1, step]


@kernel
def refresh(a: Arrays, v: int) -> None:
    """Derive everything of a route anew. The route is taken to be feasible; O(length) for each sweep."""
    f, g, load, demand, times, costs = a.f, a.g, a.load, a.demand, a.times, a.costs
    profile, version = a.profile, a.version
    base, couple = a.base, a.rides and a.metric
    plain = profile.shape[1] == 0
    row = a.route[v]
    n = a.h[v, LENGTH]
    last_version = version.size - 1
    version[last_version] += 1
    version[v] = version[last_version]
    kinds = demand.shape[1]
    for k in range(n):
        node = row[k]
        g[node, VEHICLE] = v
        g[node, POSITION] = k
        f[node, EARLIEST] = f[node, EARLY]
        f[node, LATEST] = f[node, LATE]
        for kind in range(kinds):
            load[node, kind] = demand[node, kind]
            if k > 0:
                load[node, kind] += load[row[k - 1], kind]
        if k + 1 < n:
            there = g[row[k + 1], PLACE]
            if there < 0:
                f[node, OUT_TIME] = 0.0
                f[node, OUT_COST] = 0.0
            else:
                f[node, OUT_TIME] = times[g[node, PLACE], there]
                f[node, OUT_COST] = costs[g[node, PLACE], there]
    first = 1
    for _ in range(n + 1):
        lowest = n
        before = row[first - 1]
        for k in range(first, n):
            node = row[k]
            leave = f[before, EARLIEST] + f[before, SERVICE]
            t = leave + f[before, OUT_TIME] if plain else stretched(profile, leave, f[before, OUT_TIME])
            if t > f[node, EARLIEST]:
                f[node, EARLIEST] = t
            if couple:
                other = -1
                if k == n - 1:
                    other = row[0]
                elif node >= base and (node & 1) == 1:
                    other = node - 1
                if other >= 0:
                    needed = f[node, EARLIEST] - f[other, STAY]
                    if needed > f[other, EARLIEST] + EPS:
                        f[other, EARLIEST] = needed
                        if g[other, POSITION] < lowest:
                            lowest = g[other, POSITION]
            before = node
        if lowest == n:
            break
        first = lowest + 1
    last = n - 2
    for _ in range(n + 1):
        highest = -1
        after = row[last + 1]
        for k in range(last, -1, -1):
            node = row[k]
            limit = f[after, LATEST]
            t = limit - f[node, OUT_TIME] if plain else leave_by(profile, limit, f[node, OUT_TIME])
            t -= f[node, SERVICE]
            if t < f[node, LATEST]:
                f[node, LATEST] = t
            if couple:
                other = -1
                if k == 0:
                    other = row[n - 1]
                elif node >= base and (node & 1) == 0:
                    other = node + 1
                if other >= 0:
                    limit = f[node, LATEST] + f[node, STAY]
                    if limit < f[other, LATEST] - EPS:
                        f[other, LATEST] = limit
                        if g[other, POSITION] > highest:
                            highest = g[other, POSITION]
            after = node
        if highest < 1:
            break
        last = highest - 1


@kernel
def served(a: Arrays, v: int) -> bool:
    """Whether a route has a rider. The breaks of a vehicle stand in its route without one."""
    route, base = a.route, a.base
    for k in range(1, a.h[v, LENGTH] - 1):
        if route[v, k] >= base:
            return True
    return False


@kernel
def way_cost(a: Arrays, v: int) -> float:
    """Travel cost of a route with the fixed cost of its vehicle, whether it serves anybody or not."""
    total = a.fixed_cost[v]
    route, f = a.route, a.f
    for k in range(a.h[v, LENGTH] - 1):
        total += f[route[v, k], OUT_COST]
    return total


@kernel
def route_cost(a: Arrays, v: int) -> float:
    """Cost of a route; 0 where nobody rides."""
    return way_cost(a, v) if served(a, v) else 0.0
