"""A dispatcher's day in a browser: what is at risk, a ride moved with consent, a vehicle taken off the road, and a second screen that sees it all without a reload."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from souto.foundation.identity.roles import Role
from souto.services.transit import actions
from souto.services.transit.definition import RiderClass
from souto.services.transit.dispatch.warming import warm
from souto.services.transit.models import Booking, Contact, EventKind
from tests.journeys.browser import DESKTOP, PHONE, Devices, assert_accessible, assert_fits, walk_by_keyboard
from tests.journeys.live import live_site
from tests.services.procedures.helpers import desk
from tests.services.transit import service
from tests.services.transit.running import SYSTEM, TWO, SetClock, at, plan_now, said, tell
from tests.services.transit.test_booking import trip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
__all__ = ["at", "live_site"]

DESK = "/staff/transit/dispatch/"
FOUR = {RiderClass.ADULT: 4}


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """The engine's first answer on a new machine compiles it, which takes longer than a page may."""
    warm()


@pytest.fixture
def contexts(chromium: Browser, live_site: str, request: pytest.FixtureRequest) -> Iterator[Devices]:
    """Devices on a site whose pages are live."""
    with Devices(chromium, live_site, request, origins=set()) as made:
        yield made


def _signed_in(contexts: Callable[..., BrowserContext], live_site: str, **options: Any) -> Page:
    context = contexts(**{"width": DESKTOP, **options})
    cookie = desk(Role.DISPATCHER).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_site}])
    return context.new_page()


def _called(name: str, phone: str, origin: str, goal: str) -> Booking:
    asked = actions.ask(
        actor=SYSTEM, slug="south", trip=trip(origin, goal, riders=FOUR), contact=Contact(name=name, phone=phone)
    )
    return actions.book(actor=SYSTEM, booking_id=asked.id)


def _look(page: Page, name: str) -> None:
    if folder := os.environ.get("SOUTO_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert_accessible(page)
    assert_fits(page)


def _morning(at: SetClock) -> tuple[Booking, Booking, str, str]:
    service.published(vehicles=[{**TWO[0], "phone": "090-0000-0001"}, TWO[1]])
    first = _called("佐藤 ハナ", "042-620-0001", "hall", "market")
    second = _called("鈴木 一郎", "042-620-0002", "station", "hall")
    homes = [plan_now().route_of(str(ride.id)) for ride in (first, second)]
    at("8:50")
    return first, second, *[home.vehicle for home in homes if home]  # type: ignore[return-value]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_dispatchers_morning(
    contexts: Callable[..., BrowserContext], live_site: str, at: SetClock, javascript: bool
) -> None:
    _first, _second, home, other = _morning(at)
    page = _signed_in(contexts, live_site, javascript=javascript)

    def look(name: str) -> None:
        if javascript:
            _look(page, name)

    page.goto(DESK)
    expect(page.get_by_text("すべての約束を守れる見込みです。")).to_be_visible()
    look("dispatch-calm")

    # A ride is moved, with consent to what that breaks.
    page.get_by_text("表で見る").click()
    page.get_by_role("link", name="鈴木 一郎").first.click()
    look("dispatch-ride")
    page.get_by_role("link", name="別の車両に移す").click()
    page.get_by_label("移す車両").select_option(home)
    page.get_by_role("button", name="どうなるか見る").click()
    expect(page.get_by_text("守れなくなる約束があります")).to_be_visible()
    look("dispatch-move")
    page.get_by_label("守れなくなる約束を確かめました。").check()
    page.get_by_role("button", name="この車両に移す").click()
    expect(page.get_by_text("別の車両に移しました。")).to_be_visible()
    assert plan_now().route_of(str(_second.id)).vehicle == home  # type: ignore[union-attr]

    # Its vehicle breaks down.
    page.goto(f"{DESK}vehicles/south/{_first.day.date}/{home}/")
    look("dispatch-vehicle")
    page.get_by_role("link", name="故障で運行を止める").click()
    expect(page.get_by_text("2件：")).to_be_visible()
    look("dispatch-breakdown")
    page.get_by_role("button", name="運行を止めて、迎えを探す").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("の運行を止めました")
    look("dispatch-broken")
    page.get_by_role("link", name="運行の管理").first.click()
    expect(page.get_by_text("運行中止")).to_be_visible()
    assert other != home


def test_a_second_screen_sees_it_without_a_reload(
    contexts: Callable[..., BrowserContext], live_site: str, at: SetClock
) -> None:
    first, second, home, other = _morning(at)
    tell(said(EventKind.BEGAN, at("8:50")), vehicle=home)
    page = _signed_in(contexts, live_site)
    page.goto(DESK)
    page.evaluate("window.sameDocument = true")
    page.get_by_text("表で見る").click()
    page.locator("#reload").focus()
    expect(page.get_by_text("すべての約束を守れる見込みです。")).to_be_visible()

    actions.break_down(actor=SYSTEM, slug="south", day=first.day.date, vehicle=other)

    expect(page.locator(f"#car-{other}")).to_contain_text("運行中止")
    assert page.evaluate("window.sameDocument") is True
    assert page.evaluate("document.activeElement.id") == "reload"  # the focus stays where it was
    assert page.locator("#table").get_attribute("open") is not None  # and what was opened stays open
    tell(said(EventKind.BROKE_DOWN, at("8:55")), vehicle=home)
    expect(page.get_by_text("走れない")).to_be_visible()
    _look(page, "dispatch-alerts")
    assert second.id != first.id


def test_a_vehicle_moves_on_the_map_as_soon_as_it_tells_where_it_is(
    contexts: Callable[..., BrowserContext], live_site: str, at: SetClock
) -> None:
    _first, _second, home, _other = _morning(at)
    tell(said(EventKind.BEGAN, at("8:50")), vehicle=home)
    page = _signed_in(contexts, live_site)
    with page.expect_response(lambda answer: "/dispatch/part/" in answer.url):  # the stream's first look
        page.goto(DESK)

    with page.expect_response(lambda answer: "/dispatch/places/" in answer.url) as heard:
        tell(vehicle=home, seen=actions.Seen(35.65, 139.33, at("8:55")))
    assert heard.value.ok
    expect(page.locator("[data-map-moved]")).to_have_attribute(
        "data-map-places", f'{{"vehicle-{home}":[35.65,139.33]}}'
    )


def test_the_desk_by_keyboard_and_on_a_phone(
    contexts: Callable[..., BrowserContext], live_site: str, at: SetClock
) -> None:
    _first, _second, home, _other = _morning(at)
    tell(said(EventKind.BEGAN, at("8:50")), vehicle=home)
    at("9:30")
    page = _signed_in(contexts, live_site, width=PHONE)
    page.goto(DESK)
    expect(page.get_by_text("の遅れ").first).to_be_visible()
    _look(page, "dispatch-phone")
    reached = walk_by_keyboard(page)
    assert any("別の車両に移す" in words for words in reached)
    assert any("運転手に電話" in words for words in reached)
