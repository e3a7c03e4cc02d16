"""`improve` and `solve`: the large-neighbourhood search of `kernel.search`, led from outside in short runs.

With a budget of steps the result depends on plan, budget and seed alone. With CPU-seconds it depends on the machine, too. Either way the search can be
stopped between two runs of some hundredths of a second, and what it has then is a valid plan.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch import bulk
from souto.services.transit.dispatch.compiled import Compiled, compile_plan
from souto.services.transit.dispatch.kernel import memory, search
from souto.services.transit.dispatch.kernel.state import (
    ACTIVE,
    EARLY,
    FIXED,
    LATE,
    LENGTH,
    PLACE,
    POSITION,
    VEHICLE,
    refresh,
    route_cost,
)
from souto.services.transit.dispatch.model import Promise, Window
from souto.services.transit.dispatch.plan import Plan, Route

#: The waves of a search from nothing: share of the time, temperatures at begin and end as shares of the cost per request. What is warmer than that
#: undoes all order, what is colder finds nothing more; a second wave from the best plan leaves a valley that the first one ended in.
WAVES = ((0.45, 0.45, 0.12), (0.45, 0.45, 0.12), (0.1, 0.2, 0.1))
#: With as few vehicles as there are the way from one plan to another leads over far worse ones: one wave from hotter.
FEW_VEHICLES = ((1.0, 2.5, 0.04),)
#: `improve` starts from a plan that is good already.
MILD = ((1.0, 0.01, 0.0005),)
#: While routes are emptied only what saves ways is taken.
STILL = 0.0015
#: The share of a budget that goes into needing fewer vehicles.
FLEET_SHARE = 0.45
#: Requests that count as neighbours of a request.
NEIGHBOURS = 200
#: How much a gap between two riders' windows separates them, against distance.
APART = 0.2
#: CPU-seconds of one run of the kernel, about.
SLICE = 0.03


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a search may take: a number of steps (the result is then the same every time), or CPU-seconds of this process."""

    steps: int | None = None
    cpu_seconds: float | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.cpu_seconds is None):
            raise ValueError("a budget is either a number of steps or a number of CPU-seconds")


class _Watch:
    """How much of a budget is used, and how many steps the next run should have."""

    def __init__(self, budget: Budget, stop: Callable[[], bool] | None) -> None:
        self.budget, self.stop = budget, stop
        self.begin = time.process_time()
        self.done = 0
        self.pace = 20.0

    @property
    def used(self) -> float:
        """The share of the budget that is used, up to 1; 1 as soon as somebody wants to stop."""
        if self.stop is not None and self.stop():
            return 1.0
        if self.budget.steps is not None:
            return min(1.0, self.done / self.budget.steps) if self.budget.steps else 1.0
        spent, allowed = time.process_time() - self.begin, self.budget.cpu_seconds or 0.0
        return min(1.0, spent / allowed) if allowed > 0 else 1.0

    def run(self, steps: Callable[[int], int]) -> None:
        """Do some steps; with a budget of steps always the same number."""
        if self.budget.steps is not None:
            wanted = max(1, min(100, self.budget.steps - self.done))
            self.done += max(1, steps(wanted))
            return
        begin = time.process_time()
        did = steps(int(self.pace))
        spent = time.process_time() - begin
        self.done += did
        if did >= int(self.pace):
            self.pace = min(5000.0, max(1.0, self.pace * min(2.0, SLICE / max(spent, 1e-6))))


