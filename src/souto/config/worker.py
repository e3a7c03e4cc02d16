"""The worker: runs the jobs of the queue in the database.

The queue is read through a connection of its own (LISTEN needs one); the jobs themselves use Django's. So a job that defers another one does so in its own
transaction, exactly as a page does.
"""

from __future__ import annotations

import asyncio
import contextlib

import procrastinate
import structlog
from procrastinate.contrib.django import app as django_app
from procrastinate.jobs import Job

from souto.config import periodic

STALLED_AFTER = 30.0  # seconds without a sign of life from the worker that holds a job
LOOK_EVERY = 15.0  # seconds between looks for stalled jobs
SHUTDOWN_SECONDS = 10.0

log = structlog.get_logger(__name__)


async def work(url: str, *, concurrency: int, wait: bool) -> None:
    """Run jobs from the database at `url` until a signal (`wait`), or until none is left."""
    # with_connector makes a second app around the same tasks: Django's app keeps its own connector, and with it the transaction.
    worker = django_app.with_connector(
        procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=concurrency + 3)
    )
    worker.periodic_registry = periodic.in_tokyo(worker.periodic_registry, worker)
    async with worker.open_async():
        await retry_stalled(worker)
        watch = asyncio.create_task(_watch_stalled(worker))
        try:
            await worker.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                shutdown_graceful_timeout=SHUTDOWN_SECONDS,
                update_heartbeat_interval=5.0,
                stalled_worker_timeout=STALLED_AFTER,
            )
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


async def retry_stalled(app: procrastinate.App) -> list[Job]:
    """Put jobs back into the queue whose worker has died; return them. Jobs may run twice without harm, so this may be wrong without harm."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
    for job in stalled:
        await app.job_manager.retry_job(job)
        log.warning("job taken up again after its worker died", job=job.task_name, job_id=job.id)
    return stalled


async def _watch_stalled(app: procrastinate.App) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            await retry_stalled(app)
        except procrastinate.exceptions.ConnectorException:
            log.warning("database not reachable; looking for stalled jobs again later")
