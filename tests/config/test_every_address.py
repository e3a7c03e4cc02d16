"""Every address of the URL table, walked as every kind of caller: the policy on each answer, and no value that breaks a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from souto.foundation.identity.roles import Role
from souto.kernel.ids import new_id
from tests.services.applications import world

pytestmark = pytest.mark.django_db

SAMPLES = {"uuid": new_id(), "int": 1, "slug": "allowance", "str": "x", "path": "x"}
SOURCE = Path(__file__).parents[2] / "src" / "souto"


def _addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for found in patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _addresses(found.url_patterns, route)
        elif isinstance(found, URLPattern):
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda m: str(SAMPLES.get(m[1] or "str", "x")), route)


ADDRESSES = sorted(set(_addresses(get_resolver().url_patterns)))
CALLERS = ("anonymous", "resident", "officer", "administrator")


def _caller(kind: str) -> Client:
    world.publish()
    if kind == "anonymous":
        return Client()
    if kind == "resident":
        return world.browser(world.resident())
    return world.browser(world.staff(*([Role.OFFICER] if kind == "officer" else list(Role))))


def _is_kept(policy: str) -> bool:
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    elsewhere = [word for name, words in parts.items() if name != "form-action" for word in words if "//" in word]
    return "unsafe" not in policy and parts["default-src"] in (["'self'"], ["'none'"]) and not elsewhere


@pytest.mark.parametrize("kind", CALLERS)
def test_every_answer_carries_the_policy(kind: str) -> None:
    client = _caller(kind)

    answers = {address: client.get(address) for address in ADDRESSES}

    assert len(answers) > 80
    assert [a for a, answer in answers.items() if not _is_kept(answer.headers.get("Content-Security-Policy", ""))] == []
    assert [a for a, answer in answers.items() if _status(answer) >= 500] == []


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("/no-such-page/", "testserver", 404),
        ("/procedures", "testserver", 301),
        ("/healthz", "testserver", 200),
        ("/a%00b/", "testserver", 404),
        ("/static/no-such-file.css", "testserver", 404),
        ("/", "elsewhere.example", 400),
    ],
)
def test_answers_that_no_page_gave_carry_it_too(address: str, host: str, status: int) -> None:
    answer = Client(headers={"host": host}).get(address)

    assert answer.status_code == status
    assert _is_kept(answer.headers["Content-Security-Policy"])


def test_the_page_of_a_database_that_is_away_carries_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)

    answer = Client().get("/procedures/")

    assert answer.status_code == 503
    assert _is_kept(answer.headers["Content-Security-Policy"])


def _names(method: str) -> set[str]:
    """The names that views read from `request.GET` or `request.POST`, and those of forms."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    read = re.findall(rf"request\.{method}(?:\.get|\.getlist)?[(\[]\s*\"([\w.]+)\"", text)
    fields = re.findall(r"^    (\w+) = forms\.", text, re.MULTILINE)
    return {*read, *fields}


def _status(answer: Any) -> int:
    """The status of an answer that was read to its end, so that a file behind it is closed."""
    answer.getvalue()
    return int(answer.status_code)


@pytest.mark.parametrize("kind", CALLERS)
def test_null_bytes_in_any_address_break_no_page(kind: str) -> None:
    client = _caller(kind)
    query = dict.fromkeys(_names("GET"), "a\x00b")

    broken = {address: _status(client.get(address, query)) for address in ADDRESSES}

    assert len(query) > 5
    assert {address: status for address, status in broken.items() if status >= 500} == {}


@pytest.mark.parametrize("kind", CALLERS)
def test_null_bytes_in_any_form_break_no_page(kind: str) -> None:
    client = _caller(kind)
    form = dict.fromkeys(_names("POST"), "a\x00b")

    # Whoever signs out is another caller; the start of a sign-in asks the provider, and `identity` tests it.
    broken = {a: _status(client.post(a, form)) for a in ADDRESSES if "sign-out" not in a and "sign-in" not in a}

    assert len(form) > 15
    assert {address: status for address, status in broken.items() if status >= 500} == {}


def test_the_walk_knows_the_faces_of_every_room() -> None:
    from souto.config.urls import ROOMS

    prefixes = {f"/{prefix}" for face in settings.FACES for prefix, module in ROOMS[face] if find_spec(module)}

    assert {p for p in prefixes if not any(a.startswith(p) for a in ADDRESSES)} == set()
