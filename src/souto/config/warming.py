"""The dispatch engine of a server: compiled by `souto warm` in a process of its own, loaded in a thread after the start."""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, connection
from psycopg_pool import PoolTimeout

from souto.config.supervisor.run import run_step
from souto.services.transit import queries, seams

log = structlog.get_logger(__name__)


def serve() -> None:
    """This process serves people, or jobs: nothing is compiled in it."""
    seams.serve(lambda: run_step("warm", "--gently", environment={}))


def begin_beside() -> None:
    """Have the engine loaded where a transit service is published; returns at once."""
    threading.Thread(target=_begin, name="transit?", daemon=True).start()


def _begin() -> None:
    try:
        if queries.any_published():
            seams.begin()
    except (DatabaseError, PoolTimeout):
        log.warning("database not reachable; the dispatch engine is loaded at the first question")
    finally:
        connection.close()
