"""`benchmarks.dispatch static`: instances solved from nothing, Souto and peers, every plan checked."""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.contest import alone, last_line
from benchmarks.dispatch_peers import PEERS
from souto.services.transit.dispatch import Budget, Call, CallKind, Plan, check, solve, warm
from souto.services.transit.dispatch.instances import Instance, read

#: Aims: the largest gap to the best known cost of a DARP, the largest of a PDPTW with the best known vehicles.
DARP_GAP, PDPTW_GAP = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contender did with an instance. `routes` are lists of node numbers without the depot."""

    contender: str
    routes: list[list[int]]
    vehicles: int
    cost: float
    unserved: int
    faults: list[str]
    seconds: float
    compiling: float

    @property
    def valid(self) -> bool:
        """Whether everybody rides and everything holds."""
        return not self.faults and not self.unserved


def static(options: argparse.Namespace) -> int:
    """Run it; the aims are those for the best known plans that are at hand."""
    best = _best(options.best) if options.best else {}
    figures: dict[str, Any] = {}
    met: list[bool] = []
    print(
        f"{'instance':14} {'contender':9} {'vehicles':>8} {'cost':>11} {'gap':>8} {'CPU-s':>7} {'compiling':>9}  checker"
    )
    for file in options.files:
        instance = read(file)
        vehicles_first = (
            options.objective == "vehicles" if options.objective else instance.plan.objective.vehicles_first
        )
        known = best.get(instance.name.lower())
        row: dict[str, Any] = {}
        for contender in ["souto", *options.peers]:
            outcome = contend(contender, file, vehicles_first, options.cpu_seconds, options.seed)
            gap = None if known is None or not outcome.valid else 100 * (outcome.cost / known[1] - 1)
            _print(instance.name, outcome, gap)
            row[contender] = {
                "vehicles": outcome.vehicles,
                "cost": round(outcome.cost, 4),
                "gap_percent": None if gap is None else round(gap, 3),
                "cpu_seconds": round(outcome.seconds, 3),
                "compile_cpu_seconds": round(outcome.compiling, 3),
                "valid": outcome.valid,
                "unserved": outcome.unserved,
                "faults": outcome.faults[:3],
            }
            if contender == "souto":
                met.append(outcome.valid and _reached(instance, outcome, known, gap, vehicles_first=vehicles_first))
            if options.out:
                _write(options.out, instance, outcome)
        if known:
            row["best_known"] = {"vehicles": known[0], "cost": known[1]}
        figures[instance.name] = row
    aims = {"gap_percent_darp": DARP_GAP, "gap_percent_pdptw": PDPTW_GAP, "valid": True}
    if options.json:
        print(last_line("dispatch static", figures, aims, met=all(met)))
    return 0 if all(met) else 1


def contend(contender: str, file: Path, vehicles_first: bool, seconds: float, seed: int) -> Outcome:  # noqa: FBT001 - passed on as it is
    """Have one contender solve an instance alone, and check what it answers."""
    instance = read(file)
    prepare = prepare_souto if contender == "souto" else PEERS[contender].prepare_static
    run = alone(prepare, str(file), vehicles_first, seconds, seed)
    routes, compiling = run.made
    plan = plan_of(instance, routes)
    verdict = check(plan)
    return Outcome(
        contender,
        routes,
        verdict.vehicles,
        verdict.cost,
        len(plan.unserved),
        [fault.detail for fault in verdict.violations],
        run.seconds,
        compiling,
    )


def prepare_souto(file: str, vehicles_first: bool, seconds: float, seed: int) -> Callable[[], Any]:  # noqa: FBT001
    """Compile (or load what is compiled) and read; then the work, counted."""
    compiling = warm().cpu_seconds
    instance = read(Path(file))
    plan = replace(instance.plan, objective=replace(instance.plan.objective, vehicles_first=vehicles_first))

    def work() -> tuple[list[list[int]], float]:
        solved = solve(plan, Budget(cpu_seconds=max(0.05, seconds - 0.05)), seed=seed)
        return routes_of(instance, solved), compiling

    return work


def routes_of(instance: Instance, plan: Plan) -> list[list[int]]:
    """Used routes as lists of node numbers."""
    return [[instance.node(call) for call in route.calls] for route in plan.routes if route.used]


def plan_of(instance: Instance, routes: list[list[int]]) -> Plan:
    """The plan that lists of node numbers stand for."""
    calls = {
        node: Call(kind, key)
        for key, pair in instance.nodes.items()
        for kind, node in zip((CallKind.PICKUP, CallKind.DROPOFF), pair, strict=True)
    }
    fleet = list(instance.plan.vehicles)
    if len(routes) > len(fleet):
        raise RuntimeError(f"{len(routes)} routes for {len(fleet)} vehicles")
    served = {calls[node].id for route in routes for node in route}
    return replace(
        instance.plan,
        routes=tuple(
            replace(old, calls=tuple(calls[node] for node in (routes[v] if v < len(routes) else [])))
            for v, old in enumerate(instance.plan.routes)
        ),
        unserved=tuple(key for key in instance.plan.requests if key not in served),
    )


def _reached(
    instance: Instance,
    outcome: Outcome,
    known: tuple[int | None, float] | None,
    gap: float | None,
    *,
    vehicles_first: bool,
) -> bool:
    if known is None or gap is None:
        return True
    if vehicles_first and known[0] is not None:
        return outcome.vehicles < known[0] or (outcome.vehicles == known[0] and gap <= PDPTW_GAP)
    return gap <= (DARP_GAP if instance.format == "cordeau" else PDPTW_GAP)


def _print(name: str, outcome: Outcome, gap: float | None) -> None:
    verdict = "valid" if outcome.valid else f"{outcome.unserved} unserved, {len(outcome.faults)} faults"
    if outcome.faults:
        verdict += f" ({outcome.faults[0]})"
    shown = "" if gap is None else f"{gap:+.2f} %"
    print(
        f"{name:14} {outcome.contender:9} {outcome.vehicles:8} {outcome.cost:11.2f} {shown:>8} {outcome.seconds:7.2f}"
        f" {outcome.compiling:9.2f}  {verdict}",
        flush=True,
    )


def _write(folder: Path, instance: Instance, outcome: Outcome) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {
            "instance": instance.name,
            "format": instance.format,
            "contender": outcome.contender,
            "vehicles": outcome.vehicles,
            "cost": outcome.cost,
            "valid": outcome.valid,
            "cpu_seconds": outcome.seconds,
            "routes": outcome.routes,
        }
    )
    (folder / f"{instance.name}.{outcome.contender}.json").write_text(text + "\n", encoding="utf-8")


def _best(file: Path) -> dict[str, tuple[int | None, float]]:
    """Best known (vehicles, cost) by instance: a table with a line of names, or lines of name, vehicles, cost, or of name and cost."""
    found: dict[str, tuple[int | None, float]] = {}
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    separator = ";" if ";" in lines[0] else ","
    if re.search(r"(?i)cost|distance", lines[0]):
        for row in csv.DictReader(lines, delimiter=separator):
            fields = {key.strip().lower(): value for key, value in row.items() if key}
            cost = fields.get("cost") or fields.get("distance") or "nan"
            vehicles = fields.get("vehicles") or ""
            name = (fields.get("instance") or fields.get("name") or "").strip().lower()
            found[name] = (int(vehicles) if vehicles.isdigit() else None, float(cost))
    else:
        for line in lines:
            parts = line.replace(separator, " ").split()
            found[parts[0].lower()] = (int(parts[1]) if len(parts) > 2 else None, float(parts[-1]))
    return {name: known for name, known in found.items() if math.isfinite(known[1])}
