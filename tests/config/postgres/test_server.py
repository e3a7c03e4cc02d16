from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from souto.config.postgres import EmbeddedPostgres, PostgresError, running_url
from souto.config.postgres.account import server_account
from souto.config.postgres.cluster import SOCKET_PATH_LIMIT


@pytest.fixture
def state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="souto-pg-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "state"


@pytest.fixture
def server(state: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(state, durable=False)
    yield server
    server.remove()


@pytest.fixture(scope="module")
def shared() -> Iterator[EmbeddedPostgres]:
    """A running server for tests that change nothing of it."""
    with tempfile.TemporaryDirectory(prefix="souto-pg-test-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder) / "state", durable=False)
        server.start()
        yield server
        server.remove()


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []


def wait_until_gone(pid: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_database_is_utf8_with_the_builtin_locale_and_its_role_is_no_superuser(shared: EmbeddedPostgres) -> None:
    url = shared.url

    assert rows(
        url, "select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database where datname = 'souto'"
    ) == [("b", "C.UTF-8", "UTF8")]
    assert rows(url, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]


def test_data_survives_a_stop_and_a_second_start(server: EmbeddedPostgres, state: Path) -> None:
    rows(server.start(), "create table kept as select 1 as n")
    server.stop()
    assert running_url(state) is None

    again = EmbeddedPostgres(state, durable=False)
    with again as url:
        assert rows(url, "select n from kept") == [(1,)]
        assert running_url(state) == url


def test_a_server_started_again_keeps_its_address(server: EmbeddedPostgres) -> None:
    first = server.start()
    server.stop()

    assert server.start() == first


def test_durable_server_syncs_to_disk(state: Path) -> None:
    server = EmbeddedPostgres(state)
    with server as url:
        assert rows(url, "select current_setting('fsync'), current_setting('full_page_writes')") == [("on", "on")]
    server.remove()


@pytest.mark.parametrize("password", ["", "souto", "postgres"])
def test_nobody_enters_without_the_password(shared: EmbeddedPostgres, password: str) -> None:
    parts = urlsplit(shared.url)
    socket_folder = shared.cluster.socket_folder()

    for host in ("127.0.0.1", str(socket_folder)):
        for role in ("souto", "souto_admin"):
            with pytest.raises(psycopg.OperationalError, match=r"password|authentication"):
                psycopg.connect(host=host, port=parts.port, user=role, password=password, dbname="souto")


def test_passwords_are_readable_for_their_owner_only(shared: EmbeddedPostgres) -> None:
    secrets = shared.cluster.state / "secrets"

    assert secrets.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o777 for file in secrets.iterdir()} == {0o600}


def test_a_second_server_on_the_same_state_folder_is_refused(shared: EmbeddedPostgres) -> None:
    with pytest.raises(PostgresError, match="Another Souto is running"):
        EmbeddedPostgres(shared.cluster.state, durable=False).start()

    assert rows(shared.url, "select 1") == [(1,)]


def test_data_of_another_version_is_refused_with_both_versions_named(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.cluster.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(PostgresError, match=r"PostgreSQL 15.*PostgreSQL 18"):
        server.start()


def test_a_creation_that_was_cut_off_is_done_anew(server: EmbeddedPostgres) -> None:
    draft = server.cluster.home / "data.draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")

    assert rows(server.start(), "select 1") == [(1,)]


def test_lock_file_whose_number_now_belongs_to_another_process_does_not_hinder(server: EmbeddedPostgres) -> None:
    server.start()
    lock = server.cluster.pid_file.read_text().splitlines()
    server.stop()
    server.cluster.pid_file.write_text("\n".join([str(os.getpid()), *lock[1:]]) + "\n")

    assert rows(server.start(), "select 1") == [(1,)]


def test_state_folder_with_a_path_too_long_for_a_socket(state: Path) -> None:
    server = EmbeddedPostgres(state / ("long-" * 20), durable=False)
    (state / ("long-" * 20)).mkdir(mode=0o711, parents=True)
    state.chmod(0o711)
    with server as url:
        folder = server.cluster.socket_folder()

        assert len(os.fsencode(folder)) < SOCKET_PATH_LIMIT
        assert (folder / f".s.PGSQL.{urlsplit(url).port}").is_socket()
    server.remove()
    assert not folder.exists()


@pytest.mark.skipif(server_account() is None, reason="only root drops to another account")
def test_state_folder_that_the_servers_account_cannot_enter(state: Path) -> None:
    closed = state / "closed"
    closed.mkdir(mode=0o700, parents=True)
    server = EmbeddedPostgres(closed / "state", durable=False)
    with server as url:
        assert rows(url, "select 1") == [(1,)]
        assert not server.cluster.data.is_relative_to(closed)
        home = server.cluster.home
    server.remove()
    assert not home.exists()


@pytest.mark.fault
def test_committed_rows_survive_kill_9_of_the_server(state: Path) -> None:
    server = EmbeddedPostgres(state)
    url = server.start()
    rows(url, "create table kept as select 7 as n")
    assert server.process is not None

    server.process.kill()
    server.process.wait()

    assert rows(server.start(), "select n from kept") == [(7,)]
    server.remove()


@pytest.mark.fault
def test_the_server_ends_when_its_owner_is_killed(state: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from souto.config.postgres import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1]), durable=False); server.start(); print(server.process.pid, flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(state)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())

    owner.send_signal(signal.SIGKILL)
    owner.communicate()

    assert wait_until_gone(pid)
    server = EmbeddedPostgres(state, durable=False)  # and the next start finds nothing in its way
    with server as url:
        assert rows(url, "select 1") == [(1,)]
    server.remove()
