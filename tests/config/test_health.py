from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from souto.config import health
from souto.foundation.vault import keys


def test_alive_needs_no_database(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_database_tables_and_keys(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "keys": "ok", "engine": "ok"},
    }


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from django_migrations where app = 'contenttypes' and name = '0002_remove_content_type_name'"
        )

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.json()["checks"]["migrations"] == "1 migrations are not applied: run `souto migrate`"


@pytest.mark.django_db
def test_not_ready_without_the_master_key(client: Client, settings, tmp_path: Path) -> None:
    bad = tmp_path / "master-key"
    bad.write_text("not hexadecimal")
    settings.MASTER_KEY_FILE = bad

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"] == {"keys": "the master key cannot be read"}
    keys._master.cache_clear()


def test_health_takes_no_writes(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
