"""Whole days with tens of thousands of riders and no time windows: the same search on linked lists.

Without windows a place in a route depends on the calls beside it and on the seats between pickup and drop-off only. Routes are doubly linked lists, a
request is tried beside calls near its pickup, and from each such place the route is followed until the vehicle is full: a step costs the same
however long the routes are. What a step changed is undone call by call.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.memory import uniform
from souto.services.transit.dispatch.kernel.state import F8, I4


class Chain(NamedTuple):
    """Routes as lists. Nodes: starts (0 … V-1), ends (V … 2V-1, place -1 where a vehicle stays), then pickup and drop-off of each request.

    `after` and `before` are -1 for calls in no route; `leg` is the cost to the next call; `seats` the capacity of each vehicle; `near` the calls
    near each pickup, nearest first, -1 at the end. `log` and `total` are the memory of the search.
    """

    after: I4
    before: I4
    vehicle: I4
    load: I4
    leg: F8
    place: I4
    demand: I4
    seats: I4
    near: I4
    costs: F8
    costs_to: F8
    log: I4
    total: F8
    rng: NDArray[np.uint64]


@kernel
def cheapest(c: Chain, r: int, blink: float, everywhere: bool, rng: NDArray[np.uint64]) -> tuple[float, int, int]:
    """The cheapest place of a request: (cost, pickup after this call, drop-off after that call; the pickup itself means next)."""
    after, before, vehicle, load, leg, place = c.after, c.before, c.vehicle, c.load, c.leg, c.place
    costs, costs_to, seats, near = c.costs, c.costs_to, c.seats, c.near
    base = 2 * len(seats)
    pickup = base + 2 * r
    pp, dd = place[pickup], place[pickup + 1]
    party = c.demand[pickup]
    direct = costs[pp, dd]
    best, best_a, best_y = np.inf, -1, -1
    count = len(seats) if everywhere else 2 * near.shape[1]
    for x in range(count):
        if everywhere:
            a = x
        else:
            a = near[r, x >> 1]
            if a < 0:
                break
            if vehicle[a] < 0:
                continue
            if x & 1:
                a = before[a]
            if a < 0:
                continue
        b = after[a]
        if b < 0:
            continue
        most = seats[vehicle[a]] - party
        if load[a] > most:
            continue
        there = place[b]
        base_cost = costs_to[pp, place[a]] - leg[a]
        cost = base_cost + direct
        added = base_cost
        if there >= 0:
            cost += costs[dd, there]
            added += costs[pp, there]
        if cost < best and (blink == 0.0 or uniform(rng) >= blink):
            best, best_a, best_y = cost, a, pickup
        y = b
        while added < best and after[y] >= 0 and load[y] <= most:
            z = after[y]
            there = place[z]
            cost = added + costs_to[dd, place[y]] - leg[y]
            if there >= 0:
                cost += costs[dd, there]
            if cost < best and (blink == 0.0 or uniform(rng) >= blink):
                best, best_a, best_y = cost, a, y
            y = z
    return best, best_a, best_y


@kernel
def link(c: Chain, node: int, a: int) -> None:
    """Put a call behind another one."""
    b = c.after[a]
    c.after[a], c.before[node] = node, a
    c.after[node], c.before[b] = b, node
    c.vehicle[node] = c.vehicle[a]
    c.leg[a] = c.costs[c.place[a], c.place[node]]
    c.leg[node] = 0.0 if c.place[b] < 0 else c.costs[c.place[node], c.place[b]]


@kernel
def unlink(c: Chain, node: int) -> None:
    """Take a call out of its route."""
    a, b = c.before[node], c.after[node]
    c.after[a], c.before[b] = b, a
    c.leg[a] = 0.0 if c.place[b] < 0 else c.costs[c.place[a], c.place[b]]
    c.after[node] = c.before[node] = c.vehicle[node] = -1


@kernel
def put(c: Chain, r: int, a: int, y: int) -> None:
    """Put a request into a route: the pickup behind `a`, the drop-off behind `y`."""
    pickup = 2 * len(c.seats) + 2 * r
    party = c.demand[pickup]
    link(c, pickup, a)
    link(c, pickup + 1, y)
    c.load[pickup] = c.load[a] + party
    x = c.after[pickup]
    while x != pickup + 1:
        c.load[x] += party
        x = c.after[x]
    c.load[x] = c.load[c.before[x]] - party


@kernel
def pull(c: Chain, r: int) -> None:
    """Take a request out of its route."""
    pickup = 2 * len(c.seats) + 2 * r
    party = c.demand[pickup]
    x = c.after[pickup]
    while x != pickup + 1:
        c.load[x] -= party
        x = c.after[x]
    unlink(c, pickup + 1)
    unlink(c, pickup)


@kernel
def place_all(c: Chain, order: I4) -> int:
    """Put requests in one after the other, each at its cheapest place; the number of those for which there was none."""
    left = 0
    for x in range(len(order)):
        cost, a, y = cheapest(c, order[x], 0.0, False, c.rng)
        if a < 0:
            cost, a, y = cheapest(c, order[x], 0.0, True, c.rng)
        if a < 0:
            left += 1
        else:
            put(c, order[x], a, y)
            c.total[0] += cost
    return left


@kernel
def anneal(c: Chain, steps: int, heat: float, removed: int) -> None:
    """Do some steps at a temperature: take about `removed` requests out around one place, put them back, keep or undo."""
    base = 2 * len(c.seats)
    requests = len(c.near)
    log, rng = c.log, c.rng
    for _ in range(steps):
        seed = int(uniform(rng) * requests)
        wanted = 1 + int(uniform(rng) * (2 * removed - 1))
        string = 1 + int(uniform(rng) * 8)
        count = 0
        delta = 0.0
        for x in range(-1, c.near.shape[1]):
            if count >= wanted:
                break
            node = base + 2 * seed if x < 0 else c.near[seed, x]
            if node < 0:
                break
            if node < base or c.vehicle[node] < 0 or (x >= 0 and uniform(rng) < 0.3):
                continue
            for _ in range(int(uniform(rng) * string)):
                if c.before[node] >= base:
                    node = c.before[node]
            for _ in range(string):
                if count >= wanted or node < base:
                    break
                follow = c.after[node]
                r = (node - base) >> 1
                pickup = base + 2 * r
                if follow == pickup + 1 and follow != node:
                    follow = c.after[follow]
                log[count, 0] = r
                log[count, 1] = c.before[pickup]
                log[count, 2] = c.before[pickup + 1]
                gone = c.leg[c.before[pickup + 1]] + c.leg[pickup + 1]
                last = c.before[pickup + 1]
                c_next = c.after[pickup + 1]
                joined = 0.0 if c.place[c_next] < 0 else c.costs[c.place[last], c.place[c_next]]
                delta -= gone - joined
                first = c.before[pickup]
                second = c.after[pickup] if c.after[pickup] != pickup + 1 else c_next
                leg = joined if c.after[pickup] == pickup + 1 else c.leg[pickup]
                joined = 0.0 if c.place[second] < 0 else c.costs[c.place[first], c.place[second]]
                delta -= c.leg[first] + leg - joined
                pull(c, r)
                count += 1
                node = follow
                if c.vehicle[node] < 0:
                    break
        rule = uniform(rng)
        for x in range(count):
            log[x, 3] = log[x, 0]
        for x in range(count - 1, 0, -1):
            other = int(uniform(rng) * (x + 1))
            log[x, 3], log[other, 3] = log[other, 3], log[x, 3]
        if rule < 0.5:  # the longest ways first
            for x in range(1, count):
                r = log[x, 3]
                key = c.costs[c.place[base + 2 * r], c.place[base + 2 * r + 1]]
                y = x - 1
                while y >= 0 and c.costs[c.place[base + 2 * log[y, 3]], c.place[base + 2 * log[y, 3] + 1]] < key:
                    log[y + 1, 3] = log[y, 3]
                    y -= 1
                log[y + 1, 3] = r
        bound = -heat * np.log(1.0 - uniform(rng))
        back = 0
        good = True
        for x in range(count):
            cost, a, y = cheapest(c, log[x, 3], 0.01, False, rng)
            if a < 0:
                good = False
                break
            put(c, log[x, 3], a, y)
            back += 1
            delta += cost
        if good and delta < bound:
            c.total[0] += delta
        else:
            for x in range(back - 1, -1, -1):
                pull(c, log[x, 3])
            for x in range(count - 1, -1, -1):
                put(c, log[x, 0], log[x, 1], log[x, 2])
