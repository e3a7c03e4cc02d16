"""Gaps in public transport: the whole city and what a change would do, Souto beside GeoPandas (circles) or pandana (network), in one run.

    python -m benchmarks.coverage --json
    python -m benchmarks.coverage --data FOLDER --peers geopandas pandana

From towns with people, a boundary, bus stops and stations in memory to the share of people by town and by square; straight lines and a
walking network; then single changes. Each contender runs alone in a fresh process. The shares of area of the reference are printed beside ours.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import coverage_peers
from benchmarks.contest import alone, cpu_seconds, last_line
from benchmarks.coverage_city import FILES, CityMissingError, read
from souto.kernel.errors import SoutoError
from souto.services.transit.coverage import (
    DISTANCES,
    Analysis,
    Change,
    Kind,
    NetworkWalk,
    Service,
    Standard,
    State,
    Stop,
    StraightWalk,
    Zone,
    covered_area,
)

DATA = Path(os.environ.get("SOUTO_SAMPLES", Path(__file__).resolve().parents[2] / "shared" / "data")) / "geo"
AIMS = {"souto_city_cpu_seconds": 10.0, "souto_change_cpu_ms": 200.0}
AREA_SHARES = {"300/500": 53.2, "300/800": 55.3, "500/1000": 69.7, "1000/1000": 85.4}
"""Measured before by circles on the same files, percent of the area."""

PEERS = {"geopandas": coverage_peers.geopandas_buffers, "pandana": coverage_peers.pandana_nearest}


def whole_city(folder: str, walk: str, standard: Standard) -> Callable[[], Any]:
    """Read the files; then, counted: lay out the people, measure all ways, assess, tabulate by town and square."""
    city = read(Path(folder))
    roads = city.network() if walk == "network" else None

    def work() -> Any:
        people = city.people()
        way = NetworkWalk(people.grid, roads) if roads else StraightWalk(people.grid)
        found = Analysis(people, city.stops, way).assess(standard)
        squares = found.cells.geojson()
        return {
            "people": found.counted(State.COVERED),
            "total": people.total,
            "area_share": found.area_share,
            "towns": {i: town.covered for i, town in enumerate(found.towns)},
            "squares": len(squares["features"]),
        }

    return work


def changes(folder: str, walk: str, standard: Standard) -> Callable[[], Any]:
    """Measure the ways once; then, each counted alone: stops, lines of 20 stops and zones at many places of the city."""
    city = read(Path(folder))
    people = city.people()
    way = NetworkWalk(people.grid, city.network()) if walk == "network" else StraightWalk(people.grid)
    analysis = Analysis(people, city.stops, way)
    analysis.what_if(standard, Change())

    def tries() -> list[Callable[[], Change]]:
        made: list[Callable[[], Change]] = []
        for number, town in enumerate(city.towns[::10]):
            lat, lon = town.lat, town.lon
            stop = Stop(f"new{number}", town.name, lat + 0.003, lon + 0.003)
            line = [
                Stop(f"l{number}-{k}", town.name, lat + k * 0.002, lon, Kind.BUS, Service(12, 400, 1300))
                for k in range(20)
            ]
            ring = [
                [lon - 0.01, lat - 0.01],
                [lon + 0.01, lat - 0.01],
                [lon + 0.01, lat + 0.01],
                [lon - 0.01, lat + 0.01],
                [lon - 0.01, lat - 0.01],
            ]
            zone = Zone(f"z{number}", town.name, {"type": "Polygon", "coordinates": [ring]})
            made += [
                lambda stop=stop: Change(added=[stop]),
                lambda line=line: analysis.line(line),
                lambda zone=zone: Change(zones=[zone]),
                lambda number=number: Change(removed=frozenset([city.stops[number].id])),
            ]
        return made

    def work() -> Any:
        spent, moved = [], 0.0
        for change in tries():
            before = cpu_seconds()
            answer = analysis.what_if(standard, change())
            moved += answer.newly_covered + answer.no_longer_covered + len(answer.towns)
            spent.append((cpu_seconds() - before) * 1000)
        return {"spent": spent, "moved": moved}

    return work


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 if the aims are met, 1 if not, 2 if it could not run."""
    options = _options(arguments)
    standard = Standard()
    try:
        figures = _areas(options.data)
        for walk in ("straight", "network"):
            figures |= _own(str(options.data), walk, standard)
        for name in options.peers:
            figures |= _peer(name, str(options.data), standard, figures)
    except (CityMissingError, SoutoError, RuntimeError, StopIteration) as failure:
        print(failure, file=sys.stderr)
        return 2
    figures["souto_city_cpu_seconds"] = max(figures[f"souto_{w}_cpu_seconds"] for w in ("straight", "network"))
    figures["souto_change_cpu_ms"] = max(figures[f"souto_{w}_change_cpu_ms_max"] for w in ("straight", "network"))
    met = all(figures[name] <= aim for name, aim in AIMS.items())
    if options.json:
        print(last_line("coverage", figures, AIMS, met=met))
    return 0 if met else 1


