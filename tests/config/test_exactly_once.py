"""Processes are killed while a person files a report and tries again: it arrives once, whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from souto.config.postgres import running_url
from souto.demo.story.cast import Cast
from souto.demo.story.reporting import WALKER, report
from souto.demo.walking import Visitor
from tests.config.test_faults import children_of, environment, free_base, souto, state

__all__ = ["state"]

pytestmark = pytest.mark.fault

PROCESS = {"web": " serve ", "worker": " worker", "postgres": "postgres -D"}

# What is killed at the n-th sending of a form, and how many seconds after it was sent: before, while and after the answer is written.
KILLS = {
    1: ("web", 0.01),
    2: ("postgres", 0.0),
    3: ("web", 0.03),
    4: ("worker", 0.0),
    5: ("web", 0.08),
    7: ("web", 0.02),
    8: ("web", 0.05),
    9: ("postgres", 0.02),
}


class TryingAgain(httpx.BaseTransport):
    """Sends every request until it is answered, as a person does; sendings of forms have the processes killed under them."""

    def __init__(self, supervisor: int) -> None:
        self._supervisor = supervisor
        self._inner = httpx.HTTPTransport()
        self.sent = 0
        self.refused = 0
        self.lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        deadline = time.monotonic() + 120
        while True:
            if request.method == "POST":
                self.sent += 1
                self._kill_soon(*KILLS.get(self.sent, ("", 0.0)))
            try:
                answer = self._inner.handle_request(
                    httpx.Request(request.method, request.url, headers=request.headers, content=content)
                )
                answer.read()
                if answer.status_code != 503:
                    return answer
                assert "Retry-After" in answer.headers
                self.refused += 1
            except httpx.TransportError:
                self.lost += 1
            assert time.monotonic() < deadline, "no answer in two minutes"
            time.sleep(0.3)

    def _kill_soon(self, name: str, delay: float) -> None:
        if not name:
            return
        found = [pid for pid, command in children_of(self._supervisor).items() if PROCESS[name] in command]
        for pid in found:
            threading.Timer(delay, lambda pid=pid: _kill(pid)).start()

    def close(self) -> None:
        self._inner.close()


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def demo(state: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    base = free_base(5)
    with souto(
        "demo",
        "--port-base",
        str(base),
        "--state",
        str(state / "demo"),
        "--still",
        "--time",
        "now",
        env=environment(state),
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        while line := process.stdout.readline():
            if b"Ctrl-C" in line:
                break
        yield process, f"http://localhost:{base}"


def test_a_report_arrives_once_and_whole_although_everything_is_killed_under_it(state: Path) -> None:
    with demo(state) as (process, site), Cast(site) as cast:
        url = running_url(state / "demo")
        assert url is not None
        before = applications(url)
        visitor = Visitor(site)
        visitor.client.close()
        transport = TryingAgain(process.pid)
        visitor.client = httpx.Client(
            transport=transport, follow_redirects=True, timeout=60, headers={"Accept-Language": "ja"}
        )
        cast._visitors[WALKER] = visitor

        report(cast)
        while transport.sent < max(KILLS):  # she taps again and again
            token = visitor.client.cookies["souto_csrf"]
            visitor.post(f"/applications/{cast.notes['report']}/submit/", {"csrfmiddlewaretoken": [token]}).expect(
                cast.notes["report_number"]
            )

        assert transport.sent >= max(KILLS)
        assert transport.lost + transport.refused > 0, "nothing was killed in time"
        arrived = applications(url) - before
        assert arrived == {cast.notes["report"]}
        visitor.open(f"/applications/{cast.notes['report']}/receipt/").expect(cast.notes["report_number"])
        visitor.open(f"/applications/{cast.notes['report']}/").expect("自転車が転びそうな穴です。", "北野駅")


def applications(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {str(row[0]) for row in connection.execute("select id from applications_application").fetchall()}
