"""Large-neighbourhood search: slack induction by string removals (Christiaens and Vanden Berghe 2020) for pickups and deliveries.

A step takes strings of neighbouring calls out of neighbouring routes and puts the requests back one by one at their best place, seeing each place only with
99 % chance; simulated annealing decides whether the step is kept. Requests for which there is no place stay absent; then a step is kept if the
sum of the counters of how often each request has been absent falls, which leads the search to make room for the difficult ones. The same step
serves all purposes: shorter routes, fewer vehicles, and the quiet improvement of a plan in operation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.kernel.insertion import best_in_route, is_barred, opening, place_in
from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.state import (
    EARLY,
    EPS,
    F8,
    FIXED,
    I4,
    I8,
    LATE,
    LENGTH,
    PLACE,
    POSITION,
    SEEN,
    VEHICLE,
    Arrays,
    refresh,
    route_cost,
)


class Search(NamedTuple):
    """The memory of a search. R requests, V vehicles."""

    near: I4
    movable: NDArray[np.uint8]
    absences: F8
    absent: I4
    before: I4
    marked: NDArray[np.uint8]
    touched: I4
    saved: NDArray[np.uint8]
    backup: I4
    backup_length: I4
    cost: F8
    old_cost: F8
    best_route: I4
    best_length: I4
    best_absent: I4
    old_version: I8
    memo_version: I8
    memo_bound: F8
    memo_place: I4
    keys: F8
    counts: I8
    sums: F8
    rng: NDArray[np.uint64]


#: Places in `Search.counts` and `Search.sums`.
ABSENT, BEST_ABSENT, STEPS = 0, 1, 2
COST, BEST_COST, REMOVED, STRING, BLINK = range(5)


def search_for(
    arrays: Arrays,
    near: I4,
    movable: NDArray[np.uint8],
    seed: int,
    *,
    removed: float = 10.0,
    string: float = 10.0,
    blink: float = 0.01,
) -> Search:
    """A memory for plan arrays whose routes are derived; requests in no route are absent.

    `removed` requests are taken out by a step on average, in strings of up to `string` calls; `blink` is the chance to overlook a route.
    """
    vehicles = len(arrays.h)
    requests = len(movable)
    absent = np.full(requests + 1, -1, np.int32)
    missing = [r for r in range(requests) if arrays.g[arrays.base + 2 * r, VEHICLE] < 0 and movable[r]]
    absent[: len(missing)] = missing
    cost = np.array([route_cost(arrays, v) for v in range(vehicles)])
    best_absent = absent.copy()
    return Search(
        near=near,
        movable=movable,
        absences=np.ones(requests),
        absent=absent,
        before=absent.copy(),
        marked=np.zeros(requests, np.uint8),
        touched=np.zeros(vehicles + 1, np.int32),
        saved=np.zeros(vehicles, np.uint8),
        backup=arrays.route.copy(),
        backup_length=arrays.h[:, LENGTH].copy(),
        cost=cost,
        old_cost=cost.copy(),
        best_route=arrays.route.copy(),
        best_length=arrays.h[:, LENGTH].copy(),
        best_absent=best_absent,
        old_version=np.zeros(vehicles, np.int64),
        memo_version=np.full((requests, vehicles), -1, np.int64),
        memo_bound=np.zeros((requests, vehicles)),
        memo_place=np.zeros((requests, vehicles, 2), np.int32),
        keys=np.zeros(requests + 1),
        counts=np.array([len(missing), len(missing), 0], np.int64),
        sums=np.array([cost.sum(), cost.sum(), removed, string, blink]),
        rng=np.array([seed * 2 + 1], np.uint64),
    )


@kernel
def uniform(rng: NDArray[np.uint64]) -> float:
    """The next number in [0, 1) of a splitmix64 generator."""
    rng[0] += np.uint64(0x9E3779B97F4A7C15)
    z = rng[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def best_known(a: Arrays, w: Search, r: int, blink: float) -> tuple[int, int, int]:
    """The cheapest place of a request: (vehicle, i, j), vehicle -1 where there is none.

    What a route answered once holds until the route changes; with chance `blink` a route is overlooked.
    """
    pickup = a.base + 2 * r
    h, version, memo_version, memo_bound, memo_place, rng = (
        a.h,
        a.version,
        w.memo_version,
        w.memo_bound,
        w.memo_place,
        w.rng,
    )
    best, vehicle, best_i, best_j = np.inf, -1, -1, -1
    for v in range(len(h)):
        h[v, SEEN] = 0
    for v in range(len(h)):
        extra = opening(a, v)
        if extra == np.inf or is_barred(a, v, pickup):
            continue
        bound = best - extra
        i, j, cost, known = -1, -1, np.inf, False
        if memo_version[r, v] == version[v]:
            # Either the exact best of the route, or (place -1) only that it is not below this bound.
            cost = memo_bound[r, v]
            if cost >= bound:
                continue
            i, j = memo_place[r, v, 0], memo_place[r, v, 1]
            known = i >= 0 or cost == np.inf
        if not known:
            cost, i, j = best_in_route(a, v, pickup, bound, 1.0, 0.0)
            memo_version[r, v] = version[v]
            memo_bound[r, v] = cost if i >= 0 else bound
            memo_place[r, v, 0] = i
            memo_place[r, v, 1] = j
        if i >= 0 and cost + extra < best and uniform(rng) >= blink:
            best, vehicle, best_i, best_j = cost + extra, v, i, j
    return vehicle, best_i, best_j


@kernel
def keep(a: Arrays, w: Search, v: int, changed: int) -> int:
    """Remember a route before its first change in this step."""
    if w.saved[v]:
        return changed
    w.saved[v] = 1
    n = a.h[v, LENGTH]
    w.backup_length[v] = n
    for k in range(n):
        w.backup[v, k] = a.route[v, k]
    w.old_cost[v] = w.cost[v]
    w.old_version[v] = a.version[v]
    w.touched[changed] = v
    return changed + 1


@kernel
def ruin(a: Arrays, w: Search, served: int) -> int:
    """Take strings out of neighbouring routes; the number of routes that were changed."""
    requests = len(w.movable)
    changed = 0
    used = 0
    nodes = 0
    for v in range(len(a.h)):
        if a.h[v, LENGTH] > 2:
            used += 1
            nodes += a.h[v, LENGTH] - 2
    if used == 0 or served == 0:
        return 0
    longest = min(w.sums[STRING], nodes / used)
    strings = int(uniform(w.rng) * (4.0 * w.sums[REMOVED] / (1.0 + longest) - 1.0)) + 1
    seed = int(uniform(w.rng) * requests)
    for x in range(-1, w.near.shape[1]):
        if changed >= strings:
            break
        r = seed if x < 0 else w.near[seed, x]
        if r < 0:
            break
        node = a.base + 2 * r
        if a.g[node, VEHICLE] < 0:
            continue
        v = a.g[node, VEHICLE]
        if w.saved[v]:
            continue
        if uniform(w.rng) < 0.5:
            node += 1
        first = a.h[v, FIXED] + 1
        free = a.h[v, LENGTH] - 1 - first
        if free <= 0 or a.g[node, POSITION] < first:
            continue
        size = int(uniform(w.rng) * min(longest, free)) + 1
        skip = 0
        if size > 1 and uniform(w.rng) < 0.5:
            while size + skip < free and uniform(w.rng) > 0.05:
                skip += 1
                if skip >= 5:
                    break
        total = size + skip
        where = a.g[node, POSITION]
        low = max(first, where - total + 1)
        high = min(where, a.h[v, LENGTH] - 1 - total)
        start = low + int(uniform(w.rng) * (high - low + 1)) if high > low else low
        hole = start + 1 + int(uniform(w.rng) * (size - 1)) if skip > 0 else -1
        changed = keep(a, w, v, changed)
        for k in range(start, min(start + total, a.h[v, LENGTH] - 1)):
            if skip > 0 and hole <= k < hole + skip:
                continue
            other = a.route[v, k]
            if other >= a.base:
                q = (other - a.base) >> 1
                if w.movable[q] and not w.marked[q]:
                    w.marked[q] = 1
                    w.absent[w.counts[ABSENT]] = q
                    w.counts[ABSENT] += 1
        kept = 0
        for k in range(a.h[v, LENGTH]):
            other = a.route[v, k]
            if other >= a.base and w.marked[(other - a.base) >> 1]:
                a.g[other, VEHICLE] = -1
            else:
                a.route[v, kept] = other
                kept += 1
        a.h[v, LENGTH] = kept
        refresh(a, v)
    return changed


@kernel
def arrange(a: Arrays, w: Search, fleet: bool) -> None:
    """Put the absent requests into the order in which they come back."""
    f = a.f
    n = w.counts[ABSENT]
    rule = uniform(w.rng)
    for x in range(n):
        r = w.absent[x]
        node = a.base + 2 * r
        if fleet and rule < 0.3:
            key = -w.absences[r]
        elif rule < 0.5:
            key = uniform(w.rng)
        elif rule < 0.7:
            key = min(f[node, LATE] - f[node, EARLY], f[node + 1, LATE] - f[node + 1, EARLY])
        elif rule < 0.85:
            key = -a.times[a.g[node, PLACE], a.g[node + 1, PLACE]]
        elif rule < 0.93:
            key = -float(a.demand[node, 0])
        else:
            key = f[node, EARLY]
        w.keys[x] = key
    for x in range(1, n):  # insertion sort: a dozen entries
        key, r = w.keys[x], w.absent[x]
        y = x - 1
        while y >= 0 and w.keys[y] > key:
            w.keys[y + 1] = w.keys[y]
            w.absent[y + 1] = w.absent[y]
            y -= 1
        w.keys[y + 1] = key
        w.absent[y + 1] = r


@kernel
def recreate(a: Arrays, w: Search, changed: int, fleet: bool, blink: float) -> int:
    """Put absent requests back where they cost least; the number of routes that were changed so far in this step."""
    arrange(a, w, fleet)
    left = 0
    for x in range(w.counts[ABSENT]):
        r = w.absent[x]
        w.marked[r] = 0
        pickup = a.base + 2 * r
        v, i, j = best_known(a, w, r, blink)
        if v < 0:
            w.absent[left] = r
            left += 1
        else:
            changed = keep(a, w, v, changed)
            place_in(a.route, a.h, v, pickup, i, j)
            refresh(a, v)
    w.counts[ABSENT] = left
    return changed


@kernel
def remember(a: Arrays, w: Search) -> None:
    """The routes as they are now are the best so far."""
    for v in range(len(a.h)):
        n = a.h[v, LENGTH]
        w.best_length[v] = n
        for k in range(n):
            w.best_route[v, k] = a.route[v, k]
    for x in range(w.counts[ABSENT]):
        w.best_absent[x] = w.absent[x]
    w.counts[BEST_ABSENT] = w.counts[ABSENT]
    w.sums[BEST_COST] = w.sums[COST]


@kernel
def run(a: Arrays, w: Search, steps: int, heat: float, fleet: bool) -> int:
    """Do up to `steps` steps at a temperature (cost units); with `fleet` stop as soon as nobody is absent. Answers the steps done."""
    requests = len(w.movable)
    for step in range(steps):
        if fleet and w.counts[ABSENT] == 0:
            return step
        away = w.counts[ABSENT]
        before_sum = 0.0
        for x in range(away):
            w.before[x] = w.absent[x]
            before_sum += w.absences[w.absent[x]]
        changed = ruin(a, w, requests - away)
        changed = recreate(a, w, changed, fleet, w.sums[BLINK])
        w.counts[STEPS] += 1
        now_away = w.counts[ABSENT]
        delta = 0.0
        for x in range(changed):
            v = w.touched[x]
            w.cost[v] = route_cost(a, v)
            delta += w.cost[v] - w.old_cost[v]
        now_sum = 0.0
        for x in range(now_away):
            now_sum += w.absences[w.absent[x]]
        bound = -heat * np.log(1.0 - uniform(w.rng))
        good = delta < bound if now_away == away and now_sum == before_sum else now_sum < before_sum
        for x in range(now_away):
            w.absences[w.absent[x]] += 1.0
        if good:
            w.sums[COST] += delta
            if now_away < w.counts[BEST_ABSENT] or (
                now_away == w.counts[BEST_ABSENT] and w.sums[COST] < w.sums[BEST_COST] - EPS
            ):
                remember(a, w)
        else:
            for x in range(away):
                w.absent[x] = w.before[x]
            w.counts[ABSENT] = away
            for x in range(changed):
                v = w.touched[x]
                for k in range(1, a.h[v, LENGTH] - 1):
                    a.g[a.route[v, k], VEHICLE] = -1
            for x in range(changed):
                v = w.touched[x]
                a.h[v, LENGTH] = w.backup_length[v]
                for k in range(a.h[v, LENGTH]):
                    a.route[v, k] = w.backup[v, k]
                refresh(a, v)
                a.version[v] = w.old_version[v]
                w.cost[v] = w.old_cost[v]
        for x in range(changed):
            w.saved[w.touched[x]] = 0
    return steps
