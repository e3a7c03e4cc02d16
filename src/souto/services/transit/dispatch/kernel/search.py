"""Large-neighbourhood search: slack induction by string removals (Christiaens and Vanden Berghe 2020) for pickups and deliveries.

A step takes strings of neighbouring calls out of neighbouring routes and puts the requests back one by one at their best place, seeing each place only with
99 % chance; simulated annealing decides whether the step is kept. Requests for which there is no place stay absent; then a step is kept if the
sum of the counters of how often each request has been absent falls, which leads the search to make room for the difficult ones. Some steps
let two vehicles exchange the rest of their ways instead (`crossing`), which no putting back of single requests finds. The same steps
serve all purposes: shorter routes, fewer vehicles, and the quiet improvement of a plan in operation.
"""

from __future__ import annotations

import numpy as np

from souto.services.transit.dispatch.kernel.crossing import cross
from souto.services.transit.dispatch.kernel.insertion import best_in_route, is_barred, opening, place_in
from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.memory import (
    ABSENT,
    BEST_ABSENT,
    BEST_COST,
    BLINK,
    COST,
    CROSSED,
    REMOVED,
    STEPS,
    STRING,
    Search,
    keep,
    remember,
    uniform,
)
from souto.services.transit.dispatch.kernel.state import (
    EARLY,
    EPS,
    FIXED,
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
        possible = True
        if not fleet and away == 0 and uniform(w.rng) < w.sums[CROSSED]:
            changed, possible = cross(a, w, heat)
        else:
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
        good = good and possible
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
