"""Times of periodic jobs: a job's `cron` is read in Asia/Tokyo, while the queue reads every cron in UTC.

Tokyo keeps UTC+9 all year, so a constant shift is exact.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import Any

from croniter import croniter
from procrastinate import App
from procrastinate.periodic import PeriodicRegistry, PeriodicTask
from procrastinate.tasks import Task

TOKYO = timedelta(hours=9).total_seconds()


class TokyoCron:
    """The part of croniter that the queue uses, with instants as UTC timestamps (seconds) and the expression in Tokyo's wall time."""

    def __init__(self, expression: str) -> None:
        self._cron = croniter(expression)

    def set_current(self, start_time: float) -> float:
        """Look from `start_time` on."""
        self._cron.set_current(start_time + TOKYO)
        return start_time

    def get_next(self, ret_type: type[float] = float, start_time: float | None = None) -> float:
        """Return the next time after the current one."""
        if start_time is not None:
            self.set_current(start_time)
        return float(self._cron.get_next(ret_type)) - TOKYO

    def get_prev(self, ret_type: type[float] = float) -> float:
        """Return the last time before the current one."""
        return float(self._cron.get_prev(ret_type)) - TOKYO


class TokyoTask(PeriodicTask):  # type: ignore[type-arg]
    """A periodic task whose cron is Tokyo's."""

    @property
    def croniter(self) -> TokyoCron:
        """Make an iterator for this task's times."""
        return TokyoCron(self.cron)


def in_tokyo(registry: PeriodicRegistry, app: App) -> PeriodicRegistry:
    """Return the same periodic tasks, timed in Tokyo and deferred through `app`, the worker's."""
    timed = PeriodicRegistry()  # type: ignore[no-untyped-call]
    timed.periodic_tasks = {
        key: TokyoTask(
            task=_of(task.task, app),
            cron=task.cron,
            periodic_id=task.periodic_id,
            configure_kwargs=task.configure_kwargs,
        )
        for key, task in registry.periodic_tasks.items()
    }
    return timed


def _of(task: Task[Any, Any, Any], app: App) -> Task[Any, Any, Any]:
    """Return a copy of a task that defers through `app`."""
    copied = copy(task)
    copied.blueprint = app
    return copied
