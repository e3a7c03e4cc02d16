"""A driver's day on a tablet: duty begins, the network goes, riders get on and off, the tablet restarts, and nothing is lost or counted twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as of_day
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from souto.kernel import clock
from souto.services.transit.dispatch.warming import warm
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, DroppedReport, EventKind, FareCollection, VehicleEvent
from tests.journeys.browser import PHONE, Devices, assert_accessible, assert_fits
from tests.journeys.live import live_site
from tests.services.transit import service
from tests.services.transit.driving import DRIVE, V1, browser, driver, named, rides
from tests.services.transit.test_booking import ask, booked, trip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
__all__ = ["live_site"]

Contexts = Callable[..., BrowserContext]
SetClock = Callable[[str], None]
#: A tap can be taken back for 12 seconds before it is sent; a busy machine takes its time besides.
SENT_MS = 90_000


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """The engine's first answer on a new machine compiles it, which takes longer than a page may."""
    warm()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the server's clock to a time of the day for which the tests book; it goes on from there, as the tablet's does."""
    day = service.tomorrow()

    def set_clock(text: str) -> None:
        hour, minute = text.split(":")
        moment, begun = datetime.combine(day, of_day(int(hour), int(minute)), clock.TOKYO), time.monotonic()
        monkeypatch.setattr(clock, "real_now", lambda: moment + timedelta(seconds=time.monotonic() - begun))

    return set_clock


def keep(page: Page, name: str) -> None:
    """Keep pictures for a person to look at, where somebody asked for them (`SOUTO_PICTURES=FOLDER`)."""
    if folder := os.environ.get("SOUTO_PICTURES"):
        before = page.viewport_size
        for width, height in ((1280, 800), (800, 1280), (375, 760), (320, 760)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(folder) / f"drive-{name}-{width}.png")
        if before is not None:
            page.set_viewport_size(before)


def look(page: Page, name: str) -> None:
    """The page is fit for everybody, and its picture is kept."""
    keep(page, name)
    assert_accessible(page)


def tablet(contexts: Contexts, live_server: Any, **options: Any) -> Page:
    """A tablet on which a driver has signed in."""
    context = contexts(**{"width": 1280, "expected_statuses": {401}, **options})
    cookie = browser(driver()).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(DRIVE)
    keep(page, "choose")
    page.get_by_role("button", name="乗務を始める").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1号車")
    return page


def ready(page: Page) -> None:
    """Wait until the script runs and the service worker keeps what the page needs without a network."""
    expect(page.locator("[data-drive][data-ready]")).to_be_attached()
    page.wait_for_function(
        """async () => {
            await navigator.serviceWorker.ready;
            const kept = (await (await caches.open('souto-drive-1')).keys()).map((one) => one.url);
            const needed = [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map((one) => one.href || one.src);
            return kept.some((url) => url.endsWith('/shell/')) && needed.every((url) => kept.includes(url));
        }"""
    )


def press(page: Page, name: str, *, exact: bool = False) -> None:
    """Tap, once what has just changed may be tapped."""
    expect(page.locator("[data-drive]:not([data-hold])")).to_be_attached()
    page.get_by_role("button", name=name, exact=exact).first.click()


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-state]")).to_have_text(words, timeout=SENT_MS)


def told() -> list[tuple[str, str]]:
    """What is stored, in the order in which it happened: kind, and which rider."""
    order = {key: str(n) for n, key in enumerate(Booking.objects.order_by("asked_at").values_list("id", flat=True))}
    rows = VehicleEvent.objects.order_by("at", "id").values_list("kind", "booking_id")
    return [(kind, order.get(booking, "")) for kind, booking in rows]


def test_without_a_network_the_day_goes_on_and_nothing_is_lost(
    contexts: Contexts, live_server: Any, at: SetClock
) -> None:
    first, second = rides()
    at("8:50")
    page = tablet(contexts, live_server)
    ready(page)
    look(page, "start")
    expect(page.locator("[data-next]")).to_contain_text("市役所")
    at("9:05")

    page.context.set_offline(True)
    press(page, "停留所に着いた")
    expect(page.locator("[data-next]")).to_contain_text("停留所に着きました")
    press(page, "ヤマダ　ハナコ 料金 300円 受け取りました")
    state(page, "未送信 3件")
    press(page, "ヤマダ　ハナコ 乗車")
    state(page, "未送信 4件")
    expect(page.locator("[data-offline]")).to_contain_text("通信が切れています")
    press(page, "スズキ　イチロウ 乗車")
    state(page, "未送信 5件")
    expect(page.locator(".s-drive-next__name").first).not_to_have_text("市役所")
    expect(page.get_by_role("button", name="停留所に着いた")).to_be_visible()
    look(page, "offline")

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("1号車")
    state(page, "未送信 5件")
    expect(page.locator("[data-aboard]")).to_contain_text("スズキ　イチロウ")
    look(page, "reloaded")
    assert_fits(page)
    where = page.locator("[data-next] .s-drive-next__name").first.inner_text()
    who = {"駅": "ヤマダ　ハナコ", "病院": "スズキ　イチロウ"}[where]
    press(page, f"{who} 降車")
    state(page, "未送信 6件")
    assert [kind for kind, _ in told()] == [EventKind.BEGAN]

    page.context.set_offline(False)
    state(page, "送信済み")
    got_off = "0" if where == "駅" else "1"
    assert told()[0] == ("began", "")
    assert sorted(told()[1:3]) == [("arrived", "0"), ("arrived", "1")]
    assert told()[3:] == [("boarded", "0"), ("boarded", "1"), ("alighted", got_off)]
    assert [(fare.booking_id, fare.amount) for fare in FareCollection.objects.all()] == [(first.id, 300)]
    first.refresh_from_db()
    second.refresh_from_db()
    assert sorted([first.state, second.state]) == [State.ABOARD, State.COMPLETED]
    page.reload()
    state(page, "送信済み")
    expect(page.locator("[data-aboard] li")).to_have_count(1)


def test_a_mistaken_tap_is_taken_back_and_never_leaves_the_tablet(
    contexts: Contexts, live_server: Any, at: SetClock
) -> None:
    rides()
    at("9:05")
    page = tablet(contexts, live_server)
    ready(page)
    press(page, "ヤマダ　ハナコ 来なかった")
    expect(page.locator("[data-undo-bar]")).to_contain_text("来なかった：ヤマダ　ハナコ")
    look(page, "undo")
    press(page, "取り消す", exact=True)
    expect(page.locator("[data-absent-box]")).to_be_hidden()
    press(page, "ヤマダ　ハナコ 乗車")
    state(page, "送信済み")

    assert told() == [("began", ""), ("boarded", "0")]


def test_a_session_that_ends_keeps_the_taps_for_whoever_signs_in_again(
    contexts: Contexts, live_server: Any, at: SetClock
) -> None:
    rides()
    at("9:05")
    page = tablet(contexts, live_server)
    ready(page)
    page.context.clear_cookies(name="souto_session")
    press(page, "ヤマダ　ハナコ 乗車")
    expect(page.locator("[data-offline]")).to_contain_text("サインインが切れました", timeout=SENT_MS)
    expect(page.get_by_role("link", name="サインインする")).to_be_visible()
    assert [kind for kind, _ in told()] == ["began"]

    client = browser(driver())
    cookie = client.cookies["souto_session"].value
    page.context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    page.goto(V1)
    state(page, "送信済み")
    assert told() == [("began", ""), ("boarded", "0")]


def test_a_change_by_others_is_said_and_what_is_refused_is_decided(
    contexts: Contexts, live_server: Any, at: SetClock
) -> None:
    from souto.services.transit import actions

    first, _ = rides()
    later = ask(named("タナカ　キク"), trip("clinic", "hall", at=10 * 3600))
    at("8:50")
    page = tablet(contexts, live_server)
    ready(page)
    actions.book(actor=named_again(later), booking_id=later.id)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-news]")).to_contain_text("予定が変わりました", timeout=SENT_MS)
    expect(page.locator("[data-news]")).to_contain_text("タナカ　キク")
    look(page, "news")
    press(page, "わかりました", exact=True)
    expect(page.locator("[data-news]")).to_be_hidden()

    page.evaluate(
        """async (day) => {
            const opened = indexedDB.open('souto-drive', 1);
            const base = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
            const store = base.transaction('outbox', 'readwrite').objectStore('outbox');
            const id = crypto.randomUUID();
            store.put({id, number: 1, slug: 'south', vehicle: 'v1', day, kind: 'boarded', booking: crypto.randomUUID(),
                       at: new Date().toISOString(), ready: 0, state: 'waiting', reason: '', words: '', label: '乗車した'});
            await new Promise((done) => { store.transaction.oncomplete = done; });
            base.close();
            window.dispatchEvent(new Event('online'));
        }""",
        first.day.date.isoformat(),
    )
    expect(page.locator("[data-refused]")).to_contain_text("この日の予約にない人です", timeout=SENT_MS)
    look(page, "refused")
    press(page, "破棄する", exact=True)
    expect(page.locator("[data-refused-box]")).to_be_hidden()
    state(page, "送信済み")
    assert DroppedReport.objects.get().kind == "boarded"
    assert VehicleEvent.objects.filter(kind=EventKind.BOARDED).count() == 0


def named_again(booking: Booking) -> Any:
    """The rider of a booking."""
    from souto.kernel.actor import Actor, ActorKind

    return Actor(kind=ActorKind.RESIDENT, id=booking.person_id, assurance=2)


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_and_at_night(contexts: Contexts, live_server: Any, at: SetClock, dark: bool) -> None:
    rides()
    at("8:50")
    page = tablet(contexts, live_server, width=PHONE, color_scheme="dark" if dark else "light")
    ready(page)
    look(page, "night" if dark else "day")
    assert_fits(page)
    small = page.locator(".s-drive-do").evaluate_all(
        "(all) => all.filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 64).map((e) => e.textContent)"
    )
    assert small == []


def test_without_javascript(contexts: Contexts, live_server: Any, at: SetClock) -> None:
    first, _ = rides()
    at("9:05")
    page = tablet(contexts, live_server, javascript=False)
    page.get_by_role("button", name="停留所に着いた").click()
    page.get_by_role("button", name="ヤマダ　ハナコ 乗車").first.click()
    expect(page.get_by_text("乗車した").first).to_be_visible()

    first.refresh_from_db()
    assert first.state == State.ABOARD


def test_a_new_booking_is_on_the_tablet_at_once(
    chromium: Browser, request: pytest.FixtureRequest, live_site: str, at: SetClock
) -> None:
    rides()
    at("8:50")
    with Devices(chromium, live_site, request, origins=set()) as contexts:
        context = contexts(width=1280)
        cookie = browser(driver()).cookies["souto_session"].value
        context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_site}])
        page = context.new_page()
        page.clock.install()
        with page.expect_response(lambda answer: answer.url.endswith("/live/")):
            page.goto(f"{live_site}{V1}")
        expect(page.locator("[data-drive][data-ready]")).to_be_attached()
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))
        booked(named("タナカ　ジロウ"), trip("clinic", "market", at=10 * 3600, day=clock.today()))

        there = page.locator("[data-later], [data-next]").filter(has_text="タナカ　ジロウ")
        for _ in range(150):  # nine seconds of the page's time in all: by itself it asks after fifteen
            page.clock.run_for(60)
            if there.count():
                break
            page.wait_for_timeout(100)
        expect(there.first).to_be_attached()
