"""Start and stop Souto's own PostgreSQL."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from souto.config.postgres.account import server_account
from souto.config.postgres.binaries import Binaries, find_binaries
from souto.config.postgres.cluster import (
    ADMIN,
    DATABASE,
    ROLE,
    Cluster,
    ensure_initialised,
    open_cluster,
    server_environment,
)
from souto.config.postgres.errors import PostgresError
from souto.config.postgres.tether import tether

START_SECONDS = 60.0
STOP_SECONDS = 30.0
LOG_LIMIT = 10 * 1024 * 1024  # bytes; the log of an earlier run is moved aside past this size
PORT_ATTEMPTS = 5

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "password_encryption": "scram-sha-256",
    "jit": "off",
}
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1d",
    "max_wal_size": "4GB",
}


class EmbeddedPostgres:
    """A PostgreSQL server of Souto's own, living as long as the process that started it.

    Parameters
    ----------
    state
        Souto's state folder; the server keeps its data, log and passwords there (see `open_cluster`).
    durable
        False makes it fast and careless about a power cut: for tests only.
    port
        The TCP port on 127.0.0.1; by default a free one. A server that is started again keeps its port.

    >>> with EmbeddedPostgres(Path(".souto/demo")) as url:  # doctest: +SKIP
    ...     print(url)
    postgresql://souto:…@127.0.0.1:54321/souto
    """

    def __init__(self, state: Path, *, durable: bool = True, port: int | None = None) -> None:
        self._state = state
        self._durable = durable
        self._fixed_port = port
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._cluster: Cluster | None = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The server's main process while it runs."""
        return self._process

    @property
    def cluster(self) -> Cluster:
        """The server's folders."""
        if self._cluster is None:
            self._cluster = open_cluster(self._state, server_account())
        return self._cluster

    def start(self) -> str:
        """Start the server, create what is missing, and return its ``DATABASE_URL``.

        Raises
        ------
        PostgresError
            The programs are missing, the data belongs to another version, another server runs on it, or the server does not come up.
        """
        if self._process is not None and self._process.poll() is None:
            return self.url
        cluster = self.cluster
        binaries = find_binaries(cluster.account)
        ensure_initialised(cluster, binaries, durable=self._durable)
        _clear_leftovers(cluster)
        self._launch(cluster, binaries)
        try:
            _ensure_database(cluster, self.port, may_create_databases=not self._durable)
        except BaseException:
            self.stop()
            raise
        _write_url(cluster, self.url)
        return self.url

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        if self._port is None:
            raise PostgresError("PostgreSQL has not been started yet.")
        return self._port

    @property
    def url(self) -> str:
        """The ``DATABASE_URL`` of Souto's database."""
        return f"postgresql://{ROLE}:{self.cluster.password(ROLE)}@127.0.0.1:{self.port}/{DATABASE}"

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on disk. Does nothing when it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        _url_file(self.cluster).unlink(missing_ok=True)
        for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, by force
            if process.poll() is None:
                process.send_signal(request)
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return

    def remove(self) -> None:
        """Stop the server and delete its data: for a temporary server only."""
        self.stop()
        self.cluster.remove()

    def _launch(self, cluster: Cluster, binaries: Binaries) -> None:
        for attempt in range(1, PORT_ATTEMPTS + 1):
            self._port = self._port or free_port()
            self._process, log_start = self._spawn(cluster, binaries, self._port)
            problem = _wait_until_ready(cluster, self._process, log_start)
            if problem is None:
                return
            self.stop()
            port_taken = "could not bind" in problem or "Address already in use" in problem
            still_ending = "shared memory block" in problem or "lock file" in problem
            if attempt == PORT_ATTEMPTS or not (still_ending or (port_taken and self._fixed_port is None)):
                raise PostgresError(f"PostgreSQL did not start (its log: {cluster.log}):\n{problem}")
            if port_taken:
                self._port = None
            else:
                time.sleep(0.5)  # processes of a killed server notice within moments that it is gone

    def _spawn(self, cluster: Cluster, binaries: Binaries, port: int) -> tuple[subprocess.Popen[bytes], int]:
        """Start the server's main process; return it and where in the log it begins to speak."""
        options = {
            **SETTINGS,
            **({} if self._durable else FOR_TESTS),
            "port": str(port),
            "unix_socket_directories": str(cluster.socket_folder()),
            "unix_socket_permissions": "0700",
        }
        command = [binaries.program("postgres"), "-D", str(cluster.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        if cluster.log.exists() and cluster.log.stat().st_size > LOG_LIMIT:
            cluster.log.replace(cluster.log.with_suffix(".log.1"))
        descriptor = os.open(cluster.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        log_start = os.fstat(descriptor).st_size
        try:
            # SIGINT is PostgreSQL's "fast shutdown": what it does when the process that owns it is killed.
            # A session of its own keeps the terminal's Ctrl-C away: the owner stops its children in order.
            process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                cwd="/",
                env=server_environment(),
                start_new_session=True,
                preexec_fn=tether(signal.SIGINT),  # noqa: PLW1509 - only async-signal-safe calls in it
                **cluster.run_as(),
            )
        finally:
            os.close(descriptor)
        return process, log_start


def free_port() -> int:
    """Return a TCP port on 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running_url(state: Path) -> str | None:
    """Return the ``DATABASE_URL`` of the server that runs on a state folder right now, or None."""
    if not (state / "postgres").exists():
        return None
    cluster = open_cluster(state, None)
    pid = _pid_of_running(cluster)
    with contextlib.suppress(OSError):
        return _url_file(cluster).read_text().strip() if pid is not None else None
    return None


def _url_file(cluster: Cluster) -> Path:
    return cluster.state / "secrets" / "database-url"


def _write_url(cluster: Cluster, url: str) -> None:
    path = _url_file(cluster)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(url)


def _pid_lines(cluster: Cluster) -> list[str]:
    try:
        return cluster.pid_file.read_text().splitlines()
    except OSError:
        return []


def _pid_of_running(cluster: Cluster) -> int | None:
    """Return the process id of a live server on this data folder; a process that merely inherited the number does not count."""
    lines = _pid_lines(cluster)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return pid
    proc = Path(f"/proc/{pid}")
    if proc.exists():
        with contextlib.suppress(OSError):
            return pid if (proc / "cwd").resolve() == cluster.data.resolve() else None
        return None
    return pid


def _clear_leftovers(cluster: Cluster) -> None:
    """Make way after a server that was killed: wait for one that is ending, remove a lock file whose owner is gone."""
    deadline = time.monotonic() + STOP_SECONDS
    while (pid := _pid_of_running(cluster)) is not None:
        lines = _pid_lines(cluster)
        ending = bool(lines) and lines[-1].strip() == "stopping"
        if not ending or time.monotonic() > deadline:
            raise PostgresError(
                f"Another Souto is running on {cluster.state} (PostgreSQL process {pid}). Stop it first, or choose another state folder.",
            )
        time.sleep(0.1)
    cluster.pid_file.unlink(missing_ok=True)


def _wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes], log_start: int) -> str | None:
    """Wait until the server accepts connections; return None, or the end of its log when it gave up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return _tail(cluster.log, log_start)
        lines = _pid_lines(cluster)
        if lines and lines[0].strip() == str(process.pid) and lines[-1].strip() == "ready":
            return None
        time.sleep(0.03)
    return f"no answer within {START_SECONDS:.0f} seconds\n{_tail(cluster.log, log_start)}"


def _tail(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        return file.read().decode(errors="replace")[-4000:].strip()


def _ensure_database(cluster: Cluster, port: int, *, may_create_databases: bool) -> None:
    """Create Souto's role and database where they are missing, and give the role the password of this state folder."""
    with _admin(cluster, port) as admin:
        roles = admin.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone()
        if roles is None:
            admin.execute(
                sql.SQL("create role {} login password {} {}").format(
                    sql.Identifier(ROLE),
                    sql.Literal(cluster.password(ROLE)),
                    sql.SQL("createdb" if may_create_databases else "nocreatedb"),
                ),
            )
        if admin.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            admin.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))


@contextlib.contextmanager
def _admin(cluster: Cluster, port: int) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    connection = psycopg.connect(
        host="127.0.0.1",
        port=port,
        dbname="postgres",
        user=ADMIN,
        password=cluster.password(ADMIN),
        autocommit=True,
        connect_timeout=10,
    )
    try:
        yield connection
    finally:
        connection.close()
