"""The planner's desks in a real browser: gaps in public transport asked by form and by a press on the map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.browser import DESKTOP, DRAWING, Devices, assert_accessible, assert_fits, find_chromium
from tests.services.transit.desks import planner

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Contexts = Callable[..., BrowserContext]
COVERAGE = "/staff/transit/coverage/"


def at_the_desk(contexts: Contexts, live_server: Any, **options: Any) -> Page:
    """The browser of a transport planner."""
    context = contexts(**{"width": DESKTOP, **options})
    cookie = planner().cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


@pytest.fixture(scope="module")
def drawing(chromium: Browser) -> Iterator[Browser]:
    """A browser that draws WebGL."""
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=DRAWING)
    yield browser
    browser.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_gaps_are_asked_by_a_form(contexts: Contexts, live_server: Any, javascript: bool) -> None:
    page = at_the_desk(contexts, live_server, javascript=javascript)
    page.goto(COVERAGE)
    expect(page.get_by_role("heading", name="町ごとの表")).to_be_visible()
    if javascript:
        assert_accessible(page)
        assert_fits(page)
    page.get_by_text("停留所を足す・なくす").click()
    page.get_by_label("新しい停留所", exact=False).first.fill("35.6625, 139.285")
    page.get_by_role("button", name="計算する").click()

    expect(page.get_by_text(re.compile("新しく届く人 [1-9]"))).to_be_visible()
    row = page.get_by_role("row").filter(has_text="元八王子地区")
    expect(row.locator("td").last).to_have_text(re.compile("^[1-9]"))
    if javascript:
        assert_accessible(page)


def test_a_press_on_the_map_adds_a_stop(drawing: Browser, live_server: Any, request: pytest.FixtureRequest) -> None:
    with Devices(drawing, live_server.url, request, origins=set()) as devices:
        page = at_the_desk(devices, live_server)
        page.goto(COVERAGE)
        view = page.locator("[data-map-view]")
        expect(page.locator("[data-map]")).to_have_attribute("data-coverage-drawn", "")

        view.focus()
        page.keyboard.press("Enter")

        expect(page.locator("#coverage-answer .s-coverage__change")).to_be_visible()
        expect(page.locator("#id_added")).to_have_value(re.compile(r"^35\.\d{5}, 139\.\d{5}$"))
        assert "added=35." in page.url
