"""Through what others take part in this room: the engine that processes start, and the executors that compute simulations."""

from __future__ import annotations

from souto.services.transit.seams.executors import EXECUTORS, Executor, ExecutorMissingError, executor
from souto.services.transit.seams.starting import (
    EngineStartingError,
    State,
    begin,
    fill,
    folder,
    is_compiled,
    serve,
    state,
)

__all__ = [
    "EXECUTORS",
    "EngineStartingError",
    "Executor",
    "ExecutorMissingError",
    "State",
    "begin",
    "executor",
    "fill",
    "folder",
    "is_compiled",
    "serve",
    "state",
]
