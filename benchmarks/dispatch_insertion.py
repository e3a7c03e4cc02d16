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
from benchmarks.dispatch_insertion_peers import NOT_RUN, PEERS
from benchmarks.dispatch_static import plan_of
from souto.services.transit.dispatch import Budget, Offer, Plan, Slack, check, insert, solve, warm
from souto.services.transit.dispatch.instances import Instance, read

AIMS = {"p50_ms": 1.0, "p99_ms": 5.0, "broken_promises": 0}
#: CPU-seconds for the plan to start from, where no solution is given.
START = 10.0
#: The share of random offers after which the plan is checked whole, beside each plan's last.
CHECKED = 0.2


def insertion(options: argparse.Namespace) -> int:
    """Run it: each rider of the instance is taken out of the plan and asked for anew."""
    own = alone(prepare_souto, str(options.file), options.solution, options.vehicles, options.random, options.seed).made
    tell(own)
    figures: dict[str, Any] = {"souto": own}
    for name in options.peers:
        if name in NOT_RUN:
            print(f"{name} not run: {NOT_RUN[name]}")
            figures[name] = {"not_run": NOT_RUN[name]}
            continue
        peer = alone(PEERS[name], start, str(options.file), options.solution, options.vehicles, options.seed).made
        verdicts = "; ".join(f"{count} {word}" for word, count in peer.get("verdicts", {}).items())
        print(
            f"{name} with previous routes, building {peer['build_ms']:.1f} ms, solving {peer['solve_ms']:.1f} ms"
            f" (median of {peer['riders']}){': ' + verdicts if verdicts else ''}"
        )
        figures[name] = peer
    met = reached(own)
    if options.json:
        print(last_line("dispatch insertion", figures, AIMS, met=met))
    return 0 if met else 1


def tell(own: dict[str, Any]) -> None:
    """Print Souto's figures."""
    print(
        f"Souto, {own['riders']} riders in {own['vehicles']} vehicles, CPU-ms for each new rider (compiling {own['compile_cpu_seconds']} CPU-s apart):"
    )
    print(
        f"  offer                     p50 {own['p50_ms']:.3f}  p99 {own['p99_ms']:.3f}  most {own['max_ms']:.3f}  refused {own['refused']}"
    )
    print(f"  first after reading a row {own['cold_ms']:.3f}")
    if own["insertions"]:
        print(
            f"  {own['insertions']} random bookings, {own['offers']} offers, {own['checked']} plans checked whole: {own['broken_promises']} broken promises"
        )


def reached(own: dict[str, Any]) -> bool:
    """Whether the aims are met."""
    return bool(own["p50_ms"] <= AIMS["p50_ms"] and own["p99_ms"] <= AIMS["p99_ms"] and own["broken_promises"] == 0)


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
        offers, checked, broken = bookings(full, extra, seed)
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
            "checked": checked,
            "broken_promises": broken,
        }

    return work


def bookings(full: Plan, count: int, seed: int) -> tuple[int, int, int]:
    """Book random riders (the instance's own, changed at random) into growing plans: how many got an offer, how many plans were checked whole, and how
    many promises broke.

    Each plan grows until three riders running are refused, then begins anew. It is checked after every fifth offer on average, drawn at random, and at its end: a
    promise that broke in between and was not mended later is found there.
    """
    dice, chance = random.Random(seed), random.Random(seed + 1)
    empty = replace(
        Plan.empty(full.network, full.vehicles, objective=full.objective), requests=MappingProxyType({}), unserved=()
    )
    riders = list(full.requests.values())
    plan, offers, checked, broken, refused = empty, 0, 0, 0, 0
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
        drawn = False
        if isinstance(answer, Offer):
            plan, offers, refused = answer.plan, offers + 1, 0
            drawn = chance.random() < CHECKED
        else:
            refused += 1
        if drawn or refused >= 3 or number == count - 1:
            checked += 1
            broken += len(check(plan).violations)
        if refused >= 3:
            plan, refused = empty, 0
    return offers, checked, broken
