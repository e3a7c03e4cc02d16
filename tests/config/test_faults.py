"""Processes killed on purpose: what a person sees, and that nothing has to be started by hand."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from souto.config.postgres import EmbeddedPostgres
from souto.config.postgres.server import free_port
from souto.config.supervisor import PortTakenError, listen
from tests.config.supervisor.test_supervisor import gone

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="souto-fault-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def postgres(state: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(state)
    yield server
    server.remove()


def environment(state: Path, **extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SOUTO_", "DATABASE_"))}
    return {**kept, "SOUTO_STATE": str(state), "PYTHONPATH": str(ROOT), **extra}


@contextlib.contextmanager
def souto(*arguments: str, env: dict[str, str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "souto.config.cli", *arguments], env=env, cwd=ROOT, stdout=stdout)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()


def until_answer(url: str, status: int, seconds: float = 120) -> httpx.Response:
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            last = httpx.get(url, timeout=20)
            if last.status_code == status:
                return last
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer {status}; last: {last}")


def children_of(pid: int) -> dict[int, str]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in listed}


def child_with(pid: int, words: str) -> int:
    (found,) = [child for child, command in children_of(pid).items() if words in command]
    return found


def test_while_postgresql_is_away_a_page_says_try_again_and_then_works_without_a_restart(
    state: Path, postgres: EmbeddedPostgres
) -> None:
    port = free_port()
    site = f"http://localhost:{port}"
    env = environment(state, DATABASE_URL=postgres.start(), SOUTO_BASE_URL=site)
    subprocess.run([sys.executable, "-m", "souto.config.cli", "migrate"], env=env, check=True, capture_output=True)
    with souto("serve", "--port", str(port), "--app", "tests.config.fault_site:application", env=env):
        pid, count = until_answer(f"{site}/count", 200).text.split()
        assert int(count) > 0

        postgres.stop()
        away = httpx.get(f"{site}/count", timeout=20)
        not_ready = httpx.get(f"{site}/readyz", timeout=20)
        alive = httpx.get(f"{site}/healthz", timeout=20)
        english = httpx.get(f"{site}/count?lang=en", timeout=20)

        assert away.status_code == 503
        assert int(away.headers["Retry-After"]) > 0
        assert "text/html" in away.headers["Content-Type"]
        assert away.headers["Content-Language"] == "ja"
        assert '<html lang="ja"' in away.text
        assert '<html lang="en"' in english.text
        assert english.status_code == 503
        assert english.headers["Content-Language"] == "en"
        assert not_ready.status_code == 503
        assert alive.status_code == 200

        postgres.start()
        again = until_answer(f"{site}/count", 200)

        assert again.text.split() == [pid, count]  # the same process, the same data


def test_up_starts_again_what_is_killed_and_leaves_nothing_behind(state: Path) -> None:
    port = free_port()
    site = f"http://localhost:{port}"
    with souto("up", "--port", str(port), "--processes", "1", env=environment(state, SOUTO_BASE_URL=site)) as up:
        until_answer(f"{site}/readyz", 200)
        web, worker = child_with(up.pid, " serve "), child_with(up.pid, " worker")
        database = child_with(up.pid, "postgres -D")

        os.kill(web, signal.SIGKILL)
        assert (
            httpx.get(f"{site}/healthz", timeout=30).status_code == 200
        )  # waits for the next process instead of being refused

        os.kill(worker, signal.SIGKILL)
        os.kill(database, signal.SIGKILL)
        until_answer(f"{site}/readyz", 200)
        time.sleep(1)
        pids = {pid: command for pid, command in children_of(up.pid).items() if " warm " not in command}
        assert {web, worker, database}.isdisjoint(pids)
        assert len(pids) == 3
    assert up.returncode == 0
    assert all(gone(pid) for pid in pids)


def test_up_that_is_killed_leaves_nothing_behind_and_starts_again(state: Path) -> None:
    port = free_port()
    site = f"http://localhost:{port}"
    env = environment(state, SOUTO_BASE_URL=site)
    with souto("up", "--port", str(port), "--processes", "1", env=env) as up:
        until_answer(f"{site}/readyz", 200)
        pids = children_of(up.pid)
        up.kill()
        up.wait()
        deadline = time.monotonic() + 30
        while not all(gone(pid) for pid in pids):
            assert time.monotonic() < deadline, {pid: name for pid, name in pids.items() if not gone(pid)}
            time.sleep(0.05)
    with souto("up", "--port", str(port), "--processes", "1", env=env):
        until_answer(f"{site}/readyz", 200)


def test_a_worker_asked_to_end_ends_with_its_database_and_without_it(state: Path, postgres: EmbeddedPostgres) -> None:
    url = postgres.start()
    env = environment(state, DATABASE_URL=url)
    subprocess.run([sys.executable, "-m", "souto.config.cli", "migrate"], env=env, check=True, capture_output=True)

    with souto("worker", env=env) as worker:
        until_registered(url, workers=1)
        worker.terminate()
        assert worker.wait(timeout=30) == 0
    until_registered(url, workers=0)

    with souto("worker", env=env) as worker:
        until_registered(url, workers=1)
        postgres.stop()
        worker.terminate()
        assert worker.wait(timeout=30) != 0  # it could not say goodbye


def until_registered(url: str, *, workers: int) -> None:
    deadline = time.monotonic() + 60
    found = -1
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < deadline:
            ((found,),) = connection.execute("select count(*) from procrastinate_workers").fetchall()
            if found == workers:
                return
            time.sleep(0.1)
    raise AssertionError(f"{found} workers are registered")


def test_a_job_of_a_killed_worker_is_taken_up_by_the_next(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import procrastinate

    from souto.config import worker

    with EmbeddedPostgres(state, durable=False) as url:
        env = environment(state, DATABASE_URL=url)
        subprocess.run([sys.executable, "-m", "souto.config.cli", "migrate"], env=env, check=True, capture_output=True)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "insert into procrastinate_workers (id, last_heartbeat) overriding system value values (900, now() - interval '1 hour')"
            )
            connection.execute(
                "insert into procrastinate_jobs (queue_name, task_name, args, status, worker_id) values ('default', 'tests.lost', '{}', 'doing', 900)"
            )

            async def look() -> int:
                app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
                async with app.open_async():
                    return len(await worker.retry_stalled(app))

            assert asyncio.run(look()) == 1
            assert connection.execute("select status from procrastinate_jobs").fetchone() == ("todo",)
            assert asyncio.run(look()) == 0


def free_base(count: int) -> int:
    for base in range(21000, 29000, 10):
        with contextlib.ExitStack() as stack, contextlib.suppress(PortTakenError):
            for port in range(base, base + count):
                stack.enter_context(listen("127.0.0.1", port))
            return base
    raise AssertionError("no free ports")


def test_the_demo_stands_on_origins_of_its_own_and_takes_nothing_of_a_citys_settings(state: Path) -> None:
    base = free_base(5)
    env = environment(state, DATABASE_URL="postgresql://city@db.invalid/city", SOUTO_BASE_URL="https://city.example.jp")
    with souto(
        "demo",
        "--port-base",
        str(base),
        "--state",
        str(state / "demo"),
        "--still",
        "--time",
        "now",
        env=env,
        stdout=subprocess.PIPE,
    ) as demo:
        assert demo.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = demo.stdout.readline().decode()
            assert line, f"the demo ended early: {said}"
            said += line
        redirect = httpx.get(f"http://127.0.0.1:{base}/no-such", timeout=20)
        provider = httpx.get(
            f"http://localhost:{base + 1}/api/realms/main/.well-known/openid-configuration", timeout=20
        )
        with smtplib.SMTP("127.0.0.1", base + 4, timeout=20) as smtp:
            smtp.sendmail("no-reply@localhost", ["hanako@example.jp"], "Subject: test\r\n\r\ntest")
        pids = children_of(demo.pid)

        assert f"http://localhost:{base}\n" in said
        assert redirect.headers["Location"] == f"http://localhost:{base}/no-such"
        assert provider.status_code in {200, 404}  # it answers; what it says is its own tests' matter
        assert len(list((state / "demo" / "mail" / "new").iterdir())) == 1
        assert len([command for command in pids.values() if "demo_services" in command]) == 1
        again = subprocess.run(
            [sys.executable, "-m", "souto.config.cli", "demo", "--state", str(state / "demo")],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == 1
        assert "Souto already runs on" in again.stderr
    assert demo.returncode == 0
    assert all(gone(pid) for pid in pids)


def test_a_check_that_fails_says_so_and_leaves_nothing_behind(state: Path) -> None:
    env = environment(state, TMPDIR=str(state), SOUTO_CITY=str(state / "no-city"))

    done = subprocess.run(
        [sys.executable, "-m", "souto.config.cli", "demo", "--check"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )

    assert done.returncode != 0
    assert list(state.glob("souto-check-*")) == []
    assert "postgres" not in "".join(command for command in all_commands() if str(state) in command)


def all_commands() -> Iterator[str]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield file.read_text(errors="replace").replace("\0", " ")
