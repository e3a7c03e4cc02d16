"""One child process: started, listened to, started again when it dies, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from souto.config.postgres.tether import tether

FIRST_DELAY = 0.2  # seconds before the first new start
LONGEST_DELAY = 30.0
HEALTHY_AFTER = 10.0  # a child that lived this long starts over with the first delay
STOP_SECONDS = 15.0
ONCE_TRIES = 3

Say = Callable[[str, str], None]


@dataclass(frozen=True)
class ChildSpec:
    """What to run: a name for its log lines, the command, what its environment adds to ours, and open files that it inherits."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    files: tuple[int, ...] = ()
    addresses: tuple[tuple[str, int], ...] = ()  # where it answers HTTP once it is ready
    once: bool = False  # something to be done, not something that serves: over when it ends well, or has failed `ONCE_TRIES` times


class GaveUpError(RuntimeError):
    """A child died again and again before it was ever ready."""


class Child:
    """Runs one `ChildSpec`. Its output goes to `say(name, line)`, what happens to it to `tell(name, line)` (by default `say`).

    `give_up_after` deaths in a row, each within `HEALTHY_AFTER` seconds, end it with `GaveUpError`; None: never, nor once it was `settled`: what has
    served before is worth starting again.
    """

    def __init__(self, spec: ChildSpec, say: Say, *, tell: Say | None = None, give_up_after: int | None = None) -> None:
        self.spec = spec
        self.starts = 0
        self.settled = False
        self._say = say
        self._tell = tell or say
        self._give_up_after = give_up_after
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def run(self) -> None:
        """Keep the child running until `stop`.

        Raises
        ------
        GaveUpError
            It died too often in a row.
        """
        quick_deaths = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            if self.spec.once and (code == 0 or self.starts >= ONCE_TRIES):
                if code != 0:
                    self._tell(self.spec.name, f"ended ({_how(code)}) {self.starts} times; not started again")
                await self._stopping.wait()
                return
            lived = time.monotonic() - started
            self.settled = self.settled or lived >= HEALTHY_AFTER
            quick_deaths = quick_deaths + 1 if lived < HEALTHY_AFTER else 0
            if (
                self._give_up_after is not None
                and not self.spec.once
                and not self.settled
                and quick_deaths >= self._give_up_after
            ):
                raise GaveUpError(
                    f"{self.spec.name} ended {quick_deaths} times in a row ({_how(code)}); its last lines are above."
                )
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** max(0, quick_deaths - 1))
            self._tell(self.spec.name, f"ended ({_how(code)}); starts again in {delay:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)

    async def stop(self) -> None:
        """Ask the child to end, and end it by force when it does not."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        send(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._tell(self.spec.name, f"did not end within {STOP_SECONDS:.0f} s; ended by force")
            send(process, signal.SIGKILL)
            await process.wait()

    async def _run_once(self) -> int:
        self.starts += 1
        # A session of its own: Ctrl-C reaches the supervisor alone, which stops its children in order.
        self._process = await asyncio.create_subprocess_exec(
            *self.spec.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.spec.environment},
            pass_fds=self.spec.files,
            start_new_session=True,
            preexec_fn=tether(signal.SIGTERM),
        )
        await self._listen(self._process)
        return await self._process.wait()

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Pass on the output line by line; a line without end is passed on in pieces."""
        if process.stdout is None:
            return
        rest = b""
        while chunk := await process.stdout.read(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._say(self.spec.name, line.decode(errors="replace"))
            if len(rest) > 65536:
                self._say(self.spec.name, rest.decode(errors="replace"))
                rest = b""
        if rest:
            self._say(self.spec.name, rest.decode(errors="replace"))


def send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Send a signal to a child that may have ended already.

    Not by `Process.terminate`: that looks whether the child has ended and so takes its exit code away from asyncio, which then reports 255.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def _how(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
