"""`warm`: compile everything that a server needs before its first booking, or load it from the cache."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import MappingProxyType

from souto.services.transit.dispatch import bulk
from souto.services.transit.dispatch.insertion import insert
from souto.services.transit.dispatch.kernel.jit import cache_folder, counts
from souto.services.transit.dispatch.model import Request, Seats, Vehicle, Visit, Window
from souto.services.transit.dispatch.plan import Plan
from souto.services.transit.dispatch.roads import from_roads
from souto.services.transit.dispatch.solving import Budget, improve, solve


@dataclass(frozen=True, slots=True)
class Warmth:
    """What warming did: CPU-seconds of this process, functions that were compiled, functions that were loaded from the cache."""

    cpu_seconds: float
    compiled: int
    loaded: int


def warm() -> Warmth:
    """Run each kernel once on a tiny town. Many CPU-seconds the first time, one or two from the cache, nothing the second time in a process.

    The machine code lies in the folder that `NUMBA_CACHE_DIR` names (numba's own variable, to be set before this package is imported), which a
    server puts into its state folder; see `kernel.jit`.
    """
    begin, (compiled, loaded) = time.process_time(), counts()
    cache_folder()
    network = from_roads(["a", "b", "c"], [[0, 1], [1, 2], [2, 0]], [5.0, 6.0, 7.0])
    rider = Request("r", Visit("a", Window(0, 900)), Visit("b"), max_ride=60)
    other = Request("s", Visit("b", Window(0, 900)), Visit("c"))
    fleet = [Vehicle(f"v{number}", "a", "a", Window(0, 1000), (Seats(4),)) for number in range(2)]
    plan = Plan.empty(network, fleet)
    insert(plan, rider)
    both = replace(plan, requests=MappingProxyType({"r": rider, "s": other}), unserved=("r", "s"), _memory={})
    improve(solve(both, Budget(steps=3)), Budget(steps=3))
    free = Request("f", Visit("a"), Visit("b"))
    idle = [replace(vehicle, shift=Window(), end=None) for vehicle in fleet]
    day = replace(Plan.empty(network, idle), requests=MappingProxyType({"f": free}), unserved=("f",), _memory={})
    bulk.warm(day)
    after = counts()
    return Warmth(time.process_time() - begin, after[0] - compiled, after[1] - loaded)