class _Searching:
    """A plan under search."""

    def __init__(self, plan: Plan, movable: NDArray[np.uint8], made: Compiled, seed: int) -> None:
        self.plan, self.made = plan, made
        self.arrays = made.arrays
        self.memory = memory.search_for(self.arrays, neighbours(made), movable, seed)
        self.requests = max(1, int(movable.sum()))

    @property
    def absent(self) -> int:
        return int(self.memory.counts[memory.ABSENT])

    def steps(self, count: int, heat: float, *, fleet: bool = False) -> int:
        return int(search.run(self.arrays, self.memory, count, heat, fleet))

    def cost_per_request(self) -> float:
        return max(float(self.memory.sums[memory.COST]) / self.requests, 1e-9)

    def anneal(self, watch: _Watch, waves: Sequence[tuple[float, float, float]]) -> None:
        """Cool down over what is left of the budget, in waves; each but the first begins with the best plan found."""
        begin = end = watch.used
        for number, (part, warm, cold) in enumerate(waves):
            first, end = end, end + (1.0 - begin) * part if number + 1 < len(waves) else 1.0
            if number > 0:
                self._restore()
            while (used := watch.used) < end:
                share = max(0.0, (used - first) / (end - first))
                heat = self.cost_per_request() * warm * (cold / warm) ** share
                watch.run(lambda count, heat=heat: self.steps(count, heat))  # type: ignore[misc]

    def _restore(self) -> None:
        """Go on from the best plan found."""
        w = self.memory
        self._drive(w.best_route, w.best_length)
        away = w.counts[memory.ABSENT] = w.counts[memory.BEST_ABSENT]
        w.absent[:away] = w.best_absent[:away]

    def _drive(self, routes: NDArray[np.int32], lengths: NDArray[np.int32]) -> None:
        """Let the vehicles drive other routes; who is in none of them has no vehicle."""
        a, w = self.arrays, self.memory
        a.route[:] = routes
        a.h[:, LENGTH] = lengths
        a.g[:, VEHICLE] = -1
        for v in range(len(a.h)):
            refresh(a, v)
            w.cost[v] = route_cost(a, v)
        w.sums[memory.COST] = w.cost.sum()

    def save_vehicles(self, watch: _Watch, until: float) -> None:
        """Empty one route after the other for as long as everybody finds a place elsewhere."""
        a, w = self.arrays, self.memory
        kept = None
        while watch.used < until:
            if self.absent == 0:
                kept = a.route.copy(), a.h[:, LENGTH].copy()
                if not self._empty_one():
                    break
            heat = self.cost_per_request() * STILL
            watch.run(lambda count, heat=heat: self.steps(count, heat, fleet=True))  # type: ignore[misc]
        if self.absent and kept is not None:
            self._drive(*kept)
            w.counts[memory.ABSENT] = 0
        if self.absent == 0:
            w.counts[memory.BEST_ABSENT] = 0
            w.sums[memory.COST] = w.cost.sum()
            memory.remember(a, w)
            for v, route in enumerate(self.plan.routes):
                used = bool(a.h[v, LENGTH] > 2 + len(self.plan.vehicles[v].breaks)) or route.fixed > 0
                a.h[v, ACTIVE] = used and not self.plan.vehicles[v].closed

    def _empty_one(self) -> bool:
        """Take everybody out of the route whose riders have been easiest to place so far, and close it; whether there was one."""
        a, w = self.arrays, self.memory
        riders = {}
        for v in range(len(a.h)):
            row = a.route[v, : a.h[v, LENGTH]]
            inside = [(int(node) - a.base) >> 1 for node in row if node >= a.base and not node & 1]
            if inside and a.h[v, ACTIVE] and all(w.movable[r] for r in inside) and not a.h[v, FIXED]:
                riders[v] = inside
            elif not inside:
                a.h[v, ACTIVE] = 0
        if len(riders) < 2:
            return False
        weakest = min(riders, key=lambda v: (sum(w.absences[r] for r in riders[v]), v))
        bare = [int(node) for node in a.route[weakest, : a.h[weakest, LENGTH]] if node < a.base]
        for r in riders[weakest]:
            a.g[a.base + 2 * r : a.base + 2 * r + 2, VEHICLE] = -1
        a.route[weakest, : len(bare)] = bare
        a.h[weakest, LENGTH] = len(bare)
        a.h[weakest, ACTIVE] = 0
        refresh(a, weakest)
        w.sums[memory.COST] -= w.cost[weakest]
        w.cost[weakest] = 0.0
        count = len(riders[weakest])
        w.absent[:count] = riders[weakest]
        w.counts[memory.ABSENT] = count
        w.absences[:] = 1.0
        return True

    def best(self) -> tuple[tuple[Route, ...], list[int]]:
        """The best routes found, and the numbers of the requests that are in none."""
        w = self.memory
        routes = []
        for v, old in enumerate(self.plan.routes):
            calls = tuple(self.made.calls[node] for node in w.best_route[v, 1 : w.best_length[v] - 1])
            routes.append(old if calls == old.calls else replace(old, calls=calls))
        return tuple(routes), [int(r) for r in w.best_absent[: w.counts[memory.BEST_ABSENT]]]


def improve(plan: Plan, budget: Budget, *, seed: int = 0, stop: Callable[[], bool] | None = None) -> Plan:
    """A plan of lower cost with the same riders, promises and driven calls; the plan itself where none was found.

    Large-neighbourhood search by string removal and exact reinsertion, simulated annealing from a mild temperature. `stop` is asked between
    two runs. Requests that nobody serves stay as they are.
    """
    made = compile_plan(plan, room=2 * len(plan.requests) + 4)
    movable = _movable(made)
    if not movable.any():
        return plan
    searching = _Searching(plan, movable, made, seed)
    before = float(searching.memory.sums[memory.COST])
    searching.anneal(_Watch(budget, stop), MILD)
    if searching.memory.sums[memory.BEST_COST] >= before - 1e-6:
        return plan
    routes, _ = searching.best()
    return replace(plan, routes=routes, _memory={})


