"""A rider's way on a phone: three questions, the offer, the booking, a refusal, giving up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from souto.kernel.jobs import registered
from souto.services.transit.definition import RiderClass
from souto.services.transit.dispatch.warming import warm
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, EventKind, Series
from tests.journeys.browser import PHONE
from tests.journeys.city.people import look as look_at
from tests.journeys.settling import settle
from tests.services.transit import service
from tests.services.transit.running import SetClock, at, said, tell
from tests.services.transit.test_booking import booked, rider, trip
from tests.services.transit.test_rider_pages import browser

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

__all__ = ["at"]

Contexts = Callable[..., BrowserContext]


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """The engine's first answer on a new machine compiles it, which takes longer than a page may."""
    warm()


def _signed_in(contexts: Contexts, live_server: Any, **options: Any) -> Page:
    person_id = options.pop("person_id", None)
    context = contexts(**{"width": PHONE, **options})
    cookie = browser(person_id).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _ask(page: Page) -> None:
    """Where from, where to, when."""
    page.get_by_role("link", name="市役所").click()
    page.get_by_role("link", name="駅").click()
    page.get_by_label("選んだ時刻から乗る").check()
    page.locator("#id_day").select_option(service.tomorrow().isoformat())
    page.locator("#id_hour").select_option("9")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_ride_is_booked_and_given_up(contexts: Contexts, live_server: Any, javascript: bool) -> None:
    service.published()
    page = _signed_in(contexts, live_server, javascript=javascript)

    def look() -> None:
        if javascript:
            look_at(page)

    page.goto("/rides/")
    look()
    page.get_by_role("link", name="乗車を予約する").click()
    look()
    page.get_by_label("停留所の名前").fill("しやく")
    _press(page, "検索")
    look()
    _ask(page)
    look()
    _press(page, "車両をさがす")
    expect(page.get_by_role("heading", level=1)).to_have_text("この便に乗れます")
    look()
    _press(page, "この便を予約する")
    expect(page.get_by_text("予約しました。")).to_be_visible()
    look()
    assert Booking.objects.get().state == State.BOOKED
    page.get_by_role("link", name="予約を取り消す").click()
    look()
    _press(page, "予約を取り消す")
    expect(page.get_by_text("予約を取り消しました。")).to_be_visible()
    assert Booking.objects.get().state == State.CANCELLED


def test_a_full_vehicle_and_a_mistake_lead_on(contexts: Contexts, live_server: Any) -> None:
    service.published(booking={**service.BODY["booking"], "search_minutes": 10})
    booked(rider(), trip(riders={RiderClass.ADULT: 4}))
    page = _signed_in(contexts, live_server, width=320, expected_statuses={422})
    page.goto("/rides/south/from/")
    _ask(page)
    page.get_by_text("人数、車いす、帰りの予約").click()
    page.locator("#id_wheelchairs").select_option("2")
    _press(page, "車両をさがす")
    look_at(page)
    page.locator("#id_wheelchairs").select_option("0")
    _press(page, "車両をさがす")
    expect(page.get_by_text("この時間の車両は満席です。")).to_be_visible()
    look_at(page)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この便に乗れます")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_ride_every_week_and_a_favourite(contexts: Contexts, live_server: Any, javascript: bool) -> None:
    service.published()
    person = rider()
    found = booked(person)
    page = _signed_in(contexts, live_server, width=320, javascript=javascript, person_id=person.id)

    def look() -> None:
        if javascript:
            look_at(page)

    page.goto(f"/rides/{found.id}/")
    page.locator("summary", has_text="よく使う乗車に入れる").click()
    page.get_by_label("名前").fill("駅へ行く")
    look()
    _press(page, "よく使う乗車に入れる")
    expect(page.get_by_text("最初の画面から選べます")).to_be_visible()
    page.get_by_role("link", name="毎週予約する").click()
    look()
    _press(page, "毎週の予約を始める")
    expect(page.get_by_role("heading", level=1)).to_have_text("毎週の予約")
    registered()["transit.book_series"].run(series_id=str(Series.objects.get().id))
    page.reload()
    look()
    page.get_by_role("button", name="この日は乗らない").first.click()
    expect(page.get_by_text("乗らないことにしました")).to_be_visible()
    page.goto("/rides/")
    look()
    page.get_by_role("link", name="直す").click()
    look()
    page.goto("/rides/")
    page.get_by_role("link", name="駅へ行く", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("いつ乗りますか")


def test_the_vehicle_comes_and_is_followed(contexts: Contexts, live_server: Any, at: SetClock) -> None:
    vehicle = {**service.BODY["vehicles"][0], "colour": {"ja": "緑色"}, "plate": "八王子 300 あ 12-34"}
    service.published(vehicles=[vehicle])
    person = rider()
    found = booked(person)
    at("8:10")
    page = _signed_in(contexts, live_server, width=320, person_id=person.id)
    page.clock.install()
    page.goto(f"/rides/{found.id}/")
    expect(page.get_by_text("車両のいまの場所がここに出ます")).to_be_visible()
    look_at(page)
    at("8:50")
    page.clock.run_for(61_000)
    expect(page.get_by_text("分で来ます")).to_be_visible()
    expect(page.locator("#map-follow[data-map-state]")).to_have_count(1)
    look_at(page)
    with page.expect_response(lambda answer: answer.url.endswith("/follow/")):  # it goes on by itself
        page.clock.run_for(21_000)
    tell(said(EventKind.BEGAN, at("8:55")), said(EventKind.BOARDED, at("9:05"), found))
    page.reload()
    expect(page.get_by_text("乗っています。")).to_be_visible()
    look_at(page)
    tell(said(EventKind.ALIGHTED, at("9:20"), found))
    page.reload()
    expect(page.get_by_text("到着しました。")).to_be_visible()
    look_at(page)


def test_a_page_that_lives_says_when_its_session_has_ended(contexts: Contexts, live_server: Any, at: SetClock) -> None:
    service.published()
    person = rider()
    found = booked(person)
    at("8:50")
    page = _signed_in(contexts, live_server, width=320, person_id=person.id, expected_statuses={401, 404})
    page.goto(f"/rides/{found.id}/")
    expect(page.get_by_text("分で来ます")).to_be_visible()
    page.evaluate("document.getElementById('follow').dispatchEvent(new CustomEvent('live'))")
    settle(page)
    Session.objects.all().delete()

    for _ in range(2):
        page.evaluate("document.getElementById('follow').dispatchEvent(new CustomEvent('live'))")
        expect(page.get_by_role("alert")).to_have_count(1)

    expect(page.get_by_text("もう一度サインインしてください")).to_be_visible()
    expect(page.get_by_text("分で来ます")).to_be_visible()
    look_at(page)
    page.get_by_role("link", name="サインインして、この画面に戻る").click()
    assert f"/sign-in?next=%2Frides%2F{found.id}%2F" in page.url
