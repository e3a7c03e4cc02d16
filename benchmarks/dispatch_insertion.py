"""`benchmarks.dispatch insertion`: one more rider in a plan at hand, and no promise broken by many."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks.contest import alone, last_line
from benchmarks.dispatch_peers import COARSE, whole
from benchmarks.dispatch_static import plan_of
from souto.services.transit.dispatch import Budget, Offer, Plan, Slack, check, insert, solve, warm
from souto.services.transit.dispatch.instances import Instance, read

AIMS = {"p50_ms": 1.0, "p99_ms": 5.0, "broken_promises": 0}
#: CPU-seconds for the plan to start from, where no solution is given.
START = 10.0
#: Riders whom a peer is asked to add.
PEER_RIDERS = 8


def insertion(options: argparse.Namespace) -> int:
    """Run it: each rider of the instance is taken out of the plan and asked for anew."""
    own = alone(prepare_souto, str(options.file), options.solution, options.vehicles, options.random, options.seed).made
    print(
        f"Souto, {own['riders']} riders in {own['vehicles']} vehicles, CPU-ms for each new rider (compiling {own['compile_cpu_seconds']} CPU-s apart):"
    )
    print(
        f"  offer                     p50 {own['p50_ms']:.3f}  p99 {own['p99_ms']:.3f}  most {own['max_ms']:.3f}  refused {own['refused']}"
    )
    print(f"  first after reading a row {own['cold_ms']:.3f}")
    if own["insertions"]:
        print(
            f"  {own['insertions']} random bookings, {own['offers']} offers: {own['broken_promises']} broken promises"
        )
    figures: dict[str, Any] = {"souto": own}
    if "vroom" in options.peers:
        peer = alone(prepare_vroom, str(options.file), options.solution, options.vehicles, options.seed).made
        print(
            f"VROOM with previous routes, building the problem {peer['build_ms']:.1f}, solving {peer['solve_ms']:.1f} (median of {PEER_RIDERS})"
        )
        figures["vroom"] = peer
    met = own["p50_ms"] <= AIMS["p50_ms"] and own["p99_ms"] <= AIMS["p99_ms"] and own["broken_promises"] == 0
    if options.json:
        print(last_line("dispatch insertion", figures, AIMS, met=met))
    return 0 if met else 1


def start(file: str, solution: Path | None, vehicles: int, seed: int) -> tuple[Instance, Plan]:
    """The instance and a valid plan of it for a number of vehicles.

    Raises:
        RuntimeError: the solution does not hold.
    """
    instance = read(Path(file))
    count = max(vehicles, 1)
    plan = replace(
        instance.plan, vehicles=instance.plan.vehicles[:count], routes=instance.plan.routes[:count], _memory={}
    )
    instance = replace(instance, plan=plan)
    if solution is None:
        full = solve(plan, Budget(cpu_seconds=START), seed=seed)
    else:
        text = solution.read_text(encoding="utf-8")
        routes = [
            [int(node) for node in line.split(":")[1].split()] for line in text.splitlines() if line.startswith("Route")
        ]
        full = plan_of(instance, routes)
    verdict = check(full)
    if verdict.violations or full.unserved:
        raise RuntimeError(f"the plan to start from does not hold: {verdict.violations[:1] or full.unserved[:3]}")
    return instance, full


def prepare_souto(
    file: str, solution: Path | None, vehicles: int, extra: int, seed: int
) -> Callable[[], dict[str, Any]]:
    """Compile and make the plan; then the work."""
    compiling = warm().cpu_seconds
    _, full = start(file, solution, vehicles, seed)
    insert(full, replace(next(iter(full.requests.values())), id="first"), explain=False)

    def work() -> dict[str, Any]:
        spent, refused = [], 0
        for key, request in full.requests.items():
            without = full.without(key)
            insert(without, replace(request, id="before"), explain=False)  # a server has the plan's arrays at hand
            begin = time.process_time()
            answer = insert(without, request, explain=False)
            spent.append(1000 * (time.process_time() - begin))
            refused += not isinstance(answer, Offer)
        row = full.to_json()
        begin = time.process_time()
        again = Plan.from_json(row, full.network)
        insert(again, replace(next(iter(full.requests.values())), id="cold"), explain=False)
        cold = 1000 * (time.process_time() - begin)
        offers, broken = bookings(full, extra, seed)
        return {
            "riders": len(full.requests),
            "vehicles": len(full.vehicles),
            "p50_ms": round(float(np.percentile(spent, 50)), 4),
            "p99_ms": round(float(np.percentile(spent, 99)), 4),
            "max_ms": round(max(spent), 4),
            "refused": refused,
            "cold_ms": round(cold, 3),
            "compile_cpu_seconds": round(compiling, 2),
            "insertions": extra,
            "offers": offers,
            "broken_promises": broken,
        }

    return work


def bookings(full: Plan, count: int, seed: int) -> tuple[int, int]:
    """Book random riders (the instance's own, changed at random) into growing plans; how many got an offer, and how many promises broke.

    Each plan grows until three riders running are refused, then begins anew; it is checked whole after every twentieth offer and at the end.
    """
    dice = random.Random(seed)
    empty = replace(
        Plan.empty(full.network, full.vehicles, objective=full.objective), requests=MappingProxyType({}), unserved=()
    )
    riders = list(full.requests.values())
    plan, offers, broken, refused, since = empty, 0, 0, 0, 0
    for number in range(count):
        model = dice.choice(riders)
        far = dice.choice(riders)
        direct = float(
            full.network.times[full.network.place(model.pickup.place), full.network.place(far.dropoff.place)]
        )
        rider = replace(
            model,
            id=f"x{number}",
            dropoff=replace(far.dropoff, window=full.vehicles[0].shift),
            party=replace(model.party, seat=dice.randint(1, max(1, model.party.seat))),
            max_ride=dice.choice([model.max_ride, direct * 1.5 + 5]),
        )
        answer = insert(plan, rider, slack=Slack(0, dice.choice([5, 20]), dice.choice([10, 40])), explain=False)
        if isinstance(answer, Offer):
            plan, offers, refused, since = answer.plan, offers + 1, 0, since + 1
        else:
            refused += 1
        if since >= 20 or refused >= 3 or number == count - 1:
            broken += len(check(plan).violations)
            since = 0
        if refused >= 3:
            plan, refused = empty, 0
    return offers, broken


def prepare_vroom(file: str, solution: Path | None, vehicles: int, seed: int) -> Callable[[], dict[str, Any]]:
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
        for v, route in enumerate(full.routes):
            steps = [
                (vroom.VehicleStepDelivery if call.kind == "dropoff" else vroom.VehicleStepPickup)(
                    pairs[call.id][call.kind == "dropoff"]
                )
                for call in route.calls
                if call.id != new
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
        chosen = random.Random(seed).sample(list(full.requests), min(PEER_RIDERS, len(full.requests)))
        took = [ask(key) for key in chosen]
        return {
            "build_ms": round(float(np.median([build for build, _ in took])), 2),
            "solve_ms": round(float(np.median([solving for _, solving in took])), 2),
        }

    return work
