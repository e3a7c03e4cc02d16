"""Run background jobs: PDFs, messages, hand-overs, everything that a page does not wait for.

Several workers may run at once. A job of a worker that died is taken up again by another.
"""

from __future__ import annotations

import argparse
import asyncio

from souto.config import environment
from souto.config.commands.base import CommandError, load_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `souto worker`."""
    parser.add_argument("--concurrency", type=int, help="jobs at a time (SOUTO_WORKER_CONCURRENCY)")
    parser.add_argument("--once", action="store_true", help="run what is waiting now, then end")


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    url = environment.DATABASE_DIRECT_URL.get() or environment.DATABASE_URL.get()
    if not url:
        raise CommandError("DATABASE_URL is not set. `souto up` runs a worker together with its own PostgreSQL.")
    load_django()
    from souto.config import warming
    from souto.config.worker import work

    warming.serve()
    asyncio.run(
        work(url, concurrency=arguments.concurrency or environment.WORKER_CONCURRENCY.get(), wait=not arguments.once)
    )
    return 0
