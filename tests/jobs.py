"""Runs deferred jobs inside a test, in its own transaction: what the worker would do a moment later."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from souto.kernel import clock, jobs


def waiting(name: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Return (name, arguments) of the jobs that wait, oldest first; of one name where given."""
    return [(task, arguments) for _, task, arguments in _rows() if name in (None, task)]


def run_all(*, limit: int = 1000) -> list[str]:
    """Run the jobs that are due, and those that they defer in turn; return the names in the order of running.

    A job that raises is a failed test: its exception comes through. The limit leaves room for what earlier tests of the same database left waiting. Jobs deferred with a delay (a retry, a reminder) stay waiting.
    """
    done: list[str] = []
    while rows := _rows(due=True):
        for number, name, arguments in rows:
            if len(done) == limit:
                raise AssertionError(f"jobs keep deferring jobs: {done[-5:]}")
            _set(number, "doing")
            jobs.registered()[name].run(**arguments)
            _set(number, "succeeded")
            done.append(name)
    return done


def _rows(*, due: bool = False) -> list[tuple[int, str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, task_name, args from procrastinate_jobs where status = 'todo' and (%s or scheduled_at is null or scheduled_at <= %s) order by id",
            [not due, clock.real_now()],
        )
        return [
            (number, name, json.loads(args) if isinstance(args, str) else args)
            for number, name, args in cursor.fetchall()
        ]


def _set(number: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = %s::procrastinate_job_status where id = %s", [status, number]
        )