def solve(plan: Plan, budget: Budget, *, seed: int = 0, stop: Callable[[], bool] | None = None) -> Plan:
    """A plan that serves as many of its requests as it can, at the lowest cost found.

    Nobody is promised anything yet, or what is promised is kept; what is driven stays. With `Objective.vehicles_first` nearly half of the budget goes into
    needing fewer vehicles, which have to be alike for that to make sense. Requests without a place end in `Plan.unserved`. Trips there and back of one
    person, whose windows overlap, get promises that part them in the middle.
    """
    if bulk.applies(plan):
        watch = _Watch(budget, stop)
        whole = bulk.solve_day(plan, lambda: watch.used, watch.run, seed)
        if not whole.unserved:
            return whole
    parted = _part(plan)
    made = compile_plan(parted, room=2 * len(plan.requests) + 4)
    movable = _movable(made)
    for name in plan.unserved:
        movable[made.numbers[name]] = 1
    if not movable.any():
        return plan
    searching = _Searching(parted, movable, made, seed)
    watch = _Watch(budget, stop)
    watch.run(lambda _: searching.steps(1, math.inf))
    if plan.objective.vehicles_first:
        while searching.absent and watch.used < FLEET_SHARE:
            heat = searching.cost_per_request() * STILL
            watch.run(lambda count, heat=heat: searching.steps(count, heat, fleet=True))  # type: ignore[misc]
        if not searching.absent:
            searching.save_vehicles(watch, FLEET_SHARE)
    searching.anneal(watch, FEW_VEHICLES if plan.objective.vehicles_first else WAVES)
    routes, absent = searching.best()
    return replace(parted, routes=routes, unserved=tuple(made.names[r] for r in sorted(absent)), _memory={})


def neighbours(made: Compiled) -> NDArray[np.int32]:
    """For each request the others, nearest first: by the ways between pickups and between drop-offs, and the gap between their windows."""
    a, count = made.arrays, len(made.names)
    pickups = slice(a.base, a.base + 2 * count, 2)
    dropoffs = slice(a.base + 1, a.base + 2 * count, 2)
    far = np.zeros((count, count))
    for nodes in (pickups, dropoffs):
        places = a.g[nodes, PLACE]
        far += a.costs[np.ix_(places, places)]
    early, late = a.f[pickups, EARLY], a.f[pickups, LATE]
    gap = np.maximum(early[:, None] - late[None, :], early[None, :] - late[:, None])
    far += APART * np.where(np.isfinite(gap), np.maximum(gap, 0.0), 0.0)
    np.fill_diagonal(far, -1.0)
    return np.argsort(far, axis=1, kind="stable")[:, :NEIGHBOURS].astype(np.int32)


def _movable(made: Compiled) -> NDArray[np.uint8]:
    """Requests of which nothing is fixed yet."""
    a = made.arrays
    movable = np.zeros(len(made.names), np.uint8)
    for r in range(len(movable)):
        node = a.base + 2 * r
        v = a.g[node, VEHICLE]
        movable[r] = v >= 0 and a.g[node, POSITION] > a.h[v, FIXED]
    return movable


def _part(plan: Plan) -> Plan:
    """The plan with promises that keep each trip back behind its trip there."""
    for request in plan.requests.values():
        outward = plan.requests.get(request.returns) if request.returns is not None else None
        if outward is None:
            continue
        there = plan.promises.get(outward.id, Promise(outward.pickup.window, outward.dropoff.window))
        back = plan.promises.get(request.id, Promise(request.pickup.window, request.dropoff.window))
        gap = outward.dropoff.service + request.stay
        if there.dropoff.latest + gap <= back.pickup.earliest:
            continue
        soonest = max(there.dropoff.earliest, there.pickup.earliest)
        last = min(back.pickup.latest, back.dropoff.latest) - gap
        if not math.isfinite(last):
            last = there.dropoff.latest
        middle = min(there.dropoff.latest, max(soonest, (soonest + last) / 2))
        there = replace(there, dropoff=Window(there.dropoff.earliest, middle))
        back = replace(back, pickup=Window(min(middle + gap, back.pickup.latest), back.pickup.latest))
        plan = replace(plan, promises={**plan.promises, outward.id: there, request.id: back}, _memory={})
    return plan
