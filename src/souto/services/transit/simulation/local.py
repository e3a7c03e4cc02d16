"""Simulations on this machine: in the worker itself, or in processes of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

import django
from django.conf import settings


def prepare() -> None:
    """What a fresh process needs before a task: the rooms, for the rules of booking. No connection to the database is opened."""
    django.setup()


class Processes:
    """At most `number` processes, made anew (spawn) so that nothing of the worker's threads or connections goes along; with one, the worker does it itself."""

    def __init__(self, number: int) -> None:
        self.number = number

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Generator[tuple[int, Any], None, None]:
        """Place and result of each task, as they come."""
        if self.number == 1 or len(tasks) < 2:
            for place, task in enumerate(tasks):
                yield place, work(task)
            return
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(self.number, len(tasks)), mp_context=context, initializer=prepare)
        try:
            waiting = {pool.submit(work, task): place for place, task in enumerate(tasks)}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def make() -> Processes:
    """As many processes as the setting allows."""
    return Processes(settings.SIMULATION_PROCESSES)
