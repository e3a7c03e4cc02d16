"""The worker: runs the jobs of the queue in the database.

The queue is read through a connection of its own (LISTEN needs one); the jobs themselves use Django's. So a job that defers another one does so in its own
transaction, exactly as a page does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator

import procrastinate
import structlog
from procrastinate.contrib.django import app as django_app
from procrastinate.jobs import Job

from souto.config import periodic

STALLED_AFTER = 30.0  # seconds without a sign of life from the worker that holds a job
LOOK_EVERY = 15.0  # seconds between looks for stalled jobs
SHUTDOWN_SECONDS = 10.0  # a running job may still take this long once the worker was asked to end
FORCE_SECONDS = 2.0  # and then this long to say goodbye to the database

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
        running = asyncio.ensure_future(
            worker.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                shutdown_graceful_timeout=SHUTDOWN_SECONDS,
                update_heartbeat_interval=5.0,
                stalled_worker_timeout=STALLED_AFTER,
                install_signal_handlers=False,
            )
        )
        try:
            with _ended_by_signals(running):
                await running
        except asyncio.CancelledError:
            log.info("the worker was asked to end and has ended")
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


@contextlib.contextmanager
def _ended_by_signals(running: asyncio.Future[None]) -> Iterator[None]:
    """End `running` gently on SIGTERM or SIGINT, and the process by force when that takes too long.

    Saying goodbye needs the database. Where that is away too (its host goes down, the supervisor was killed), waiting for a connection
    would keep the worker alive for minutes; whatever it held is taken up by the next one, as after any other death.
    """
    loop = asyncio.get_running_loop()

    def by_force() -> None:
        log.warning("the worker could not end in good order; its jobs are taken up again by another")
        sys.stderr.flush()
        os._exit(1)

    def end() -> None:
        running.cancel()
        loop.call_later(SHUTDOWN_SECONDS + FORCE_SECONDS, by_force)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


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
