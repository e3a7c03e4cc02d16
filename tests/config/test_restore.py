"""The drill of docs/how-to/back-up-and-restore.md: dump, restore into an empty database, verify; what was erased stays erased."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection

from souto.config.postgres.binaries import find_binaries
from souto.foundation.audit.sealing import seal_committed
from tests.foundation.retention import world
from tests.jobs import run_all
from tests.services.applications import world as filing

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "back-up-and-restore.md").read_text(encoding="utf-8")
DUMP = ["pg_dump", "--format=custom", "--no-owner"]
RESTORE = ["pg_restore", "--no-owner", "--exit-on-error"]
RESTORED = "souto_restored"

#: Reads every application of the database that it is pointed at, as any process of Souto would.
READ = """
import json, django; django.setup()
from souto.foundation.vault.keys import KeyDestroyedError
from souto.services.applications.models import Application
found = {}
for one in Application.objects.all():
    try:
        found[one.number] = one.contact["email"]
    except KeyDestroyedError:
        found[one.number] = None
print(json.dumps(found))
"""


def _url(name: str) -> str:
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"


@pytest.fixture
def empty() -> Iterator[str]:
    """An empty database beside the one of the test."""
    with psycopg.connect(_url("postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {RESTORED} with (force)")
        server.execute(f"create database {RESTORED}")
        yield _url(RESTORED)
        server.execute(f"drop database if exists {RESTORED} with (force)")


def _run(command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, check=False, timeout=600)


@pytest.mark.django_db(transaction=True)
def test_the_drill(empty: str, tmp_path: Path, settings: LazySettings) -> None:
    assert " ".join(DUMP) in PAGE, "the page names the command that this test runs"
    assert " ".join(RESTORE) in PAGE
    folder = tmp_path / "city"
    folder.mkdir()
    settings.CITY_DIR = world.city_with(folder, "application = 5")
    programs = find_binaries(None)
    filing.publish()
    goes, stays = world.closed(), world.closed()
    seal_committed()
    dump = tmp_path / "souto.dump"
    at = _url(connection.settings_dict["NAME"])
    done = _run([programs.program(DUMP[0]), *DUMP[1:], f"--file={dump}", at])
    assert done.returncode == 0, done.stderr

    # One record is disposed of after the backup was taken: the dump still has its rows, nothing has its key.
    with world.on(world.DUE):
        found = world.listed()
        found.items.exclude(subject_id=goes.id).update(state="taken_off", reason="history")
        world.approved(found)
        run_all()

    done = _run([programs.program(RESTORE[0]), *RESTORE[1:], f"--dbname={empty}", str(dump)])
    assert done.returncode == 0, done.stderr
    there = {"DATABASE_URL": empty, "SOUTO_STATE": str(settings.STATE_DIR)}
    for deed in ("verify", "seal", "verify"):
        done = _run([sys.executable, "-m", "souto.config.cli", "audit", deed], **there)
        assert done.returncode == 0, done.stdout + done.stderr
    done = _run([sys.executable, "-c", READ], **there)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {goes.number: None, stays.number: "hanako@example.jp"}
