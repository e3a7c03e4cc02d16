"""What every benchmark shares: a contender runs alone in a process of its own, its work is counted in CPU-seconds, the last line is JSON."""

from __future__ import annotations

import json
import multiprocessing
import resource
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """What a contender did. CPU-seconds of the process and its children, user and system; peak memory in MiB of the largest process."""

    seconds: float
    peak_mib: float
    made: Any


def cpu_seconds() -> float:
    """CPU time so far of this process and its finished children, user and system, in seconds."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def alone(prepare: Callable[..., Callable[[], Any]], *arguments: Any) -> Run:
    """Run a contender in a fresh process: ``prepare(*arguments)`` (imports, fonts, warming up) is not counted, what it returns is.

    Raises:
        RuntimeError: the contender failed; the message is its own.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, prepare, arguments))
    process.start()
    sender.close()
    outcome: tuple[Run | None, str]
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = None, "the contender's process ended without a word"
    process.join()
    run, failure = outcome
    if run is None:
        raise RuntimeError(failure)
    return run


def _work(sender: Any, prepare: Callable[..., Callable[[], Any]], arguments: tuple[Any, ...]) -> None:
    try:
        work = prepare(*arguments)
        before = cpu_seconds()
        made = work()
        seconds = cpu_seconds() - before
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        sender.send((Run(seconds, peak, made), ""))
    except Exception as failure:  # noqa: BLE001 - whatever went wrong belongs to the report of the parent process
        sender.send((None, f"{type(failure).__name__}: {failure}"))
    finally:
        sender.close()


def last_line(name: str, figures: dict[str, Any], aims: dict[str, Any], *, met: bool) -> str:
    """The JSON line that ends a run with ``--json``."""
    return json.dumps({"benchmark": name, "figures": figures, "aims": aims, "met": met}, ensure_ascii=False)
