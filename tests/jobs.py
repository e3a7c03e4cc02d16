"""Runs deferred jobs inside a test's own transaction, through the same registry as the worker."""

from __future__ import annotations

import json

from django.db import connection

from souto.kernel import jobs


def waiting() -> list[tuple[int, str, dict[str, object]]]:
    """Deferred jobs that have not run: id, name, arguments."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [(i, name, args if isinstance(args, dict) else json.loads(args)) for i, name, args in cursor.fetchall()]


def run_all(*, limit: int = 100) -> list[str]:
    """Run every deferred job, also those that jobs defer, in order; returns their names."""
    done: list[str] = []
    while todo := waiting():
        for job_id, name, arguments in todo:
            jobs.registered()[name].run(**arguments)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job_id])
            done.append(name)
            assert len(done) <= limit, "jobs defer each other without end"
    return done
