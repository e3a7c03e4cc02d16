"""`benchmarks.dispatch table`: every figure of dispatch in one run, each beside its aim."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import dispatch_day, dispatch_insertion
from benchmarks.contest import alone, last_line
from benchmarks.dispatch_known import OPTIMA, ROUNDING, authors_cost, best_li_lim, riders
from benchmarks.dispatch_static import DARP_GAP, PDPTW_GAP, Outcome, contend

#: CPU-seconds for an instance: up to 24 riders, larger ones, b8-96 of its own, Li and Lim's of size 100.
SMALL, LARGE, B8_96, HUNDRED = 1.0, 30.0, 10.0, 8.0
#: Riders up to whom a plan has to be optimal within `SMALL`.
FEW = 24
#: The share of Li and Lim's instances of size 100 that reach the best known number of vehicles.
FLEETS = 0.9
#: Vehicles for LR1_6_2.
LR1_6_2 = 46


@dataclass(frozen=True, slots=True)
class Solved:
    """An instance that was solved: the outcome, what is known of it, and whether the aim is reached."""

    name: str
    outcome: Outcome
    vehicles: int | None
    cost: float
    budget: float
    met: bool

    @property
    def gap(self) -> float:
        """How much the cost is above what is known, percent."""
        return 100 * (self.outcome.cost / self.cost - 1)

    def figures(self) -> dict[str, Any]:
        """For the line of JSON."""
        return {
            "vehicles": self.outcome.vehicles,
            "cost": round(self.outcome.cost, 4),
            "known_vehicles": self.vehicles,
            "known_cost": self.cost,
            "gap_percent": round(self.gap, 3),
            "cpu_seconds": round(self.outcome.seconds, 2),
            "valid": self.outcome.valid,
            "met": self.met,
        }


def table(options: argparse.Namespace) -> int:
    """Run the rows that were asked for; 0 if every aim is met."""
    figures: dict[str, Any] = {}
    for name in options.rows or ROWS:
        print(f"== {name}: {(ROWS[name].__doc__ or '').splitlines()[0]}", flush=True)
        figures[name] = ROWS[name](options)
        print(f"   {'met' if figures[name]['met'] else 'NOT MET'}", flush=True)
    met = all(row["met"] for row in figures.values())
    if options.json:
        print(
            last_line(
                "dispatch table",
                figures,
                {name: (ROWS[name].__doc__ or "").splitlines()[0] for name in figures},
                met=met,
            )
        )
    return 0 if met else 1


def _solve(options: argparse.Namespace, file: Path, seconds: float, *, vehicles_first: bool = False) -> Outcome:
    return contend("souto", file, vehicles_first, seconds * options.share, options.seed)


def _said(found: Iterator[Solved]) -> list[Solved]:
    all_of_them = []
    for one in found:
        all_of_them.append(one)
        known = f"{one.vehicles} / {one.cost:.2f}" if one.vehicles is not None else f"{one.cost:.2f}"
        verdict = "valid" if one.outcome.valid else f"{one.outcome.unserved} unserved, {len(one.outcome.faults)} faults"
        print(
            f"   {one.name:9} {one.outcome.vehicles:3} vehicles {one.outcome.cost:10.2f} (known {known}) {one.gap:+6.2f} %"
            f" {one.outcome.seconds:6.2f} CPU-s  {verdict}{'' if one.met else '  <- not met'}",
            flush=True,
        )
    return all_of_them


def _row(found: list[Solved], **more: Any) -> dict[str, Any]:
    return {"met": all(one.met for one in found), **more, "instances": {one.name: one.figures() for one in found}}


def insertion(options: argparse.Namespace) -> dict[str, Any]:
    """One more rider in 315 riders and 60 vehicles: p50 <= 1 ms, p99 <= 5 ms; no promise broken by random bookings."""
    folder = options.data / "li_lim"
    solution = next((folder / "bks_solutions").glob("lr1_6_2.*"))
    own = alone(
        dispatch_insertion.prepare_souto,
        str(folder / "pdp_600" / "LR1_6_2.txt"),
        solution,
        60,
        options.random,
        options.seed,
    ).made
    dispatch_insertion.tell(own)
    return {**own, "met": dispatch_insertion.reached(own)}


def b8_96(options: argparse.Namespace) -> dict[str, Any]:
    """DARP b8-96 within 1 % of the optimum in 10 CPU-s."""
    outcome = _solve(options, options.data / "cordeau_2006_ab" / "b8-96.txt", B8_96)
    known = OPTIMA["b8-96"]
    good = outcome.valid and outcome.cost <= 1.01 * known
    return _row(_said(iter([Solved("b8-96", outcome, None, known, B8_96, good)])))


def few_riders(options: argparse.Namespace) -> dict[str, Any]:
    """DARP instances of up to 24 riders: optimal in 1 CPU-s."""
    return _row(_said(_cordeau_2006(options, lambda count: count <= FEW, SMALL, ROUNDING)))


def darp(options: argparse.Namespace) -> dict[str, Any]:
    """Every DARP instance of more riders whose optimum is known: within 0.5 % in 30 CPU-s."""
    return _row(_said(_cordeau_2006(options, lambda count: count > FEW, LARGE, DARP_GAP)))


def _cordeau_2006(
    options: argparse.Namespace, wanted: Callable[[int], bool], seconds: float, most: float
) -> Iterator[Solved]:
    for file in sorted(
        (options.data / "cordeau_2006_ab").glob("[ab]*-*.txt"), key=lambda file: (riders(file.stem), file.stem)
    ):
        if file.stem in OPTIMA and wanted(riders(file.stem)):
            outcome, known = _solve(options, file, seconds), OPTIMA[file.stem]
            good = outcome.valid and 100 * (outcome.cost / known - 1) <= most
            yield Solved(file.stem, outcome, None, known, seconds, good)


def pr(options: argparse.Namespace) -> dict[str, Any]:
    """pr01 to pr10: at or below the authors' cost of 2003 in 30 CPU-s each."""

    def each() -> Iterator[Solved]:
        for file in sorted((options.data / "cordeau_laporte_2003_pr").glob("pr[0-9][0-9]")):
            if (options.data / "cordeau_laporte_2003_pr" / "results" / f"{file.name}.res").exists():
                outcome, known = _solve(options, file, LARGE), authors_cost(options.data, file.name)
                yield Solved(file.name, outcome, None, known, LARGE, outcome.valid and outcome.cost <= known + 0.005)

    return _row(_said(each()))


