"""The dispatch engine beside OR-Tools, VROOM and PyVRP, on published instances, in one run.

    python -m benchmarks.dispatch static FILE... --cpu-seconds 10 --objective distance --peers ortools,vroom,pyvrp --out plans --best bks.csv --json
    python -m benchmarks.dispatch insertion FILE [--solution FILE] --json
    python -m benchmarks.dispatch table [--rows darp pr …] --json
    python -m benchmarks.dispatch day --requests FILE --network FILE --vehicles 200 --json

Every contender works alone in a fresh process, on one thread, and its work is counted in CPU-seconds; imports, and for Souto the compiling of the kernels, are
counted apart. Every plan, the peers' too, goes through Souto's checker, and what it says is printed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.dispatch_day import day
from benchmarks.dispatch_insertion import insertion
from benchmarks.dispatch_known import DATA
from benchmarks.dispatch_peers import PEERS
from benchmarks.dispatch_static import static
from benchmarks.dispatch_table import ROWS, table
from souto.services.transit.dispatch.instances import UnknownFormatError


def main(arguments: list[str] | None = None) -> int:
    """Run one of the four; 0 if the aims are met (or there are none), 1 if not, 2 if nothing could be measured."""
    options = _options(arguments)
    try:
        return int(options.run(options))
    except (UnknownFormatError, OSError, RuntimeError) as failure:
        print(failure, file=sys.stderr)
        return 2


def _peers(text: str) -> list[str]:
    names = [name for name in text.replace(",", " ").split() if name]
    if unknown := set(names) - set(PEERS):
        raise argparse.ArgumentTypeError(f"no such peer: {', '.join(sorted(unknown))} (there are {', '.join(PEERS)})")
    return names


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dispatch", description=(__doc__ or "").splitlines()[0])
    kinds = parser.add_subparsers(required=True)
    one = kinds.add_parser("static", help="solve instances from nothing")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--cpu-seconds", type=float, default=10.0, help="budget of each contender for each instance")
    one.add_argument(
        "--objective", choices=["vehicles", "distance"], help="what counts first (as the format's authors have it)"
    )
    one.add_argument("--peers", type=_peers, default=[], help="ortools,vroom,pyvrp; nobody unless given")
    one.add_argument(
        "--best", type=Path, help="CSV with instance, vehicles and cost (or distance) of the best known plans"
    )
    one.add_argument(
        "--out", type=Path, help="folder for the plans as JSON: routes as lists of the file's node numbers"
    )
    one.add_argument("--seed", type=int, default=0)
    one.set_defaults(run=static)
    two = kinds.add_parser("insertion", help="one more rider in a plan at hand")
    two.add_argument("file", type=Path, metavar="FILE")
    two.add_argument(
        "--solution", type=Path, help="routes to start from (SINTEF's layout); Souto's own plan unless given"
    )
    two.add_argument("--vehicles", type=int, default=60)
    two.add_argument(
        "--peers", type=_peers, default=["vroom"], help="vroom and ortools, with the previous routes given"
    )
    two.add_argument("--random", type=int, default=0, help="further random bookings, all checked for broken promises")
    two.add_argument("--seed", type=int, default=0)
    two.set_defaults(run=insertion)
    three = kinds.add_parser("day", help="ten thousand requests of a day at once")
    three.add_argument("--requests", type=Path, required=True)
    three.add_argument("--network", type=Path, required=True)
    three.add_argument("--vehicles", type=int, default=200)
    three.add_argument("--seats", type=int, default=8)
    three.add_argument("--cpu-seconds", type=float, default=10.0, help="budget of the search (the matrix comes on top)")
    three.add_argument("--seed", type=int, default=0)
    three.set_defaults(run=day)
    four = kinds.add_parser("table", help="every figure, each beside its aim")
    four.add_argument("--rows", nargs="+", choices=list(ROWS), help="some of them only")
    four.add_argument("--data", type=Path, default=DATA, help="folder with the instances ($SOUTO_SAMPLES/transit)")
    four.add_argument("--random", type=int, default=100_000, help="random bookings of the row of insertions")
    four.add_argument("--share", type=float, default=1.0, help="a share of every budget, for a quick look")
    four.add_argument("--seed", type=int, default=0)
    four.set_defaults(run=table)
    for kind in (one, two, three, four):
        kind.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
