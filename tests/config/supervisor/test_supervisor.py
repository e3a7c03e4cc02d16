from __future__ import annotations

import asyncio
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from souto.config.supervisor import (
    AlreadyRunningError,
    ChildSpec,
    PortTakenError,
    StateLock,
    Supervisor,
    child,
    listen,
    mail_sink,
)
from souto.config.supervisor.child import GaveUpError


def python(name: str, program: str, *arguments: str) -> ChildSpec:
    return ChildSpec(name, [sys.executable, "-S", "-c", program, *arguments])


async def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


SLEEP = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)


def test_a_child_that_is_killed_is_started_again() -> None:
    async def walk() -> None:
        supervisor = Supervisor()
        await supervisor.start([python("sleeper", SLEEP)])
        await until(lambda: "sleeper" in supervisor.pids())
        first = supervisor.pids()["sleeper"]

        os.kill(first, signal.SIGKILL)

        await until(lambda: supervisor.pids().get("sleeper", first) != first)
        await supervisor.stop()
        assert supervisor.pids() == {}

    asyncio.run(walk())


def test_waiting_times_grow_while_a_child_keeps_dying(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(child, "FIRST_DELAY", 0.01)

    async def walk() -> None:
        dying = child.Child(
            python("dying", "raise SystemExit(3)"), lambda name, line: said.append(line), give_up_after=4
        )
        with pytest.raises(GaveUpError, match=r"dying ended 4 times in a row \(exit code 3\)"):
            await dying.run()

    asyncio.run(walk())
    delays = [float(line.rsplit(" ", 2)[1]) for line in said]
    assert delays == sorted(delays)
    assert len(delays) == 3


def test_a_child_that_gives_up_ends_the_supervisor_with_an_error(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(child, "FIRST_DELAY", 0.01)

    async def walk() -> int:
        supervisor = Supervisor(give_up_after=2)
        await supervisor.start([python("dying", "print('no settings'); raise SystemExit(3)"), python("sleeper", SLEEP)])
        code = await supervisor.wait()
        await supervisor.stop()
        return code

    assert asyncio.run(walk()) == 1
    assert "dying    | no settings" in capsys.readouterr().err


def test_what_is_to_be_done_once_is_done_once_and_its_failure_ends_nobody_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    monkeypatch.setattr(child, "FIRST_DELAY", 0.01)
    program = "import sys; open(sys.argv[1], 'a').write('x'); raise SystemExit(int(sys.argv[2]))"
    good, bad = tmp_path / "good", tmp_path / "bad"

    async def walk() -> set[str]:
        supervisor = Supervisor(give_up_after=2)
        await supervisor.start([replace(python("good", program, str(good), "0"), once=True)])
        await supervisor.start([replace(python("bad", program, str(bad), "3"), once=True), python("sleeper", SLEEP)])
        await until(
            lambda: bad.exists() and len(bad.read_text()) == child.ONCE_TRIES and "sleeper" in supervisor.pids()
        )
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(supervisor.wait(), 0.5)
        left = set(supervisor.pids())
        await supervisor.stop()
        return left

    assert asyncio.run(walk()) == {"sleeper"}
    assert good.read_text() == "x"
    assert len(bad.read_text()) == child.ONCE_TRIES
    assert "not started again" in capsys.readouterr().err


def test_a_child_that_does_not_listen_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.3)

    async def walk() -> int:
        said: list[str] = []
        deaf = child.Child(python("deaf", STUBBORN), lambda name, line: said.append(line))
        task = asyncio.create_task(deaf.run())
        await until(lambda: "deaf" in said)
        pid = deaf.pid
        assert pid is not None
        await deaf.stop()
        await task
        return pid

    assert gone(asyncio.run(walk()))


def test_lines_of_a_child_carry_its_name_and_stay_json_where_they_are_json(tmp_path: Path) -> None:
    program = "import sys; print('{\"event\": \"plain\"}'); sys.stdout.write('桑都' * 50000); sys.exit(0)"
    log = tmp_path / "log"

    async def walk() -> None:
        supervisor = Supervisor(json_lines=True, log=log)
        await supervisor.start([python("talker", program)])
        await until(lambda: log.exists() and "ended (exit code 0)" in log.read_text())
        await supervisor.stop()

    asyncio.run(walk())
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["process"] for line in lines} == {"talker"}
    assert lines[0] == {"process": "talker", "event": "plain"}
    assert "桑都桑都" in lines[1]["event"]


@pytest.mark.fault
def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\nfrom souto.config.supervisor import ChildSpec, Supervisor\n"
        "async def main():\n"
        "    supervisor = Supervisor()\n"
        "    await supervisor.start([ChildSpec(n, [sys.executable, '-S', '-c', 'import time; time.sleep(600)']) for n in 'ab'])\n"
        "    await asyncio.sleep(0.5)\n"
        "    print(*supervisor.pids().values(), flush=True)\n"
        "    await supervisor.wait()\n"
        "asyncio.run(main())"
    )
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pids = [int(word) for word in owner.stdout.readline().split()]
    assert len(pids) == 2

    owner.kill()
    owner.communicate()

    asyncio.run(until(lambda: all(gone(pid) for pid in pids)))


def test_a_state_folder_belongs_to_one_supervisor(tmp_path: Path) -> None:
    with StateLock(tmp_path), pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"), StateLock(tmp_path):
        pass
    with StateLock(tmp_path):
        pass  # free again


def test_a_taken_port_is_named() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port} on 127.0.0.1 is used by another program"):
            listen("127.0.0.1", port)


def test_the_mail_sink_keeps_what_is_sent(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "no-reply@localhost", "hanako@example.jp", "受け付けました"
    message.set_content("番号は H26-000123-4 です。")

    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
            smtp.send_message(message)

    async def walk() -> None:
        listener = listen("127.0.0.1", 0)
        server = await mail_sink.start(listener, tmp_path / "mail")
        await asyncio.to_thread(send, listener.getsockname()[1])
        server.close()
        await server.wait_closed()

    asyncio.run(walk())
    (kept,) = (tmp_path / "mail" / "new").iterdir()
    assert "X-Souto-To: hanako@example.jp" in kept.read_text()


def test_a_listening_socket_holds_callers_while_nobody_serves() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname(), timeout=5) as caller:
        caller.sendall(b"GET / HTTP/1.0\r\n\r\n")  # queued, not refused: the next web process answers it
        served, _ = listener.accept()
        with served:
            assert served.recv(16).startswith(b"GET /")
