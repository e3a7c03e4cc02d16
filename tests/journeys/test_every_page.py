"""Follows every link of the demo city as each kind of person: no dead link, and each page accessible and fit for a small phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from souto.demo.fill import fill
from souto.foundation.identity.middleware import ASSURANCE_KEY
from souto.foundation.identity.models import Account, Staff
from souto.foundation.identity.roles import Role
from souto.services.applications.models import Application
from souto.services.transit.dispatch.warming import warm
from tests.journeys.browser import PHONE, axe_problems, sticks_out

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

#: A page of a kind (the same pattern with other ids) is looked at this many times.
OF_A_KIND = 2
#: Leave the site, end the session, or only change how the same page is shown.
NOT_FOLLOWED = re.compile(r"^/(static/|text-size/|sign-out|staff/sign-out|api/)|[?&]lang=")

_IDS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/indicators/)[^/]+|(?<=/procedures/)[^/]+|(?<=/from/)[^/]+|(?<=/to/)[^/]+|(?<==)[^&]+"
)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """The engine's first answer on a new machine compiles it, which takes longer than a page may."""
    warm()


def session_of(account: Account, *, assurance: int) -> dict[str, str]:
    """The cookie of a session that `account` opened."""
    client = Client()
    client.force_login(account)
    session = client.session
    session[ASSURANCE_KEY] = assurance
    session.save()
    return {name: morsel.value for name, morsel in client.cookies.items()}


def account_of(who: str) -> Account | None:
    """The account of a kind of person in the demo city."""
    if who == "anonymous":
        return None
    if who == "resident":
        filed = Application.objects.filter(person_id__isnull=False).order_by("submitted_at").first()
        assert filed is not None
        return Account.objects.get(person_id=filed.person_id)
    staff = Staff.objects.filter(memberships__role=Role(who))
    return Account.objects.get(staff=staff.order_by("number").first())


def links_of(page: Page, origin: str) -> list[str]:
    found = page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.href)")
    inside = [urlsplit(url) for url in found if url.startswith(origin)]
    return [url.path + (f"?{url.query}" if url.query else "") for url in inside]


def look_at(page: Page, path: str) -> list[str]:
    troubles = [f"{path}: {problem}" for problem in (*axe_problems(page), *sticks_out(page, 320))]
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1:
        troubles.append(f"{path}: {len(headings)} h1")
    return troubles


@pytest.mark.parametrize(
    "who",
    [
        "anonymous",
        "resident",
        Role.OFFICER,
        Role.CHIEF,
        Role.CASHIER,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
        Role.DISPATCHER,
        Role.DRIVER,
    ],
)
def test_every_page_that_a_person_can_reach(
    contexts: Callable[..., BrowserContext], live_server: object, who: str
) -> None:
    fill()
    context = contexts(width=PHONE)
    account = account_of(who)
    if account is not None:
        cookies = session_of(account, assurance=3 if who == "resident" else 0)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    face = "/" if who in {"anonymous", "resident"} else "/staff/"
    todo = [face]
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    troubles: list[str] = []

    while todo:
        path = todo.pop(0)
        kind = _IDS.sub("*", path)
        if path in seen or not path.startswith(face) or NOT_FOLLOWED.search(path) or kinds.get(kind, 0) >= OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = context.request.get(path)
        if answer.status >= 400:
            troubles.append(f"{path}: {answer.status}")
        elif "text/html" in answer.headers.get("content-type", ""):
            page.goto(path)
            troubles += look_at(page, path)
            todo += links_of(page, live_server.url)  # the other face is walked by those who work there

    print(f"{who}: {len(seen)} pages")
    assert troubles == [], "\n".join(troubles)
    assert seen
