"""The homes of the faces, and the open API's document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from souto.web.api import api

SNAPSHOT = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_the_portal_opens_in_every_language(client: Client, language: str) -> None:
    answer = client.get(f"/?lang={language}")

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == ("en" if language == "en" else "ja")


@pytest.mark.django_db
def test_the_staff_home_is_for_staff(client: Client) -> None:
    assert client.get("/staff/").status_code == 302


@pytest.mark.django_db
def test_every_figure_of_the_scoreboard_is_in_the_api(client: Client) -> None:
    found = client.get("/api/plan/").json()

    assert {i["key"] for i in found["indicators"]} >= {"jpki-share", "card-holders", "ai-cocreation"}


def test_the_api_changes_only_knowingly() -> None:
    """Regenerate with `scripts/openapi` and put the difference into the CHANGELOG."""
    assert json.loads(SNAPSHOT.read_text()) == json.loads(json.dumps(api.get_openapi_schema()))
