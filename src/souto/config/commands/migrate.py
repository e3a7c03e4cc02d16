"""Bring the database's tables up to date.

Safe to run again, and safe to start on two hosts at once: the second waits for the first.
"""

from __future__ import annotations

import argparse

from souto.config import environment
from souto.config.commands.base import database, load_django

LOCK = 0x50_55_54_4F  # "SOUTO"'s advisory lock for migrations, an arbitrary constant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto migrate`."""
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 when tables are behind")


def run(arguments: argparse.Namespace) -> int:
    """Apply what is missing."""
    with database() as url:
        load_django()
        if arguments.check:
            return _check()
        return apply(environment.DATABASE_DIRECT_URL.get() or url)


def _check() -> int:
    from souto.config.health import pending_migrations

    pending = pending_migrations()
    for name in pending:
        print(f"not applied: {name}")
    return 1 if pending else 0


def apply(url: str, *, verbosity: int = 1) -> int:
    """Apply every missing migration; Django is loaded already."""
    import psycopg
    from django.core.management import call_command

    with psycopg.connect(url) as guard:  # the lock belongs to this transaction and ends with it
        guard.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        call_command("migrate", interactive=False, verbosity=verbosity)
    return 0