def li_lim_100(options: argparse.Namespace) -> dict[str, Any]:
    """Li and Lim, size 100, vehicles first, 8 CPU-s each: best known vehicles on 90 % of the instances, there within 1 % of the distance."""
    best = best_li_lim(options.data)

    def each() -> Iterator[Solved]:
        for file in sorted((options.data / "li_lim" / "pdp_100").glob("*.txt")):
            if (known := best.get(file.stem.lower())) is not None:
                outcome = _solve(options, file, HUNDRED, vehicles_first=True)
                fewer = outcome.vehicles < known[0]
                close = outcome.vehicles == known[0] and 100 * (outcome.cost / known[1] - 1) <= PDPTW_GAP
                yield Solved(file.stem, outcome, known[0], known[1], HUNDRED, outcome.valid and (fewer or close))

    found = _said(each())
    reached = [
        one for one in found if one.outcome.valid and one.vehicles is not None and one.outcome.vehicles <= one.vehicles
    ]
    met = len(reached) >= FLEETS * len(found) and all(one.met for one in reached)
    return {**_row(found, best_known_vehicles=len(reached), of=len(found)), "met": met}


def lr1_6_2(options: argparse.Namespace) -> dict[str, Any]:
    """LR1_6_2, vehicles first: at most 46 in 30 CPU-s."""
    outcome = _solve(options, options.data / "li_lim" / "pdp_600" / "LR1_6_2.txt", LARGE, vehicles_first=True)
    known = best_li_lim(options.data)["lr1_6_2"]
    return _row(_said(iter([Solved("LR1_6_2", outcome, *known, LARGE, outcome.valid and outcome.vehicles <= LR1_6_2)])))


def day(options: argparse.Namespace) -> dict[str, Any]:
    """A day of 10,000 requests and 200 vehicles: at most 18 CPU-s, 20 % less travel time than pruneGDP's published figure."""
    folder = options.data / "dynamic" / "hga_nyc_sf"
    network = str(folder / "Manhattan.xy")
    made = alone(
        dispatch_day.prepare, str(folder / "Manhattan.2.reqs"), network, 200, 8, 10.0 * options.share, options.seed
    ).made
    less = 100 * (1 - made["travel_time"] / dispatch_day.PUBLISHED["pruneGDP"][0])
    print(
        f"   travel time {made['travel_time']:.6g}, {less:.1f} % less, {made['cpu_seconds']:.2f} CPU-s, {made['checker']}"
    )
    good = made["valid"] and made["cpu_seconds"] <= dispatch_day.AIMS["cpu_seconds"]
    good = good and less >= dispatch_day.AIMS["less_than_prunegdp_percent"]
    return {**made, "less_than_prunegdp_percent": round(less, 2), "met": good}


ROWS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "insertion": insertion,
    "b8-96": b8_96,
    "few-riders": few_riders,
    "darp": darp,
    "pr": pr,
    "li-lim-100": li_lim_100,
    "lr1_6_2": lr1_6_2,
    "day": day,
}
