"""Two vehicles exchange what they do from a moment on at which both are empty: 2-opt* (Potvin and Rousseau 1995) for pickups and deliveries.

Nobody aboard is parted from his drop-off, so seats and exclusions hold on either side; windows are looked at before, longest rides and durations after. Only
where times obey the triangle inequality, since only there the earliest times of a route know its longest rides.
"""

from __future__ import annotations

import numpy as np

from souto.services.transit.dispatch.kernel.insertion import is_barred
from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.memory import Search, keep, uniform
from souto.services.transit.dispatch.kernel.state import (
    ACTIVE,
    AT,
    EARLIEST,
    EPS,
    FIXED,
    KIND,
    LATE,
    LATEST,
    LENGTH,
    OUT_COST,
    OUT_TIME,
    PLACE,
    SERVICE,
    VEHICLE,
    Arrays,
    refresh,
    stretched,
)

#: Attempts to find a neighbour who rides in another vehicle.
LOOKS = 8


@kernel
def empty_after(a: Arrays, v: int) -> bool:
    """Write into column `AT` of each node of a route whether nobody is aboard when the vehicle leaves it; False if the route has a break in it."""
    aboard = 0
    last = a.h[v, LENGTH] - 1
    for k in range(last + 1):
        node = a.route[v, k]
        if node >= a.base:
            aboard += 1 if (node & 1) == 0 else -1
        elif 0 < k < last:
            return False
        a.g[node, AT] = 1 if aboard == 0 else 0
    return True


@kernel
def holds(a: Arrays, v: int) -> bool:
    """Whether a vehicle may carry everybody of its route, in time.

    Longest rides and durations are in the earliest times already; where those contradict the ways between the calls, `refresh` gave up on them.
    """
    f, g, row = a.f, a.g, a.route[v]
    for k in range(a.h[v, LENGTH]):
        node = row[k]
        if f[node, EARLIEST] > f[node, LATE] + EPS:
            return False
        if node >= a.base and (node & 1) == 0 and is_barred(a, v, node):
            return False
        if k > 0 and g[node, PLACE] >= 0:
            leave = f[row[k - 1], EARLIEST] + f[row[k - 1], SERVICE]
            if stretched(a.profile, leave, f[row[k - 1], OUT_TIME]) > f[node, EARLIEST] + EPS:
                return False
    return True


@kernel
def neighbour(a: Arrays, w: Search, one: int, seed: int) -> int:
    """Another vehicle that is like vehicle `one` and serves a neighbour of request `seed`, near ones more often; -1 where chance finds none."""
    width = w.near.shape[1]
    for _ in range(LOOKS):
        chance = uniform(w.rng)
        other = w.near[seed, int(chance * chance * width)]
        two = a.g[a.base + 2 * other, VEHICLE] if other >= 0 else -1
        if two >= 0 and two != one:
            return two if a.h[one, KIND] == a.h[two, KIND] and a.h[two, ACTIVE] == 1 else -1
    return -1


@kernel
def in_time(a: Arrays, x: int, y: int, there: int) -> bool:
    """Whether a vehicle that leaves node x at its earliest can go on to place `there` and be in time for node y."""
    if there < 0:
        return True
    on = a.times[a.g[x, PLACE], there]
    # The latest time of an end depends on the begin of what is exchanged.
    limit = a.f[y, LATEST if y >= a.base else LATE]
    return stretched(a.profile, a.f[x, EARLIEST] + a.f[x, SERVICE], on) <= limit + EPS


@kernel
def cuts(a: Arrays, w: Search, one: int, two: int, heat: float) -> tuple[int, int]:
    """The positions after which two routes exchange their rests: by chance one of the pairs that a temperature allows, (-1, -1) where there is none."""
    f, g, h, costs = a.f, a.g, a.h, a.costs
    n1, n2 = h[one, LENGTH], h[two, LENGTH]
    row1, row2 = a.route[one], a.route[two]
    seen, cut1, cut2 = 0, -1, -1
    if not (empty_after(a, one) and empty_after(a, two)):  # a break is its vehicle's own
        return cut1, cut2
    for p in range(h[one, FIXED], n1 - 1):
        x, y = row1[p], row1[p + 1]
        if g[x, AT] == 0:
            continue
        for q in range(h[two, FIXED], n2 - 1):
            s, t = row2[q], row2[q + 1]
            if g[s, AT] == 0 or (p == 0 and q == 0) or (p == n1 - 2 and q == n2 - 2):
                continue
            # Each vehicle keeps its own end.
            after_x = g[row1[n1 - 1] if q == n2 - 2 else t, PLACE]
            after_s = g[row2[n2 - 1] if p == n1 - 2 else y, PLACE]
            if not (in_time(a, x, t, after_x) and in_time(a, s, y, after_s)):
                continue
            delta = -f[x, OUT_COST] - f[s, OUT_COST]
            if after_x >= 0:
                delta += costs[g[x, PLACE], after_x]
            if after_s >= 0:
                delta += costs[g[s, PLACE], after_s]
            if delta < -heat * np.log(1.0 - uniform(w.rng)):
                seen += 1
                if uniform(w.rng) * seen < 1.0:
                    cut1, cut2 = p, q
    return cut1, cut2


@kernel
def cross(a: Arrays, w: Search, heat: float) -> tuple[int, bool]:
    """Let two neighbouring vehicles exchange the rest of their ways: how many routes were changed (0 or 2), and whether they can be driven."""
    if a.rides and not a.metric:
        return 0, False
    seed = int(uniform(w.rng) * len(w.movable))
    one = a.g[a.base + 2 * seed, VEHICLE]
    if one < 0 or a.h[one, ACTIVE] == 0:
        return 0, False
    two = neighbour(a, w, one, seed)
    if two < 0:
        return 0, False
    cut1, cut2 = cuts(a, w, one, two, heat)
    if cut1 < 0:
        return 0, False
    changed = keep(a, w, two, keep(a, w, one, 0))
    n1, n2 = a.h[one, LENGTH], a.h[two, LENGTH]
    rest1, rest2 = n1 - 2 - cut1, n2 - 2 - cut2
    for k in range(rest2):
        a.route[one, cut1 + 1 + k] = w.backup[two, cut2 + 1 + k]
    a.route[one, cut1 + 1 + rest2] = w.backup[one, n1 - 1]
    a.h[one, LENGTH] = cut1 + 2 + rest2
    for k in range(rest1):
        a.route[two, cut2 + 1 + k] = w.backup[one, cut1 + 1 + k]
    a.route[two, cut2 + 1 + rest1] = w.backup[two, n2 - 1]
    a.h[two, LENGTH] = cut2 + 2 + rest1
    refresh(a, one)
    refresh(a, two)
    return changed, holds(a, one) and holds(a, two)
