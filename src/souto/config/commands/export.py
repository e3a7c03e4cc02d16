"""Write procedures as YAML, one file each: to keep them under version control, or to give them to another city.

What is written can be read again by `souto import procedures` without a difference.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from souto.config.commands.base import CommandError, database, load_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto export`."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    procedures = kinds.add_parser("procedures", help="the published versions, as YAML")
    procedures.add_argument("slugs", nargs="*", metavar="SLUG", help="by default every published procedure")
    procedures.add_argument("--to", type=Path, required=True, help="folder for the files; made if it is not there")


def run(arguments: argparse.Namespace) -> int:
    """Write the files."""
    with database():
        load_django()
        return _procedures(arguments.slugs, arguments.to)


def _procedures(slugs: list[str], folder: Path) -> int:
    from souto.services.procedures import queries
    from souto.services.procedures.definition import yaml_io

    versions = [queries.get_published(slug) for slug in slugs] or queries.list_published()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for version in versions:
            target = folder / f"{version.slug}.yaml"
            target.write_text(yaml_io.dump(version.definition), encoding="utf-8")
            print(f"{target}: version {version.number}")
    except OSError as error:
        raise CommandError(f"{folder} cannot be written ({error.strerror}).") from error
    return 0
