"""How long Souto takes to read what others publish: timetables (GTFS-JP), and a network of roads with the ways between stops on it.

    python -m benchmarks.reading feeds [FILE...] --json
    python -m benchmarks.reading roads [--extract FILE] [--stops N] --json

Each is read alone in a fresh process. Without `--extract` a network is made up around the stops, written as an extract (.osm.pbf) and read back: no extract of
a city is at hand. There are no peers and no aims; the figures stand in the documentation.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contest import alone, cpu_seconds, last_line
from benchmarks.coverage_city import CityMissingError, read
from souto.kernel.errors import SoutoError
from souto.services.transit.feeds import read_feed
from souto.services.transit.roads import (
    Mode,
    RoadClass,
    RoadNetwork,
    Router,
    Shape,
    around_places,
    read_extract,
    snap,
)

DATA = Path(os.environ.get("SOUTO_SAMPLES", Path(__file__).resolve().parents[2] / "shared" / "data"))
#: The hour of the ways between stops.
HOUR = 8


def feed(path: str) -> Callable[[], Any]:
    """Read one feed whole: rows by table, notices by severity."""
    content = Path(path).read_bytes()

    def work() -> Any:
        found = read_feed(content)
        rows = {name: len(table) for name, table in found.tables.items()}
        return {"rows": rows, "notices": Counter(notice.severity.name.lower() for notice in found.notices)}

    return work


def write_extract(roads: RoadNetwork, target: Path) -> None:
    """A network as an OpenStreetMap extract: a way of two nodes and one bend for each link."""
    import osmium
    from osmium.osm.mutable import Node, Way

    count = len(roads.lat)
    with osmium.SimpleWriter(str(target)) as writer:
        for k in range(count):
            writer.add_node(Node(id=k + 1, location=(float(roads.lon[k]), float(roads.lat[k]))))
        for m, (a, b) in enumerate(zip(roads.start, roads.end, strict=True)):
            middle = (float(roads.lon[[a, b]].mean()), float(roads.lat[[a, b]].mean()))
            writer.add_node(Node(id=count + m + 1, location=middle))
        for m, (a, b) in enumerate(zip(roads.start, roads.end, strict=True)):
            tags = {"highway": RoadClass(int(roads.road_class[m])).name.lower()}
            if not roads.backward[m]:
                tags["oneway"] = "yes"
            writer.add_way(Way(id=m + 1, nodes=[int(a) + 1, count + m + 1, int(b) + 1], tags=tags))


def extract(path: str, lat: list[float], lon: list[float]) -> Callable[[], Any]:
    """Read an extract, then work out the ways between stops on it."""

    def work() -> Any:
        begin = cpu_seconds()
        roads = read_extract(Path(path)).network.usable_part(Mode.DRIVE)
        got = cpu_seconds()
        ways = Router.driving(roads, hour=HOUR).between(snap(roads, lat, lon))
        return {
            "nodes": len(roads.lat),
            "links": len(roads.start),
            "bends": len(roads.corners),
            "stops": len(lat),
            "unreachable": int(np.isinf(ways).sum()),
            "reading_cpu_seconds": got - begin,
            "ways_cpu_seconds": cpu_seconds() - got,
        }

    return work


def feeds(options: argparse.Namespace) -> dict[str, Any]:
    """Every feed that was named, or those of the samples."""
    figures: dict[str, Any] = {}
    for file in options.files or sorted((options.data / "gtfs_jp").glob("*.zip")):
        run = alone(feed, str(file))
        rows = sum(run.made["rows"].values())
        figures[file.name] = {"rows": rows, "notices": dict(run.made["notices"]), "cpu_seconds": round(run.seconds, 2)}
        said = ", ".join(f"{number} {severity}" for severity, number in sorted(run.made["notices"].items()))
        print(f"{file.name:40} {rows:8} rows {run.seconds:6.2f} CPU-s  {said or 'nothing to note'}", flush=True)
    return figures


def roads(options: argparse.Namespace) -> dict[str, Any]:
    """The ways between stops on an extract."""
    stops = read(options.data / "geo").stops[: options.stops]
    lat, lon = [stop.lat for stop in stops], [stop.lon for stop in stops]
    with tempfile.TemporaryDirectory() as folder:
        path = options.extract
        if path is None:
            path = Path(folder) / "made-up.osm.pbf"
            write_extract(around_places(lat, lon, [0], Shape(block_m=options.block)), path)
        made = alone(extract, str(path), lat, lon).made
    print(
        f"{made['nodes']} crossings, {made['links']} links, {made['bends']} bends read in {made['reading_cpu_seconds']:.2f} CPU-s;"
        f" ways between {made['stops']} stops in {made['ways_cpu_seconds']:.2f} CPU-s, {made['unreachable']} of them closed"
    )
    return {key: round(value, 2) for key, value in made.items()}


def main(arguments: list[str] | None = None) -> int:
    """Run it; 2 where nothing could be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for name, run in (("feeds", feeds), ("roads", roads)):
        one = kinds.add_parser(name, help=(run.__doc__ or "").splitlines()[0])
        one.set_defaults(run=run)
        one.add_argument("--data", type=Path, default=DATA, help="folder with the samples")
        one.add_argument("--json", action="store_true")
    kinds.choices["feeds"].add_argument("files", nargs="*", type=Path, metavar="FILE", help="zips")
    kinds.choices["roads"].add_argument("--extract", type=Path, help=".osm.pbf or .osm in place of a made-up one")
    kinds.choices["roads"].add_argument("--stops", type=int, default=10_000, help="the first N stops only")
    kinds.choices["roads"].add_argument("--block", type=float, default=60.0, help="metres between made-up crossings")
    options = parser.parse_args(arguments)
    try:
        figures = options.run(options)
    except (SoutoError, CityMissingError, OSError, RuntimeError) as failure:
        print(failure, file=sys.stderr)
        return 2
    if not figures:
        print(f"no feed in {options.data}", file=sys.stderr)
        return 2
    if options.json:
        print(last_line(f"reading {options.kind}", figures, {}, met=True))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
