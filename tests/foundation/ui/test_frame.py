"""What every page promises: one language, nothing inline, the same header and footer, addresses that change with their files."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client, RequestFactory

from souto.kernel import nav
from souto.kernel.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> str:
    return Client().get("/accessibility/").content.decode()


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page: str) -> None:
    assert "<style" not in page
    assert " style=" not in page
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert re.findall(r'(?:src|<link[^>]*href)="https?://', page) == []
    assert re.findall(r" on[a-z]+=", page) == []


def test_the_policy_allows_nothing_inline() -> None:
    policy = Client().get("/accessibility/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_skip_link_main_and_contact_are_there(page: str) -> None:
    assert '<a class="s-skip" href="#content">' in page
    assert page.count("<main") == page.count("<h1>") == 1
    assert "042-626-3111" in page


@pytest.mark.skipif(finders.find("souto/app.css") is None, reason="the front end is not built (scripts/build)")
def test_addresses_of_static_files_change_with_their_content(page: str) -> None:
    assert re.search(r'href="/static/souto/app\.css\?v=[0-9a-f]{12}"', page)
    response = Client().get("/static/souto/app.css")
    response.close()
    assert response.status_code == 200


def test_navigation_shows_what_the_caller_may_see_and_what_this_process_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nav, "_items", [])
    nav.register(nav.NavItem(nav.Face.STAFF, "個人情報の取り扱い", "ui:privacy", badge=lambda actor: 3))
    nav.register(nav.NavItem(nav.Face.STAFF, "隠れた", "ui:language", visible=lambda actor: not actor.is_anonymous))
    nav.register(nav.NavItem(nav.Face.STAFF, "無い", "nowhere:page"))
    context = Context({"actor": Actor.anonymous(), "request": RequestFactory().get("/privacy/?a=1")})

    shown = Template(
        '{% navigation "staff" as entries %}{% for e in entries %}{{ e.label }} {{ e.url }} {{ e.badge }} {{ e.current }};{% endfor %}'
    ).render(context)

    assert shown == "個人情報の取り扱い /privacy/ 3 True;"
