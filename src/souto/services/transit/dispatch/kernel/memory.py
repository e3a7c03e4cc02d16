"""What a search remembers between two steps, and how a step can be taken back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from souto.services.transit.dispatch.kernel.jit import kernel
from souto.services.transit.dispatch.kernel.state import F8, I4, I8, LENGTH, VEHICLE, Arrays, route_cost


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
COST, BEST_COST, REMOVED, STRING, BLINK, CROSSED = range(6)


def search_for(
    arrays: Arrays,
    near: I4,
    movable: NDArray[np.uint8],
    seed: int,
    *,
    removed: float = 10.0,
    string: float = 10.0,
    blink: float = 0.01,
    crossed: float = 0.4,
) -> Search:
    """A memory for plan arrays whose routes are derived; requests in no route are absent.

    `removed` requests are taken out by a step on average, in strings of up to `string` calls; `blink` is the chance to overlook a route,
    `crossed` the share of steps in which two vehicles exchange the rest of their ways instead.
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
        sums=np.array([cost.sum(), cost.sum(), removed, string, blink, crossed]),
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
