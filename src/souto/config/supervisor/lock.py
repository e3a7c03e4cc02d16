"""One supervisor per state folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class AlreadyRunningError(RuntimeError):
    """Another supervisor holds this state folder."""


class StateLock:
    """Holds a state folder for this process; the kernel lets go of it when the process ends, however it ends."""

    def __init__(self, state: Path) -> None:
        self._path = state / "supervisor.lock"
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode().strip() or "unknown"
            os.close(descriptor)
            raise AlreadyRunningError(
                f"Souto already runs on {self._path.parent} (process {holder}). Stop that one, or choose another folder with --state.",
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
