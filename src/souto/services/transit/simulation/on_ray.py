"""Simulations on a Ray cluster (`pip install ray`), whose machines have this Souto, its settings and the city's folder installed too."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Sequence
from importlib import import_module
from typing import Any

from django.conf import settings

from souto.services.transit.seams import ExecutorMissingError
from souto.services.transit.simulation.local import prepare


class Cluster:
    """A Ray cluster; the address is that of `ray.init`, empty for one on this machine."""

    def __init__(self, ray: Any, address: str) -> None:
        self.ray, self.address = ray, address

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Generator[tuple[int, Any], None, None]:
        """Place and result of each task, as they come.

        Raises:
            ExecutorMissingError: the cluster is not reached.
        """
        try:
            self.ray.init(address=self.address or None, ignore_reinit_error=True, log_to_driver=False)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ExecutorMissingError(name="ray", reason=error) from error
        remote = self.ray.remote(_prepared)
        waiting = {remote.remote(pickle.dumps((work, task))): place for place, task in enumerate(tasks)}
        try:
            while waiting:
                (ready,), _rest = self.ray.wait(list(waiting), num_returns=1)
                yield waiting.pop(ready), self.ray.get(ready)
        finally:
            for rest in waiting:
                self.ray.cancel(rest, force=False)
            self.ray.shutdown()


def _prepared(packed: bytes) -> Any:
    """Work and task come packed: Ray would unpack them, and import the rooms, before Django is set up in its process."""
    prepare()
    work, task = pickle.loads(packed)  # noqa: S301 - made by `run`
    return work(task)


def make() -> Cluster:
    """The cluster that the settings name.

    Raises:
        ExecutorMissingError: Ray is not installed.
    """
    try:
        ray = import_module("ray")
    except ImportError as error:
        raise ExecutorMissingError(name="ray", reason="rayをインストールしてください") from error
    return Cluster(ray, settings.RAY_ADDRESS)
