"""Background work (ジョブ): registered by name in each room's `jobs.py`, deferred inside the transaction that needs it.

    @job("documents.render", attempts=5)
    def render(*, document_id: str) -> None: ...

    jobs.defer("documents.render", document_id=str(document.id))

A job takes ids, checks the state anew and may run twice without harm. `config.jobs` binds this registry to the queue in
the database; nothing here knows the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A registered job: `attempts` in all before it counts as failed, `wait` seconds (doubling) between them,
    `cron` (five fields, Asia/Tokyo) when it also runs by itself.
    """

    name: str
    run: Callable[..., None]
    attempts: int = 5
    wait: int = 10
    cron: str | None = None


class Queue(Protocol):
    """Where deferred jobs go."""

    def defer(self, name: str, arguments: dict[str, Any], *, delay: int, lock: str | None) -> None:
        """Store the job in the current transaction; `delay` in seconds."""


class UnknownJobError(LookupError):
    """No room has registered a job of this name."""


_registry: dict[str, Job] = {}
_queue: Queue | None = None


def job(
    name: str, *, attempts: int = 5, wait: int = 10, cron: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the decorated function under `name` (`"room.task"`)."""

    def register(run: Callable[..., None]) -> Callable[..., None]:
        _registry[name] = Job(name=name, run=run, attempts=attempts, wait=wait, cron=cron)
        return run

    return register


def bind(queue: Queue) -> None:
    """Let `defer` store jobs in `queue`."""
    global _queue  # noqa: PLW0603 - wired once at start
    _queue = queue


def defer(name: str, *, delay: int = 0, lock: str | None = None, **arguments: Any) -> None:
    """Ask for job `name` to run with `arguments` (JSON values) once the transaction has committed, after `delay` seconds.

    Jobs that share a `lock` run one after the other.
    """
    if name not in _registry:
        raise UnknownJobError(name)
    if _queue is None:
        raise RuntimeError("no queue is bound; souto.config.jobs does that at start")
    _queue.defer(name, arguments, delay=delay, lock=lock)


def registered() -> dict[str, Job]:
    """Every registered job by name."""
    return dict(_registry)
