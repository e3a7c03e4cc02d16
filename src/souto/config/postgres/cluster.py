"""A database cluster on disk: its folders, its passwords, its creation."""

import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from souto.config.postgres.account import Account
from souto.config.postgres.binaries import MAJOR, Binaries
from souto.config.postgres.errors import PostgresError

ADMIN = "souto_admin"  # owns the cluster; used to create the role below and for nothing else
ROLE = "souto"  # what Souto connects as: owner of its database, not a superuser, so that triggers bind it
DATABASE = "souto"

SOCKET_PATH_LIMIT = 107  # bytes, sun_path of Linux without its final zero
OUTSIDE = Path("/var/lib/souto")  # where data goes when the state folder is out of reach for the server's account


@dataclass(frozen=True)
class Cluster:
    """Everything of one server that lives on disk. `state` is Souto's state folder, `home` holds the server's own folders."""

    state: Path
    home: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """The data folder (PGDATA)."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.state / "postgres.log"

    @property
    def pid_file(self) -> Path:
        """The lock file in which the server tells its process id, port and readiness."""
        return self.data / "postmaster.pid"

    def password(self, role: str) -> str:
        """Return the password of `role`, made at the first call and kept in a file of mode 600."""
        path = self.state / "secrets" / f"postgres-{role}"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()

    def own(self, path: Path) -> None:
        """Give `path` to the server's account."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def run_as(self) -> dict[str, object]:
        """Return the arguments of `subprocess` that drop to the server's account."""
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def socket_folder(self) -> Path:
        """Return a folder for the server's Unix socket whose path is short enough for the operating system."""
        folder = self.home / "run"
        if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) <= SOCKET_PATH_LIMIT:
            folder.mkdir(mode=0o700, exist_ok=True)
            self.own(folder)
            return folder
        link = self.home / "run"
        if link.is_symlink() and link.exists():
            return link.resolve()
        short = Path(tempfile.mkdtemp(prefix="souto-pg-"))
        self.own(short)
        link.unlink(missing_ok=True)
        link.symlink_to(short)
        return short

    def remove(self) -> None:
        """Delete the data folder and the socket folder (the end of a temporary server; there is no way back)."""
        run = self.home / "run"
        if run.is_symlink():
            shutil.rmtree(run.resolve(), ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)
        link = self.state / "postgres"
        if link.is_symlink():
            link.unlink()


def open_cluster(state: Path, account: Account | None) -> Cluster:
    """Return the cluster of a state folder, choosing its place on disk at the first call.

    It lies inside the state folder. When the server's account cannot enter that (a clone under /root), it lies under /var/lib/souto and the state folder
    holds a link: a state folder that is deleted and made anew gets a new cluster, and the old data is left alone.
    """
    state = state.absolute()
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    home = state / "postgres"
    if home.is_symlink():
        return Cluster(state, home.resolve(), account)
    if not home.exists() and account is not None and not account.can_reach(state):
        OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
        place = OUTSIDE / secrets.token_hex(8)
        place.mkdir(mode=0o711)
        home.symlink_to(place)
        return Cluster(state, place, account)
    home.mkdir(mode=0o711, exist_ok=True)
    return Cluster(state, home, account)


def ensure_initialised(cluster: Cluster, binaries: Binaries, *, durable: bool) -> bool:
    """Create the data folder if there is none; return whether it was created now.

    Raises
    ------
    PostgresError
        The data was written by another major version of PostgreSQL, or `initdb` failed.
    """
    version_file = cluster.data / "PG_VERSION"
    if version_file.exists():
        found = version_file.read_text().strip()
        if found != str(MAJOR):
            raise PostgresError(
                f"{cluster.data} was written by PostgreSQL {found}, but this Souto brings PostgreSQL {MAJOR}. "
                f"Dump it with PostgreSQL {found} (pg_dumpall), move the folder away, start Souto once and load the dump.",
            )
        return False
    draft = cluster.home / "data.draft"  # a creation that was cut off must not look finished
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    cluster.own(draft)
    _run_initdb(cluster, binaries, draft, durable=durable)
    draft.rename(cluster.data)
    return True


def _run_initdb(cluster: Cluster, binaries: Binaries, target: Path, *, durable: bool) -> None:
    password_file = cluster.home / "password.once"
    password_file.unlink(missing_ok=True)
    descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(cluster.password(ADMIN))
    cluster.own(password_file)
    command = [
        binaries.program("initdb"),
        f"--pgdata={target}",
        f"--username={ADMIN}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        *([] if durable else ["--no-sync"]),
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=server_environment(),
            **cluster.run_as(),  # type: ignore[call-overload]
        )
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode != 0:
        raise PostgresError(f"PostgreSQL's initdb failed:\n{done.stderr.strip() or done.stdout.strip()}")


def server_environment() -> dict[str, str]:
    """Return the environment of PostgreSQL's programs: nothing of the caller's settings and secrets."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
