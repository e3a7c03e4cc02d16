"""Verify, seal and export the audit trail.

`verify` computes the chain anew and ends with exit code 1 when a link does not hold. `seal` chains what was committed since the last seal (the worker
does so every minute). `export` writes one JSON object a line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TextIO

from souto.config.commands.base import CommandError, database, load_django
from souto.kernel import clock
from souto.kernel.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto audit`."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    deeds.add_parser("verify", help="compute the chain anew; exit code 1 when a link does not hold")
    deeds.add_parser("seal", help="chain what was committed since the last seal")
    export = deeds.add_parser("export", help="write the entries as JSON lines")
    export.add_argument("--since", type=date.fromisoformat, help="first day, YYYY-MM-DD (Asia/Tokyo)")
    export.add_argument("--until", type=date.fromisoformat, help="day after the last one")
    export.add_argument("--output", type=Path, help="a new file (mode 600); standard output by default")


def run(arguments: argparse.Namespace) -> int:
    """Do one of the three."""
    with database():
        load_django()
        if arguments.deed == "verify":
            return _verify()
        if arguments.deed == "seal":
            return _seal()
        return _export(arguments.since, arguments.until, arguments.output)


def _verify() -> int:
    from souto.foundation.audit import queries

    found = queries.verify()
    tail = f"{found.unsealed} entries not sealed yet" + (
        f", the oldest of {found.unsealed_since:%Y-%m-%d %H:%M:%S} UTC" if found.unsealed_since else ""
    )
    print(f"{found.links} links hold; head {found.head}; {tail}")
    if not found.ok:
        print(f"BROKEN at link {found.broken_at}: {found.reason}")
    return 0 if found.ok else 1


def _seal() -> int:
    from souto.foundation.audit import sealing

    print(f"{sealing.seal_committed()} entries sealed")
    return 0


def _export(since: date | None, until: date | None, output: Path | None) -> int:
    from souto.foundation.audit import actions, queries

    count, actor = 0, Actor.system("souto audit export")
    with _target(output) as file:
        for entry in queries.export(actor=actor, since=_start_of(since), until=_start_of(until)):
            file.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    actions.record(actor=actor, action="audit.exported", facts={"entries": count})
    print(f"{count} entries exported", file=sys.stderr)
    return 0


def _start_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=clock.TOKYO)


@contextlib.contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        output.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise CommandError(
            f"{output} cannot be written ({error.strerror}); name a file that does not exist yet."
        ) from error
    with output.open("w", encoding="utf-8") as file:
        yield file
