"""`benchmarks.dispatch day`: the taxi requests of a day at once, beside the published figures of others on the same network."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.contest import alone, last_line
from souto.services.transit.dispatch import Budget, check, solve, warm
from souto.services.transit.dispatch.instances import read_day

#: Published for Manhattan, 10,000 requests, 200 vehicles of 8 seats: total travel time and seconds, the matrix not counted
#: (Luo, Florio, Das and Guo 2023, the results beside their source code; another sample of the same requests).
PUBLISHED = {"pruneGDP": (1.48831e7, 18.085), "HGA": (1.24316e7, 447.53), "FESI": (2.28268e7, 8.5832)}
AIMS = {"cpu_seconds": 18.0, "less_than_prunegdp_percent": 20.0}


def day(options: argparse.Namespace) -> int:
    """Run it; the published figures hold for 10,000 requests and 200 vehicles only, and are compared with then."""
    made = alone(
        prepare,
        str(options.requests),
        str(options.network),
        options.vehicles,
        options.seats,
        options.cpu_seconds,
        options.seed,
    ).made
    less = 100 * (1 - made["travel_time"] / PUBLISHED["pruneGDP"][0])
    comparable = made["requests"] >= 9_900 and options.vehicles == 200 and options.seats == 8
    print(
        f"Souto     travel time {made['travel_time']:.6g}, {made['routes']} routes, {made['cpu_seconds']:.2f} CPU-s"
        f" (of these the matrix {made['matrix_cpu_seconds']:.2f}; compiling {made['compile_cpu_seconds']:.2f} apart), checker: {made['checker']}"
    )
    for name, (cost, seconds) in PUBLISHED.items():
        print(f"{name:9} travel time {cost:.6g}, {seconds:.1f} s (published)")
    if comparable:
        print(f"{less:.1f} % less travel time than pruneGDP's published figure.")
    figures: dict[str, Any] = {**made, "less_than_prunegdp_percent": round(less, 2) if comparable else None}
    met = made["valid"] and made["cpu_seconds"] <= AIMS["cpu_seconds"]
    if comparable:
        met = met and less >= AIMS["less_than_prunegdp_percent"]
    if options.json:
        print(last_line("dispatch day", figures, AIMS, met=met))
    return 0 if met else 1


def prepare(
    requests: str, network: str, vehicles: int, seats: int, seconds: float, seed: int
) -> Callable[[], dict[str, Any]]:
    """Compile; then reading, the matrix and the search, counted."""
    compiling = warm().cpu_seconds

    def work() -> dict[str, Any]:
        begin = time.process_time()
        plan = read_day(Path(requests), Path(network), vehicles, seats=seats)
        matrix = time.process_time() - begin
        solved = solve(plan, Budget(cpu_seconds=seconds), seed=seed)
        spent = time.process_time() - begin
        verdict = check(solved)
        valid = verdict.valid and not verdict.unserved
        return {
            "requests": len(plan.requests),
            "travel_time": round(verdict.cost, 1),
            "routes": verdict.vehicles,
            "cpu_seconds": round(spent, 3),
            "matrix_cpu_seconds": round(matrix, 3),
            "compile_cpu_seconds": round(compiling, 2),
            "valid": valid,
            "checker": "valid" if valid else f"{len(verdict.violations)} faults, {len(verdict.unserved)} unserved",
        }

    return work
