"""Where the work of a simulation runs: a Protocol, a registry, and one module for each executor."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from souto.kernel.errors import SoutoError


class ExecutorMissingError(SoutoError):
    """The executor that is set cannot be used here."""

    message = "計算を行う仕組み「%(name)s」を使えません：%(reason)s"


class Executor(Protocol):
    """Runs one function over many tasks, somewhere."""

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Generator[tuple[int, Any], None, None]:
        """Place of the task and its result, as they come. `work` is a function of a module, tasks and results can be pickled. Closing the generator stops the rest."""
        ...


#: Module and function that makes each executor; loaded when it is asked for.
EXECUTORS: dict[str, str] = {
    "local": "souto.services.transit.simulation.local:make",
    "ray": "souto.services.transit.simulation.on_ray:make",
}


def executor(name: str) -> Executor:
    """The executor of this name.

    Raises:
        ExecutorMissingError: there is none, or what it needs is not installed or not reached.
    """
    if name not in EXECUTORS:
        raise ExecutorMissingError(name=name, reason="、".join(sorted(EXECUTORS)))
    module, function = EXECUTORS[name].split(":")
    return cast("Executor", getattr(import_module(module), function)())
