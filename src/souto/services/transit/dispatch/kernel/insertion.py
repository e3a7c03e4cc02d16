"""The best place of a request in a route, exactly.

Every pair of gaps (pickup after position i, drop-off after j >= i) is walked in O(length) per i, with an end as soon as no later j can work: the windows by the
earliest times carried along and the latest times of what follows, seats by the loads. A pair that survives and would be the best so far is then tried in full
with all longest rides. A pair is never left out for any other reason, so the result is the optimum over all pairs.
"""

from __future__ import annotations

import numpy as np

from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.state import (
    ACTIVE,
    AT,
    EARLIEST,
    EARLY,
    EPS,
    FIXED,
    I4,
    KIND,
    LATE,
    LATEST,
    LENGTH,
    OUT_COST,
    OUT_TIME,
    PLACE,
    POSITION,
    REST,
    SEEN,
    SERVICE,
    STAY,
    STRAIGHT,
    VEHICLE,
    Arrays,
    leave_by,
    served,
    stretched,
    way_cost,
)


@kernel
def trial(a: Arrays, v: int, pickup: int, i: int, j: int) -> float:
    """When the drop-off begins in the least schedule with the pickup after position i and the drop-off after j; -1e300 where there is none.

    The schedule is left in `a.moments`, its nodes in `a.order`.
    """
    f, g, order, moments, times, profile = a.f, a.g, a.order, a.moments, a.times, a.profile
    base, metric = a.base, a.metric
    plain = profile.shape[1] == 0
    row = a.route[v]
    n = a.h[v, LENGTH]
    dropoff = pickup + 1
    size = 0
    for k in range(n):
        node = row[k]
        order[size] = node
        g[node, AT] = size
        moments[size] = f[node, EARLIEST]
        size += 1
        if k == i:
            order[size] = pickup
            g[pickup, AT] = size
            moments[size] = f[pickup, EARLY]
            size += 1
        if k == j:
            order[size] = dropoff
            g[dropoff, AT] = size
            moments[size] = f[dropoff, EARLY]
            size += 1
    first = i + 1
    past = g[dropoff, AT]
    for _ in range(n + 3):
        lowest = size
        before = order[first - 1]
        for k in range(first, size):
            node = order[k]
            leave = moments[k - 1] + f[before, SERVICE]
            there = g[node, PLACE]
            if there >= 0:
                on = times[g[before, PLACE], there]
                leave = leave + on if plain else stretched(profile, leave, on)
            if leave > moments[k]:
                moments[k] = leave
            elif metric and k > past and moments[k] == f[node, EARLIEST]:
                break  # from here on nothing has moved: the old schedule holds
            limit = f[node, LATE]
            if metric and node != pickup and node != dropoff and f[node, LATEST] < limit:
                limit = f[node, LATEST]
            if moments[k] > limit + EPS:
                return -1e300
            other = -1
            if k == size - 1:
                other = order[0]
            elif node >= base and (node & 1) == 1:
                other = node - 1
            if other >= 0:
                needed = moments[k] - f[other, STAY]
                where = g[other, AT]
                if needed > moments[where] + EPS:
                    if needed > f[other, LATE] + EPS:
                        return -1e300
                    moments[where] = needed
                    if where < lowest:
                        lowest = where
            before = node
        if lowest == size:
            return moments[past]
        first = lowest + 1
    return -1e300


@kernel
def together(a: Arrays, v: int, pickup: int, i: int, j: int) -> bool:
    """Whether somebody would be aboard who must not be."""
    g = a.g
    r = (pickup - a.base) >> 1
    for x in range(a.apart_at[r], a.apart_at[r + 1]):
        other = a.base + 2 * a.apart[x]
        if g[other, VEHICLE] == v and not (j < g[other, POSITION] or i >= g[other + 1, POSITION]):
            return True
    return False


