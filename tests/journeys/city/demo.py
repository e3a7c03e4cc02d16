"""The demo that these journeys walk in: `souto demo` on free ports with a folder of its own, started once and stopped at the end.

Each xdist worker that meets a test of this folder starts its own, so no journey sees another worker's city. The demo is a child of
that worker and ends with it, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from souto.config.postgres.tether import tether
from tests.journeys.browser import AXE

START_SECONDS, STOP_SECONDS = 600, 60

#: What every module of this folder carries.
MARKS = [pytest.mark.journey, pytest.mark.xdist_group("city")]


@dataclass(frozen=True)
class Demo:
    """A running demo: where each of its origins answers, and where it keeps its files."""

    state: Path
    port: int

    @property
    def origin(self) -> str:
        """The city's own pages."""
        return f"http://localhost:{self.port}"

    @property
    def origins(self) -> set[str]:
        """Everything a browser may open: the city, the identity provider, the cashless provider."""
        return {f"http://localhost:{self.port + offset}" for offset in range(3)}

    def mails(self) -> list[bytes]:
        """The e-mails sent so far."""
        folder = self.state / "mail" / "new"
        return [path.read_bytes() for path in sorted(folder.glob("*"))] if folder.exists() else []


def five_free_ports() -> int:
    """The first of five ports in a row that nobody uses now."""
    for _ in range(200):
        first = random.randrange(20_000, 32_000)
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + 5):
                    listener = held.enter_context(socket.socket())
                    listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise RuntimeError("no five free ports in a row")


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The running demo. `SOUTO_JOURNEY_DEMO=PORT:STATE` walks in one that already runs (and is left running)."""
    if not AXE.exists():
        pytest.skip("the front end is not built (scripts/build)")
    if standing := os.environ.get("SOUTO_JOURNEY_DEMO"):
        port, state = standing.split(":", 1)
        yield Demo(Path(state), int(port))
        return
    state = Path(tempfile.mkdtemp(prefix="souto-journeys-"))
    state.chmod(0o711)  # PostgreSQL's account walks through to its data
    try:
        with _running(state) as running:
            yield running
    finally:
        shutil.rmtree(state, ignore_errors=True)


@contextlib.contextmanager
def _running(state: Path) -> Iterator[Demo]:
    made, output = Demo(state, five_free_ports()), state / "output.log"
    command = [sys.executable, "-m", "souto.config.cli", "demo", "--state", str(state), "--port-base", str(made.port)]
    command += ["--still", "--time", "now"]
    with output.open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=tether(signal.SIGTERM),  # noqa: PLW1509 - only async-signal-safe calls in it
        )
        try:
            _until_announced(process, output, made.origin)
            yield made
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until_announced(process: subprocess.Popen[bytes], output: Path, origin: str) -> None:
    """Wait for the demo to print its address, which it does once everything answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        said = output.read_text(errors="replace")
        if f"    {origin}\n" in said:
            return
        if process.poll() is not None:
            pytest.fail(f"the demo ended with {process.returncode}:\n{said[-4000:]}")
        time.sleep(0.2)
    pytest.fail(f"the demo did not start within {START_SECONDS} s:\n{output.read_text(errors='replace')[-4000:]}")
