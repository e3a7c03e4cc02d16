"""The dispatch engine of this process: compiled once for an installation, loaded beside the requests of a server.

Compiling takes half a minute of one processor. It is done by one process for all (`fill`, which `souto warm` runs), the others wait for the note that it leaves
in the folder of compiled code. The note is named after everything that makes numba compile anew: the sources, the versions of Python and numba, the processor.

A server (`serve`) never compiles and never loads within a request: `begin` has it done in a thread, `require` waits for that for a moment. Commands, jobs and
tests have no `serve`; there `require` does what is missing at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.conf import settings

from souto.kernel.errors import SoutoError

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: Seconds that a question waits for an engine that is being loaded, which takes one or two.
PATIENCE = 4.0
#: Seconds between looks whether another process has finished compiling.
LOOK = 0.5
#: How often a server has the engine compiled before it does so itself.
TRIES = 3

log = structlog.get_logger(__name__)


class State(StrEnum):
    """How far the engine of this process is."""

    IDLE = "idle"
    COMPILING = "compiling"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class EngineStartingError(SoutoError):
    """The engine is being compiled or loaded (503); nothing was stored."""

    message = "配車の準備をしています。1分ほど待ってから、もう一度お試しください。"
    status = 503
    retry_after = 15


def folder() -> Path:
    """The folder of compiled code."""
    return Path(settings.COMPILED_DIR)


def note(where: Path) -> Path:
    """The file in the folder of compiled code that says: everything that this version needs on this machine is compiled."""
    digest = hashlib.blake2b(digest_size=12)
    here = Path(__file__).parent / "dispatch"
    for source in sorted(here.rglob("*.py")):
        digest.update(str(source).encode() + source.read_bytes())
        if source.parent != here:
            digest.update(str(source.stat().st_mtime_ns).encode())  # numba looks at it
    facts = [sys.version, *(version(name) for name in ("numba", "llvmlite", "numpy")), _processor()]
    digest.update("\n".join(facts).encode())
    return where / f"dispatch-{digest.hexdigest()}.json"


def _processor() -> str:
    """What distinguishes this machine's processor from others, as far as that can be read."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    kept = {
        line.partition(":")[0].strip(): line for line in lines if line.startswith(("model name", "flags", "Features"))
    }
    return "\n".join(kept[name] for name in sorted(kept))


def is_compiled(where: Path | None = None) -> bool:
    """Whether everything is compiled, so that this process would only load it; `where` for processes without Django's settings."""
    return note(where or folder()).exists()


@contextmanager
def _alone(*, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of whoever compiles; false where another process holds it and one does not want to wait."""
    with (folder() / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def fill() -> dispatch.Warmth:
    """Compile what is missing and load the rest, in this process; where another one is at it, wait for its end and load.

    Raises `OSError` where the folder cannot be written.
    """
    folder().mkdir(parents=True, exist_ok=True)
    with _alone():
        from souto.services.transit.dispatch import warm

        done = warm()
        if done.compiled or not is_compiled():
            facts = {"compiled": done.compiled, "cpu_seconds": round(done.cpu_seconds, 1)}
            note(folder()).write_text(json.dumps(facts) + "\n")
    return done


class _Server:
    """The engine of a process that serves people."""

    def __init__(self, compile_elsewhere: Callable[[], object]) -> None:
        self.compile_elsewhere = compile_elsewhere
        self.state = State.IDLE
        self.over = threading.Event()
        self.lock = threading.Lock()

    def begin(self) -> None:
        with self.lock:
            if self.state is not State.IDLE:
                return
            self.state = State.LOADING if is_compiled() else State.COMPILING
        threading.Thread(target=self._load, name="dispatch engine", daemon=True).start()

    def _load(self) -> None:
        try:
            self._wait_until_compiled()
            self.state = State.LOADING
            from souto.services.transit.dispatch import warm

            done = warm()
            self.state = State.READY
            log.info("dispatch engine loaded", cpu_seconds=round(done.cpu_seconds, 1), compiled=done.compiled)
        except Exception:
            self.state = State.FAILED  # a question that needs the engine says what is wrong
            log.exception("dispatch engine cannot be loaded")
        finally:
            self.over.set()

    def _wait_until_compiled(self) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        tries = 0
        while not is_compiled() and tries < TRIES:
            with _alone(wait=False) as free:
                pass
            if free:
                self.compile_elsewhere()
                tries += 1
            else:
                time.sleep(LOOK)


_server: _Server | None = None
_compiled = False


def serve(compile_elsewhere: Callable[[], object]) -> None:
    """From now on this process is a server; `compile_elsewhere` runs `souto warm` to its end in another process."""
    global _server  # noqa: PLW0603 - a fact about this process
    if _server is None:
        _server = _Server(compile_elsewhere)


def begin() -> None:
    """Have a server load the engine beside its requests; nothing in other processes, or where it has begun."""
    if _server is not None:
        _server.begin()


def state() -> State:
    """How far the engine is; where nobody is served, ready means compiled."""
    if _server is not None:
        return _server.state
    return State.READY if is_compiled() else State.IDLE


def ready() -> bool:
    """Whether the engine can be asked now, for work that comes again later; a server begins to load it, others do what is missing."""
    if _server is None:
        require()
    begin()
    return state() is State.READY


def require() -> None:
    """Wait for the engine.

    Raises
    ------
    EngineStartingError
        It is not there yet, and asking again in a minute helps.
    """
    global _compiled  # noqa: PLW0603 - once true it stays true
    if _server is not None:
        _server.begin()
        if not _server.over.wait(PATIENCE):
            raise EngineStartingError
    elif not _compiled:
        if not is_compiled():
            fill()
        _compiled = True