@kernel
def is_barred(a: Arrays, v: int, pickup: int) -> bool:
    """Whether the party cannot use the vehicle."""
    r = (pickup - a.base) >> 1
    for x in range(a.barred_at[r], a.barred_at[r + 1]):
        if a.barred[x] == v:
            return True
    return False


@kernel
def room(layouts: I4, load: I4, demand: I4, v: int, node: int, pickup: int) -> bool:
    """Whether a party fits beside those who are aboard when the vehicle leaves a node."""
    kinds = demand.shape[1]
    for layout in range(layouts.shape[1]):
        good = True
        for kind in range(kinds):
            if load[node, kind] + demand[pickup, kind] > layouts[v, layout, kind]:
                good = False
                break
        if good:
            return True
    return False


@kernel
def best_in_route(
    a: Arrays, v: int, pickup: int, bound: float, driving: float, waiting: float
) -> tuple[float, int, int]:
    """The cheapest pair of gaps of a route, if it costs less than `bound`: (cost, i, j), else (inf, -1, -1).

    Cost is `driving` times the added travel cost plus `waiting` times the begin of the drop-off.
    """
    f, g, load, demand, layouts = a.f, a.g, a.load, a.demand, a.layouts
    times, times_to, costs, costs_to, profile = a.times, a.times_to, a.costs, a.costs_to, a.profile
    metric, full = a.metric, a.rides or waiting > 0.0
    plain = profile.shape[1] == 0
    row = a.route[v]
    n = a.h[v, LENGTH]
    dropoff = pickup + 1
    best, best_i, best_j = bound, -1, -1
    pp, dd = g[pickup, PLACE], g[dropoff, PLACE]
    e_p, l_p, s_p = f[pickup, EARLY], f[pickup, LATE] + EPS, f[pickup, SERVICE]
    e_d, l_d, s_d = f[dropoff, EARLY], f[dropoff, LATE] + EPS, f[dropoff, SERVICE]
    stay = f[pickup, STAY] + EPS
    alone = g[pickup, STRAIGHT] == 1
    choosy = a.apart_at[((pickup - a.base) >> 1) + 1] > a.apart_at[(pickup - a.base) >> 1]
    direct_time, direct_cost = times[pp, dd], costs[pp, dd]
    if direct_time == np.inf:
        return np.inf, -1, -1
    for i in range(a.h[v, FIXED], n - 1):
        x = row[i]
        y = row[i + 1]
        leave = f[x, EARLIEST] + f[x, SERVICE]
        here, there = g[x, PLACE], g[y, PLACE]
        on = times_to[pp, here]
        t_p = leave + on if plain else stretched(profile, leave, on)
        if t_p > l_p:
            if metric:
                break
            continue
        if t_p < e_p:
            t_p = e_p
        if g[x, STRAIGHT] == 1 and y == x + 1:
            continue
        reach = t_p + s_p
        latest = f[y, LATEST] + EPS
        if metric and reach > latest:
            continue
        if not room(layouts, load, demand, v, x, pickup):
            continue
        added = costs_to[pp, here] - f[x, OUT_COST]
        # Drop-off next.
        t_d = reach + direct_time if plain else stretched(profile, reach, direct_time)
        if t_d < e_d:
            t_d = e_d
        if t_d <= l_d:
            on = 0.0 if there < 0 else times[dd, there]
            t_y = t_d + s_d + on if plain else stretched(profile, t_d + s_d, on)
            if t_y <= latest:
                cost = driving * (added + direct_cost + (0.0 if there < 0 else costs[dd, there])) + waiting * t_d
                if cost < best - EPS and not (choosy and together(a, v, pickup, i, i)):
                    if full:
                        at = trial(a, v, pickup, i, i)
                        cost = np.inf if at < -1e299 else cost + waiting * (at - t_d)
                    if cost < best - EPS:
                        best, best_i, best_j = cost, i, i
        if alone or i + 2 >= n:
            continue
        on = times[pp, there]
        t = reach + on if plain else stretched(profile, reach, on)
        if t > latest:
            continue
        if t < f[y, EARLY]:
            t = f[y, EARLY]
        added += costs[pp, there]
        if metric and waiting == 0.0 and driving * added >= best - EPS:
            continue
        # The last moment at which the pickup can begin if y follows it.
        last = f[y, LATEST] - on if plain else leave_by(profile, f[y, LATEST], on)
        last = min(l_p, last - s_p)
        for j in range(i + 1, n - 1):
            x = y
            if g[x, REST] == 1 or not room(layouts, load, demand, v, x, pickup):
                break
            y = row[j + 1]
            there = g[y, PLACE]
            latest = f[y, LATEST] + EPS
            leave = t + f[x, SERVICE]
            on = times_to[dd, g[x, PLACE]]
            t_d = leave + on if plain else stretched(profile, leave, on)
            if t_d > l_d or t_d - last > stay:
                if metric:
                    break
            elif not (g[x, STRAIGHT] == 1 and y == x + 1):
                if t_d < e_d:
                    t_d = e_d
                on = 0.0 if there < 0 else times[dd, there]
                t_y = t_d + s_d + on if plain else stretched(profile, t_d + s_d, on)
                if t_y <= latest:
                    cost = added + costs_to[dd, g[x, PLACE]] - f[x, OUT_COST]
                    if there >= 0:
                        cost += costs[dd, there]
                    cost = driving * cost + waiting * t_d
                    if cost < best - EPS and not (choosy and together(a, v, pickup, i, j)):
                        if full:
                            at = trial(a, v, pickup, i, j)
                            cost = np.inf if at < -1e299 else cost + waiting * (at - t_d)
                        if cost < best - EPS:
                            best, best_i, best_j = cost, i, j
            t = leave + f[x, OUT_TIME] if plain else stretched(profile, leave, f[x, OUT_TIME])
            if t > latest:
                break
            if t < f[y, EARLY]:
                t = f[y, EARLY]
    if best_i < 0:
        return np.inf, -1, -1
    return best, best_i, best_j


