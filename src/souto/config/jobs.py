"""Binds the kernel's jobs to procrastinate, the queue in the database."""

from __future__ import annotations

from typing import Any

import procrastinate

from souto.kernel import jobs


class DatabaseQueue:
    """Defers jobs through Django's own connection, so that a job commits or rolls back with the data."""

    def __init__(self, app: procrastinate.App) -> None:
        self._app = app

    def defer(self, name: str, arguments: dict[str, Any], *, delay: int, lock: str | None) -> None:
        """Store the job in the current transaction."""
        options: dict[str, Any] = {"schedule_in": {"seconds": delay}} if delay else {}
        self._app.configure_task(name, lock=lock, **options).defer(**arguments)


def bind(app: procrastinate.App) -> None:
    """Register every room's jobs as tasks; called when every room has registered its own (config is the last app)."""
    for job in jobs.registered().values():
        retry = procrastinate.RetryStrategy(max_attempts=job.attempts, exponential_wait=max(2, job.wait))
        task = app.task(name=job.name, queue="default", retry=retry)(_runner(job))
        if job.cron:
            app.periodic(cron=job.cron, periodic_id=job.name)(task)
    jobs.bind(DatabaseQueue(app))


def _runner(job: jobs.Job) -> Any:
    if job.cron is None:
        return job.run

    def run_at(timestamp: int = 0) -> None:  # noqa: ARG001 - the queue says the time; whoever defers it by hand does not
        job.run()

    return run_at
