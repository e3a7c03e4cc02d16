"""One more rider in a plan at hand, as VROOM and OR-Tools would have it: built anew, the previous routes given."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dispatch_peers import COARSE, FINE, OrToolsModel, Whole, whole
from benchmarks.dispatch_static import plan_of
from souto.services.transit.dispatch import Plan, check
from souto.services.transit.dispatch.instances import Instance

#: Riders whom a peer is asked to add.
RIDERS = {"vroom": 8, "ortools": 3}
#: CPU-seconds that OR-Tools may search for a rider.
LIMIT = 1.0
#: Why a peer takes no part.
NOT_RUN = {"pyvrp": "it has no way to hold the previous routes or what was promised"}
Start = Callable[[str, Path | None, int, int], tuple[Instance, Plan]]


def prepare_vroom(
    start: Start, file: str, solution: Path | None, vehicles: int, seed: int
) -> Callable[[], dict[str, Any]]:
    """VROOM with the previous routes as steps of its vehicles and one new rider, at exploration level 0."""
    import vroom

    instance, full = start(file, solution, vehicles, seed)
    scaled = whole(instance, COARSE)
    pairs = dict(zip(full.requests, scaled.pairs, strict=True))
    matrix = scaled.matrix.astype(np.uint32)

    def ask(new: str) -> tuple[float, float]:
        begin = time.process_time()
        problem = vroom.Input()
        problem.set_durations_matrix("car", matrix)
        for v, nodes in enumerate(_routes(full, pairs, new)):
            steps = [
                (vroom.VehicleStepPickup if scaled.load[node] > 0 else vroom.VehicleStepDelivery)(node)
                for node in nodes
            ]
            problem.add_vehicle(
                vroom.Vehicle(
                    v + 1,
                    start=0,
                    end=0,
                    capacity=[full.vehicles[v].layouts[0].seat],
                    time_window=scaled.windows[0],
                    steps=steps,
                )
            )
        for pickup, dropoff in pairs.values():
            ends = [
                vroom.ShipmentStep(
                    node, location=node, default_service=scaled.service[node], time_windows=[scaled.windows[node]]
                )
                for node in (pickup, dropoff)
            ]
            problem.add_shipment(ends[0], ends[1], amount=vroom.Amount([scaled.load[pickup]]))
        built = time.process_time()
        problem.solve(exploration_level=0, nb_threads=1)
        return 1000 * (built - begin), 1000 * (time.process_time() - built)

    def work() -> dict[str, Any]:
        took = [ask(key) for key in _chosen(full, seed, RIDERS["vroom"])]
        return {"riders": len(took), **_medians(took)}

    return work


def prepare_ortools(
    start: Start, file: str, solution: Path | None, vehicles: int, seed: int
) -> Callable[[], dict[str, Any]]:
    """OR-Tools, built anew with the previous routes as its first plan, and a limit for the search; where it does not take the routes, from nothing."""
    instance, full = start(file, solution, vehicles, seed)
    scaled: Whole = whole(instance, FINE)
    pairs = dict(zip(full.requests, scaled.pairs, strict=True))

    def ask(new: str) -> tuple[float, float, str]:
        begin = time.process_time()
        made = OrToolsModel(instance, scaled, vehicles_first=False)
        taken = made.begin_with(_routes(full, pairs, new))
        built = time.process_time()
        routes = made.solve(built + LIMIT)
        took = 1000 * (built - begin), 1000 * (time.process_time() - built)
        if routes is None:
            return *took, "no plan"
        plan = plan_of(instance, routes)
        verdict = check(plan)
        if verdict.violations:
            return *took, "broken"
        if new in plan.unserved or len(plan.unserved) > 0:
            return *took, "left out"
        return *took, "served" if taken else "served, the others moved"

    def work() -> dict[str, Any]:
        answers = [ask(key) for key in _chosen(full, seed, RIDERS["ortools"])]
        said = [answer[2] for answer in answers]
        return {
            "riders": len(answers),
            **_medians([answer[:2] for answer in answers]),
            "verdicts": {word: said.count(word) for word in sorted(set(said))},
        }

    return work


def _chosen(full: Plan, seed: int, count: int) -> list[str]:
    return random.Random(seed).sample(list(full.requests), min(count, len(full.requests)))


def _routes(full: Plan, pairs: dict[str, tuple[int, int]], new: str) -> list[list[int]]:
    return [[pairs[call.id][call.kind == "dropoff"] for call in route.calls if call.id != new] for route in full.routes]


def _medians(took: list[tuple[float, float]]) -> dict[str, float]:
    return {
        "build_ms": round(float(np.median([build for build, _ in took])), 2),
        "solve_ms": round(float(np.median([solving for _, solving in took])), 2),
    }


PEERS = {"vroom": prepare_vroom, "ortools": prepare_ortools}
