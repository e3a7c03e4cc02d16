from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from souto.foundation.ui import errors, seams
from souto.kernel.errors import SoutoError


@pytest.fixture
def client(settings: object) -> Client:
    settings.ROOT_URLCONF = "tests.foundation.ui.pages"
    return Client(raise_request_exception=False)


@pytest.fixture
def refusals() -> Iterator[list[SoutoError]]:
    heard: list[SoutoError] = []

    def hear(request: HttpRequest, error: SoutoError) -> None:
        heard.append(error)

    seams.observe_refusals(hear)
    yield heard
    seams._observers.remove(hear)


def broken() -> Iterator[None]:
    raise OperationalError
    yield


def bare(response: HttpResponse, prefix: str) -> str:
    """The page without what differs on every request."""
    page = re.sub(r'CSRFToken": "[^"]*', "", response.content.decode())
    return page.replace(prefix, "X").replace(quote(prefix, safe=""), "X").replace(quote(prefix), "X")


# No database in this file but where a test asks for one: pytest-django refuses every connection.


def test_a_database_that_is_away_gives_a_page_that_asks_nobody_for_anything(client: Client) -> None:
    client.cookies["souto_session"] = "x" * 32

    response = client.get("/fail/away/?a=1&lang=ja")

    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "もう一度お試しください。保存した内容は残っています。" in page
    assert 'href="/fail/away/?a=1&amp;lang=ja"' in page
    assert "042-626-3111" in page


def test_a_form_sent_while_the_database_is_away_is_not_shown_as_a_link(client: Client) -> None:
    page = client.post("/fail/away/").content.decode()

    assert "もう一度表示する" not in page
    assert "前の画面に戻ると" in page


def test_a_bug_gives_a_calm_page(client: Client) -> None:
    response = client.get("/fail/bug/")

    assert response.status_code == 500
    assert "ただいま表示できません" in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_a_session_that_cannot_be_written_is_a_database_that_is_away() -> None:
    request = RequestFactory().get("/")
    try:
        next(broken())
    except OperationalError:
        response = errors.server_error(request)

    assert response.status_code == 503


def test_an_error_page_that_needs_the_database_gives_way_when_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lost:
        def __getattr__(self, name: str) -> object:
            raise OperationalError

    request = RequestFactory().get("/fail/conflict/")
    request.actor = Lost()

    assert errors.not_found(request).status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("hidden", 404, "お探しのページは見つかりませんでした"),
        ("forbidden", 403, "所属の管理者に確認してください"),
        ("conflict", 409, "最新の内容を確認してから"),
        ("often", 429, "3分ほど待ってから"),
    ],
)
def test_our_own_errors_say_what_to_do_in_the_frame_of_their_face(
    client: Client, kind: str, status: int, words: str
) -> None:
    resident, staff = client.get(f"/fail/{kind}/"), client.get(f"/staff/fail/{kind}/")

    assert resident.status_code == staff.status_code == status
    assert words in resident.content.decode()
    assert 'class="s-staff"' in staff.content.decode()
    assert 'class="s-staff"' not in resident.content.decode()


@pytest.mark.django_db
def test_what_is_hidden_looks_like_what_does_not_exist_and_is_heard(client: Client, refusals: list[SoutoError]) -> None:
    hidden, absent = client.get("/fail/hidden/"), client.get("/nofail/hidden/")

    assert hidden.status_code == absent.status_code == 404
    assert bare(hidden, "/fail/") == bare(absent, "/nofail/")
    assert [type(error).__name__ for error in refusals] == ["HiddenError"]


@pytest.mark.django_db
def test_errors_speak_the_readers_language(client: Client) -> None:
    page = client.get("/fail/often/?lang=en").content.decode()

    assert "Wait about 3 minutes" in page
