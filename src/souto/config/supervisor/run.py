"""Runs Souto's processes on one host."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from souto.config.postgres import EmbeddedPostgres
from souto.config.postgres.tether import tether
from souto.config.supervisor.child import Child, ChildSpec, GaveUpError, send

READY_SECONDS = 120.0
WATCH_SECONDS = 0.5
GRAVE = ("[warning", "[error", "[critical", "Traceback (most recent")  # how such lines look in the console style


class NotReadyError(RuntimeError):
    """A child did not answer in time."""


class Supervisor:
    """Starts children in order, keeps them running, stops them in reverse order.

    Parameters
    ----------
    postgres
        Souto's own PostgreSQL, already started; it is started again when it dies, at the same address, and stopped last.
    give_up_after
        See `Child`; a demo gives up and shows why, a service goes on trying.
    log
        A file for what the children say; without one it goes to standard error. What happens to them always does, and with a file also every
        line that is a warning or worse.
    json_lines
        The children write one JSON object a line, and so does the supervisor.
    """

    def __init__(
        self,
        *,
        postgres: EmbeddedPostgres | None = None,
        give_up_after: int | None = None,
        log: Path | None = None,
        json_lines: bool = False,
    ) -> None:
        self._log = log
        self._json = json_lines
        self._postgres = postgres
        self._give_up_after = give_up_after
        self._children: list[Child] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()
        self._watches_postgres = False
        self._width = 8

    def say(self, name: str, line: str) -> None:
        """Write one line of a child's log, with its name in front."""
        text = self._formatted(name, line)
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(text)
        if self._log is None or any(mark in line for mark in GRAVE):
            sys.stderr.write(text)
            sys.stderr.flush()

    def tell(self, name: str, line: str) -> None:
        """Write what happened to a child, where a person sees it."""
        if self._log is not None:
            self.say(name, line)
        sys.stderr.write(self._formatted(name, line))
        sys.stderr.flush()

    def _formatted(self, name: str, line: str) -> str:
        """Put the name in front; in machine-readable logs as a field, so that every line stays one JSON object."""
        if not self._json:
            return f"{name:<{self._width}} | {line}\n"
        process = json.dumps(name)
        if line.startswith('{"') and line.endswith("}"):
            return f'{{"process": {process}, {line[1:]}\n'
        return f'{{"process": {process}, "event": {json.dumps(line, ensure_ascii=False)}}}\n'

    def request_stop(self) -> None:
        """Ask `wait` to return; for signal handlers."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to end."""
        return self._stop.is_set()

    async def start(self, specs: Sequence[ChildSpec]) -> None:
        """Start (further) children and wait until each of them that has an address answers.

        Raises
        ------
        NotReadyError, GaveUpError
            One does not answer in time, or died again and again. What was started is still running: call `stop`.
        """
        self._width = max([self._width, *(len(spec.name) for spec in specs)])
        fresh: list[Child] = []
        for spec in specs:
            child = Child(spec, self.say, tell=self.tell, give_up_after=self._give_up_after)
            self._children.append(child)
            fresh.append(child)
            self._tasks.append(asyncio.create_task(child.run(), name=spec.name))
        if self._postgres is not None and not self._watches_postgres:
            self._watches_postgres = True
            self._tasks.append(asyncio.create_task(self._watch_postgres(self._postgres), name="postgres"))
        for child in fresh:
            for address in child.spec.addresses:
                await self._until_ready(child.spec.name, address)
            child.settled = child.settled or bool(child.spec.addresses)

    async def wait(self) -> int:
        """Wait for a signal or for a child to give up; return the exit code."""
        stop = asyncio.create_task(self._stop.wait())
        try:
            done, _ = await asyncio.wait([stop, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
        for task in done - {stop}:
            if not task.cancelled() and (error := task.exception()) is not None:
                self.tell(task.get_name(), str(error))
                return 1
        return 0

    async def run_beside(self, command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> int:
        """Run a command to its end while the children run; return its exit code, or 1 when a signal or a dead child ends it first."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            preexec_fn=tether(signal.SIGTERM),
        )
        over = asyncio.create_task(self.wait())
        done = asyncio.create_task(process.wait())
        await asyncio.wait([over, done], return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not done.done():
            send(process, signal.SIGTERM)
            await done
            return 1
        return done.result()

    async def stop(self) -> None:
        """Stop the children in reverse order, then PostgreSQL."""
        for child in reversed(self._children):
            await child.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._postgres is not None:
            self._postgres.stop()

    def catch_signals(self) -> None:
        """Stop in order on SIGTERM, SIGINT and SIGHUP."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self.request_stop)

    def pids(self) -> dict[str, int]:
        """Return the process ids of the children that run now."""
        return {child.spec.name: child.pid for child in self._children if child.pid is not None}

    async def _watch_postgres(self, postgres: EmbeddedPostgres) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            process = postgres.process
            if process is not None and process.poll() is not None:
                self.tell("postgres", f"ended (exit code {process.returncode}); starts again")
                postgres.start()  # in this thread on purpose: the kernel ties a child to the thread that started it

    async def _until_ready(self, name: str, address: tuple[str, int]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and not self._stop.is_set():
            for task in self._tasks:
                if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                    raise error
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                await asyncio.wait_for(_head(*address), 5)
                return
            await asyncio.sleep(0.1)
        if not self._stop.is_set():
            raise NotReadyError(
                f"{name} did not answer on http://{address[0]}:{address[1]} within {READY_SECONDS:.0f} seconds; its lines are above."
            )


async def _head(host: str, port: int) -> None:
    """Ask for /healthz; any HTTP answer shows that the process serves."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        await reader.readuntil(b"\r\n")
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def souto_command(*arguments: str) -> list[str]:
    """Return the command line of a `souto` subcommand with this Python, this environment."""
    return [sys.executable, "-m", "souto.config.cli", *arguments]


def run_step(*arguments: str, environment: dict[str, str]) -> int:
    """Run a `souto` subcommand to its end and return its exit code; it ends when this process is killed."""
    process = subprocess.Popen(
        souto_command(*arguments),
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        preexec_fn=tether(signal.SIGTERM),  # noqa: PLW1509 - only async-signal-safe calls in it
    )
    return process.wait()


__all__ = ["GaveUpError", "NotReadyError", "Supervisor", "run_step", "souto_command"]