@kernel
def opening(a: Arrays, v: int) -> float:
    """What using a vehicle costs beyond the new calls: 0 if it is used, else its empty way; infinite if it must not be used, or one like it was seen."""
    h = a.h
    if h[v, ACTIVE] == 0:
        return np.inf
    if served(a, v):
        return 0.0
    if h[v, LENGTH] == 2 and h[v, FIXED] == 0:
        if h[h[v, KIND], SEEN] == 1:
            return np.inf
        h[h[v, KIND], SEEN] = 1
    return way_cost(a, v)


@kernel
def best_of_all(a: Arrays, pickup: int, driving: float, waiting: float) -> tuple[float, int, int, int]:
    """The cheapest place over all active vehicles: (cost, vehicle, i, j), vehicle -1 where there is none."""
    best, vehicle, best_i, best_j = np.inf, -1, -1, -1
    for v in range(len(a.h)):
        a.h[v, SEEN] = 0
    for v in range(len(a.h)):
        if is_barred(a, v, pickup):
            continue
        extra = opening(a, v)
        if extra == np.inf:
            continue
        extra *= driving
        cost, i, j = best_in_route(a, v, pickup, best - extra, driving, waiting)
        if i >= 0 and cost + extra < best:
            best, vehicle, best_i, best_j = cost + extra, v, i, j
    return best, vehicle, best_i, best_j


@kernel
def place_in(route: I4, h: I4, v: int, pickup: int, i: int, j: int) -> None:
    """Write a request into a route (without deriving anything)."""
    for k in range(h[v, LENGTH] - 1, j, -1):
        route[v, k + 2] = route[v, k]
    route[v, j + 2] = pickup + 1
    for k in range(j, i, -1):
        route[v, k + 1] = route[v, k]
    route[v, i + 1] = pickup
    h[v, LENGTH] += 2
