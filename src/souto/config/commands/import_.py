"""Take over data of the city: procedures (YAML), the inventory 手続台帳 (CSV), towns (JSON).

Everything goes through the same actions as in the staff pages: what is already there does not change, and rows that cannot be taken wait for a person.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from souto.config import environment
from souto.config.commands.base import CommandError, database, load_django
from souto.kernel.actor import Actor

ACTOR = Actor.system("souto import")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto import`."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    procedures = kinds.add_parser("procedures", help="definitions as YAML; each that differs becomes a draft")
    procedures.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="by default every file of the city's folder procedures/"
    )
    procedures.add_argument(
        "--publish", action="store_true", help="publish each draft, if its checks find nothing wrong"
    )
    inventory = kinds.add_parser("inventory", help="the inventory 手続台帳 as CSV with a header line")
    inventory.add_argument("file", type=Path, metavar="FILE")
    inventory.add_argument("--source", help="where the list comes from (the file's name)")
    towns = kinds.add_parser("towns", help="towns 町丁目 with points, a JSON list")
    towns.add_argument("file", type=Path, metavar="FILE")
    towns.add_argument("--source", required=True, help="who publishes the list")
    towns.add_argument("--licence", required=True, help="its licence, as its publisher names it")


def run(arguments: argparse.Namespace) -> int:
    """Take over one kind of data."""
    with database():
        load_django()
        if arguments.kind == "procedures":
            return _procedures(arguments.files, publish=arguments.publish)
        if arguments.kind == "inventory":
            return _inventory(arguments.file, arguments.source)
        return _towns(arguments.file, arguments.source, arguments.licence)


def read(file: Path) -> bytes:
    """Return a file's content.

    Raises
    ------
    CommandError
        It cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({error.strerror}).") from error


def _procedures(files: Iterable[Path], *, publish: bool) -> int:
    """Take every file that can be taken; the exit code says whether all could."""
    from souto.kernel.errors import SoutoError
    from souto.services.procedures import actions
    from souto.services.procedures.queries import State

    folder = environment.CITY.get() / "procedures"
    chosen = list(files) or sorted(folder.glob("*.yaml"))
    if not chosen:
        raise CommandError(f"{folder} holds no *.yaml.")
    code = 0
    for file in chosen:
        try:
            version = actions.import_yaml(actor=ACTOR, text=read(file).decode("utf-8"))
            if publish and version.state == State.DRAFT:
                version = actions.publish(actor=ACTOR, version_id=version.id)
            print(f"{file.name}: {version.slug} version {version.number}, {version.state}")
        except (SoutoError, UnicodeDecodeError) as error:
            print(f"{file.name}: {error}", file=sys.stderr)
            code = 1
    return code


def _inventory(file: Path, source: str | None) -> int:
    from souto.services.procedures import actions

    report = actions.import_inventory(actor=ACTOR, rows=actions.read_csv(read(file)), source=source or file.name)
    print(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged; {len(report.refused)} rows wait for a person"
    )
    return 0


def _towns(file: Path, source: str, licence: str) -> int:
    from souto.foundation.registry import actions

    try:
        rows = json.loads(read(file))
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}") from error
    if not isinstance(rows, list):
        raise CommandError(f"{file} holds no list of towns.")
    report = actions.import_towns(actor=ACTOR, rows=rows, source=source, licence=licence)
    if report.repeated:
        print("the same list was taken over before; nothing changed")
    else:
        print(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.ended} ended; {report.refused} rows wait for a person"
        )
    return 0
