"""The planner's desks in a real browser: gaps in public transport asked by form and by a press on the map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from souto.kernel import clock
from souto.services.transit import queries
from tests.jobs import run_all
from tests.journeys.browser import DESKTOP, DRAWING, Devices, assert_accessible, assert_fits, find_chromium
from tests.services.transit import service, town
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


def looks_at(page: Page, *, javascript: bool) -> Callable[[], None]:
    """What is done at each step: the page is accessible and fits. Without scripts nothing on it can be asked."""

    def look() -> None:
        if javascript:
            assert_accessible(page)
            assert_fits(page)

    return look


@pytest.mark.parametrize("javascript", [True, False])
def test_a_draft_is_edited_simulated_and_published(
    contexts: Contexts, live_server: Any, javascript: bool, settings: Any
) -> None:
    settings.SIMULATION_PROCESSES = 1
    version = service.published(
        stops=town.STOPS_OF_SERVICE, zone=[[35.68, 139.28], [35.68, 139.36], [35.64, 139.36], [35.64, 139.28]]
    )
    page = at_the_desk(contexts, live_server, javascript=javascript)
    look = looks_at(page, javascript=javascript)

    page.goto("/staff/transit/plan/")
    look()
    page.get_by_role("link", name="第1版").click()
    look()
    page.get_by_role("button", name="写して下書きを作る").click()
    page.get_by_role("link", name="運賃と決まりを直す").click()
    look()
    page.get_by_label("大人の運賃（円）").fill("")
    page.get_by_role("button", name="下書きに保存する").click()
    expect(page.locator(".s-error-summary")).to_be_visible()
    look()
    page.get_by_label("大人の運賃（円）").fill("350")
    page.get_by_role("button", name="下書きに保存する").click()
    for part in ("区域と停留所", "車両", "名前と担当", "運行日と時間"):
        page.get_by_role("link", name=f"{part}を直す").click()
        look()
        page.get_by_role("button", name="下書きに保存する").click()
    page.get_by_role("link", name="この版を試算する").click()
    look()
    page.get_by_label("車両の数").fill("1, 2")
    page.get_by_text("くわしく決める").click()
    page.get_by_label("日数", exact=False).first.fill("1")
    page.get_by_role("button", name="試算を始める").click()
    look()
    run_all()
    page.reload()
    expect(page.get_by_role("heading", name="すべての数字")).to_be_visible()
    look()
    page.get_by_role("link", name="第2版").first.click()
    page.get_by_role("link", name="公開する", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="大人の運賃（円）")).to_contain_text("350")
    look()
    page.get_by_label("この日の運行から").fill((clock.today() + timedelta(days=1)).isoformat())
    page.get_by_label("変わる内容を確かめました").check()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("公開しました。")).to_be_visible()
    assert queries.published_on(slug="south", day=clock.today() + timedelta(days=1)).number == version.number + 1


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_service_is_begun_written_and_published(
    contexts: Contexts, live_server: Any, javascript: bool, settings: Any, tmp_path: Path
) -> None:
    town.settle(settings, tmp_path)
    page = at_the_desk(contexts, live_server, javascript=javascript)
    look = looks_at(page, javascript=javascript)

    page.goto("/staff/transit/plan/")
    page.get_by_role("link", name="新しい運行を始める").click()
    look()
    page.get_by_label("名前（日本語）").fill("北部デマンド")
    page.get_by_label("名前（やさしい日本語）").fill("北の バス")
    page.get_by_label("名前（英語）").fill("North")
    page.get_by_label("コード", exact=False).fill("北部")
    page.get_by_role("button", name="下書きを始める").click()
    expect(page.locator(".s-error-summary")).to_be_visible()
    expect(page.get_by_label("名前（日本語）")).to_have_value("北部デマンド")
    look()
    page.get_by_label("コード", exact=False).fill("nroth")
    page.get_by_role("button", name="下書きを始める").click()
    expect(page.get_by_text("車両がありません")).to_be_visible()
    look()
    page.get_by_role("link", name="下書きを捨てる").click()
    look()
    page.get_by_role("button", name="下書きを捨てる").click()
    expect(page.get_by_text("下書きを捨てました。")).to_be_visible()
    page.get_by_role("link", name="新しい運行を始める").click()
    page.get_by_label("名前（日本語）").fill("北部デマンド")
    page.get_by_label("名前（やさしい日本語）").fill("北の バス")
    page.get_by_label("名前（英語）").fill("North")
    page.get_by_label("コード", exact=False).fill("north")
    page.get_by_role("button", name="下書きを始める").click()
    page.get_by_role("link", name="車両を直す").click()
    look()
    page.get_by_role("link", name="区域と停留所を直す").click()
    look()
    page.get_by_label("区域の線の点").fill("35.68, 139.28\n35.68, 139.36\n35.64, 139.36\n35.64, 139.28")
    for number, stop in enumerate(town.STOPS_OF_SERVICE):
        row = page.get_by_role("group", name="新しい停留所").nth(number)
        row.get_by_label("コード").fill(stop["code"])
        row.get_by_label("名前（日本語）").fill(stop["name"]["ja"])
        row.get_by_label("よみ（ひらがな）").fill(stop["kana"])
        row.get_by_label("緯度").fill(str(stop["lat"] + (1 if number == 2 else 0)))
        row.get_by_label("経度").fill(str(stop["lon"]))
    page.get_by_role("button", name="下書きに保存する").click()
    expect(page.get_by_text("は区域の外にあります")).to_be_visible()
    page.get_by_role("link", name="区域と停留所を直す").click()
    far = page.locator("#id_stops-2-lat")
    expect(far).to_have_attribute("aria-invalid", "true")
    look()
    far.fill(str(town.STOPS_OF_SERVICE[2]["lat"]))
    page.get_by_role("button", name="下書きに保存する").click()
    page.get_by_role("link", name="車両を直す").click()
    look()
    page.get_by_label("コード").fill("van-1")
    page.get_by_label("名前（日本語）").fill("1号車")
    page.get_by_label("車庫").select_option("hall")
    page.get_by_label("勤務の始まり").fill("7:30")
    page.get_by_label("勤務の終わり").fill("18:30")
    page.get_by_label("座席の並べ方1：座席").fill("8")
    page.get_by_role("button", name="下書きに保存する").click()
    page.get_by_role("link", name="公開する", exact=True).click()
    expect(page.get_by_text("どの人も0円です")).to_be_visible()
    look()
    page.get_by_label("変わる内容を確かめました").check()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("公開しました。")).to_be_visible()
    assert queries.published_on(slug="north", day=clock.today()).number == 1
