"""A call at the operator's desk: by keyboard alone, counted in keys, and without scripts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from souto.services.transit.definition import RiderClass
from souto.services.transit.dispatch.warming import warm
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Contact
from tests.journeys.browser import DESKTOP, assert_accessible, assert_fits
from tests.services.transit import service
from tests.services.transit.test_phone_desk import DESK, called, desk_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Contexts = Callable[..., BrowserContext]
#: Keys that a booking for somebody who never called may take besides what is spoken (number, name): stops, day, time, asking, booking.
MOST_KEYS = 24
#: And for somebody who rides the same way again, another day.
MOST_KEYS_AGAIN = 14


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """The engine's first answer on a new machine compiles it, which takes longer than a page may."""
    warm()


class Keyboard:
    """Types on a page and counts the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def text(self, words: str) -> None:
        """Type words where the focus is."""
        self.page.keyboard.type(words)
        self.keys += len(words)

    def press(self, *names: str) -> None:
        """Press keys one after another."""
        for name in names:
            self.page.keyboard.press(name)
        self.keys += len(names)


def _desk(contexts: Contexts, live_server: Any, **options: Any) -> Page:
    context = contexts(**{"width": DESKTOP, **options})
    cookie = desk_of().cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(DESK)
    return page


def _stop(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name)


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)
    if folder := os.environ.get("SOUTO_PICTURES"):
        name = f"phone-{len(list(Path(folder).glob('phone-*'))):02}-{page.viewport_size['width']}.png"
        page.screenshot(path=f"{folder}/{name}", full_page=True)


def test_a_call_is_booked_by_keyboard_alone(contexts: Contexts, live_server: Any) -> None:
    service.published()
    page = _desk(contexts, live_server)
    _look(page)
    keyboard = Keyboard(page)

    page.keyboard.type("0426200001")
    keyboard.press("Enter")
    expect(page.get_by_label("名前")).to_be_focused()
    _look(page)
    page.keyboard.type("佐藤 ハナ")
    keyboard.press("Tab")
    keyboard.text("ha")
    expect(page.locator("#origin-hall")).to_have_attribute("aria-selected", "true")
    assert_accessible(page)
    keyboard.press("Tab")
    expect(_stop(page, "乗る場所")).to_have_value("市役所")
    keyboard.text("st")
    expect(page.locator("#goal-station")).to_be_visible()
    keyboard.press("Enter")
    expect(_stop(page, "降りる場所")).to_have_value("駅")
    keyboard.press("Tab")
    keyboard.text("0900")
    keyboard.press("Tab", "Tab")
    page.keyboard.type("明日")
    keyboard.keys += 4
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="この便に乗れます")).to_be_visible()
    expect(page.get_by_role("button", name="この便を予約する")).to_be_focused()
    _look(page)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    expect(page.get_by_role("link", name="次の電話")).to_be_focused()
    _look(page)

    assert Booking.objects.get().state == State.BOOKED
    print(f"keys besides number and name: {keyboard.keys}")
    assert keyboard.keys <= MOST_KEYS
    keyboard.press("Enter")
    expect(page.get_by_label("電話番号")).to_be_focused()


def test_somebody_who_called_before_rides_again(contexts: Contexts, live_server: Any) -> None:
    service.published()
    called(origin="clinic", goal="market")
    called()
    page = _desk(contexts, live_server)
    keyboard = Keyboard(page)

    page.keyboard.type("0426200001")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="市役所から駅まで")).to_be_focused()
    _look(page)
    keyboard.press("2")
    expect(_stop(page, "乗る場所")).to_have_value("病院")
    expect(page.get_by_label("時刻", exact=True)).to_be_focused()
    keyboard.text("1500")
    page.get_by_label("日", exact=True).fill("明日")
    keyboard.keys += 6
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="この便を予約する")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()

    assert Booking.objects.filter(state=State.BOOKED).count() == 3
    print(f"keys besides the number: {keyboard.keys}")
    assert keyboard.keys <= MOST_KEYS_AGAIN
    page.get_by_text("取り消す", exact=True).first.click()
    page.get_by_role("button", name="予約を取り消す").first.click()
    expect(page.get_by_text("予約を取り消しました。")).to_be_visible()


def test_a_refusal_is_answered_by_a_number(contexts: Contexts, live_server: Any) -> None:
    service.published(booking={**service.BODY["booking"], "search_minutes": 10})
    called(Contact(name="団体", phone="042-620-0009"), riders={RiderClass.ADULT: 4})
    page = _desk(contexts, live_server, width=320)
    page.keyboard.type("0426200001\n")
    page.get_by_label("名前").fill("佐藤 ハナ")
    _stop(page, "乗る場所").fill("hall")
    _stop(page, "降りる場所").fill("station")
    page.get_by_label("時刻", exact=True).fill("902")
    page.get_by_label("日", exact=True).fill("明日")
    page.get_by_label("日", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="この条件では乗れません")).to_be_visible()
    _look(page)
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="この便に乗れます")).to_be_visible()
    _look(page)


def test_a_call_is_booked_without_scripts(contexts: Contexts, live_server: Any) -> None:
    service.published()
    page = _desk(contexts, live_server, javascript=False)
    page.get_by_label("電話番号").fill("0426200001")
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("名前").fill("佐藤 ハナ")
    _stop(page, "乗る場所").fill("市")
    _stop(page, "降りる場所").fill("駅")
    page.get_by_label("時刻", exact=True).fill("9:00")
    page.get_by_label("日", exact=True).fill("明日")
    page.get_by_role("button", name="車両をさがす").click()
    expect(page.get_by_text("どの停留所ですか：市場、市役所")).to_be_visible()
    _stop(page, "乗る場所").fill("市役所")
    page.get_by_role("button", name="車両をさがす").click()
    page.get_by_role("button", name="この便を予約する").click()
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