def _areas(folder: Path) -> dict[str, Any]:
    """The shares of area beside those of the reference, and of people."""
    city = read(folder)
    grid = city.people().grid
    figures = {}
    print("covered share of the area, stops as the crow flies (bus m/station m)")
    for name, reach in DISTANCES.items():
        covered, whole = covered_area(grid, city.stops, Standard(reach))
        known = f"reference {AREA_SHARES[name]:5.1f} %" if name in AREA_SHARES else "no reference"
        print(f"  {name:10} {covered / whole * 100:6.2f} % of {whole:.2f} km²   {known}")
        figures[f"area_percent_{name}"] = round(covered / whole * 100, 2)
    return figures


def _own(folder: str, walk: str, standard: Standard) -> dict[str, Any]:
    run = alone(whole_city, folder, walk, standard)
    tried = alone(changes, folder, walk, standard).made["spent"]
    share, middle, most = run.made["people"] / run.made["total"] * 100, statistics.median(tried), max(tried)
    print(
        f"Souto, {walk:9} {share:5.1f} % of {run.made['total']:,.0f} people, {run.made['squares']} squares {run.seconds:7.2f} CPU-s"
        f"   {len(tried)} changes: median {middle:5.0f}, most {most:5.0f} CPU-ms {run.peak_mib:5.0f} MiB"
    )
    return {
        f"souto_{walk}_people_percent": round(share, 2),
        f"souto_{walk}_cpu_seconds": round(run.seconds, 3),
        f"souto_{walk}_change_cpu_ms_median": round(middle, 1),
        f"souto_{walk}_change_cpu_ms_max": round(most, 1),
    }


def _peer(name: str, folder: str, standard: Standard, figures: dict[str, Any]) -> dict[str, Any]:
    run = alone(PEERS[name], folder, standard)
    walk = "straight" if name == "geopandas" else "network"
    total = sum(town.people for town in read(Path(folder)).towns)
    share = run.made["people"] / total * 100
    own = figures[f"souto_{walk}_people_percent"]
    print(
        f"{name:10} {walk:9} {share:5.1f} % of the people (Souto {own:.1f} %) {run.seconds:7.2f} CPU-s; a change is the whole run again {run.peak_mib:5.0f} MiB"
    )
    found = {f"{name}_people_percent": round(share, 2), f"{name}_cpu_seconds": round(run.seconds, 3)}
    if "built" in run.made:
        found[f"{name}_build_cpu_seconds"] = round(run.made["built"], 1)
        print(f"{'':10} its hierarchies took {run.made['built']:.1f} CPU-s to build, not counted above")
    return found


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.coverage", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--data", type=Path, default=DATA, help=f"a folder with a boundary, towns, {', '.join(FILES)}")
    parser.add_argument(
        "--peers",
        nargs="*",
        default=["geopandas"],
        choices=list(PEERS),
        help="whom to run beside Souto (pandana takes many minutes to build)",
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
