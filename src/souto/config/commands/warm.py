"""Compile the dispatch engine ahead of the first ride, or look that it is compiled.

Compiling takes half a minute of one processor, once for each version of Souto and each kind of processor; the code is kept in NUMBA_CACHE_DIR. `souto up` and
`souto demo` do it by themselves; run it after an update where processes are started one by one. Safe to run twice at once: the second waits for the first.
"""

from __future__ import annotations

import argparse
import os

from souto.config.commands.base import CommandError, load_django

NICENESS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto warm`."""
    parser.add_argument("--gently", action="store_true", help="leave the processors to others first")
    parser.add_argument(
        "--where-published", action="store_true", help="only where a transit service is published (asks DATABASE_URL)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Compile or load everything, and say what was done."""
    if arguments.gently:
        os.nice(NICENESS)
    load_django()
    from souto.services.transit import queries, seams

    if arguments.where_published and not queries.any_published():
        return 0
    try:
        done = seams.fill()
    except OSError as error:
        raise CommandError(
            f"{seams.folder()} cannot be written ({error.strerror}). Let NUMBA_CACHE_DIR name a folder of this account."
        ) from error
    what = (
        f"{done.compiled} functions compiled"
        if done.compiled
        else f"{done.loaded} functions loaded, nothing to compile"
    )
    print(f"dispatch engine: {what}; {done.cpu_seconds:.1f} CPU-seconds; {seams.folder()}", flush=True)
    return 0
