"""The PostgreSQL of a test run, and a template with every migration applied.

The server's data is kept in the working copy (.souto/tests) from run to run, and with it a template database for each state of the migrations: a run copies it in a moment instead
of migrating anew. Deleting the folder is always safe. Two runs at once in one working copy: the second gets a server in a temporary folder.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from souto.config.postgres import EmbeddedPostgres, PostgresError

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".souto" / "tests"
TEMPLATES = 3  # templates kept for earlier states of the migrations


@dataclass
class TestServer:
    """A running server; `temporary` is the folder to delete afterwards, if it is not kept."""

    __test__ = False

    server: EmbeddedPostgres
    url: str
    temporary: Path | None

    def stop(self) -> None:
        """Stop it, and delete what is not kept."""
        if self.temporary is None:
            self.server.stop()
            return
        self.server.remove()
        shutil.rmtree(self.temporary, ignore_errors=True)


def start() -> TestServer:
    """Start the kept server, a new one where it cannot be started, a temporary one where another run uses it."""
    server = EmbeddedPostgres(KEPT, durable=False)
    try:
        return TestServer(server, server.start(), None)
    except PostgresError as error:
        if "Another Souto is running" not in str(
            error
        ):  # it does not sync to disk: a crash of the machine may have broken it
            server.remove()
            shutil.rmtree(KEPT, ignore_errors=True)
            server = EmbeddedPostgres(KEPT, durable=False)
            return TestServer(server, server.start(), None)
    folder = Path(tempfile.mkdtemp(prefix="souto-test-postgres-"))
    folder.chmod(0o711)  # the server's account walks through to its data folder
    server = EmbeddedPostgres(folder / "state", durable=False)
    return TestServer(server, server.start(), folder)


def ensure_template(url: str) -> str:
    """Return the name of a database with the migrations as they are in the working copy now, migrated at the first call."""
    name = f"template_{_migrations()}"
    with psycopg.connect(url, autocommit=True) as connection:
        known = [
            row[0]
            for row in connection.execute(
                "select datname from pg_database where datname like 'template\\_%' order by oid"
            ).fetchall()
        ]
        if name in known:
            return name
        building = f"building_{name}"
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(building)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(building)))
        _migrate(url.rsplit("/", 1)[0] + f"/{building}")
        connection.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name))
        )
        for old in known[: max(0, len(known) + 1 - TEMPLATES)]:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(old)))
    return name


def _migrations() -> str:
    digest = hashlib.sha256()
    for package in ("django", "procrastinate"):
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for file in sorted((ROOT / "src").rglob("migrations/*")):
        if file.suffix in {".py", ".sql"}:
            digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "SOUTO_POOL": "0"}
    command = [sys.executable, "-m", "souto.config.cli", "migrate"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the migrations of this working copy fail:\n{done.stdout}\n{done.stderr}")
