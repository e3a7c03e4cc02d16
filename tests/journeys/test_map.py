"""The map in a real browser: a place tapped, dragged and set by keys, sent, and seen by the officer; and the same page without WebGL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from souto.services.procedures import actions
from tests.jobs import run_all
from tests.journeys.browser import (
    DESKTOP,
    DRAWING,
    Devices,
    Visit,
    assert_accessible,
    assert_fits,
    find_chromium,
    walk_by_keyboard,
)
from tests.journeys.test_procedures import SYSTEM, keep
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Contexts = Callable[..., BrowserContext]
FIELD = "/_fields/road-damage/where/"


@pytest.fixture(scope="module")
def drawing(chromium: Browser) -> Iterator[Browser]:
    """A browser that draws WebGL."""
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=DRAWING)
    yield browser
    browser.close()


@pytest.fixture
def contexts(drawing: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Devices]:
    """Devices that draw maps."""
    with Devices(drawing, live_server.url, request, origins=set()) as made:
        yield made


@pytest.fixture
def without_drawing(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Devices]:
    """Devices whose browser draws no WebGL at all."""
    with Devices(chromium, live_server.url, request, origins=set()) as made:
        yield made


@pytest.fixture(autouse=True)
def _city(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.journeys.procedure_urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    applications.section("road-repair")
    text = (Path(django_settings.CITY_DIR) / "procedures/road-damage.yaml").read_text(encoding="utf-8")
    actions.publish(actor=SYSTEM, version_id=actions.import_yaml(actor=SYSTEM, text=text).id)


def drawn(page: Page) -> Locator:
    """The view of the page's map, once everything in it has been drawn."""
    page.locator("[data-map][data-map-drawn]").wait_for()
    return page.locator("[data-map-view]")


def tap(view: Locator, across: float, down: float) -> None:
    """Press a place of the view, told in parts of its width and height."""
    box = view.bounding_box()
    assert box is not None
    view.click(position={"x": box["width"] * across, "y": box["height"] * down})


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_a_tap_fills_the_field_and_every_other_way_moves_the_marker(contexts: Contexts, language: str) -> None:
    here = {"latitude": 35.6664, "longitude": 139.3160}
    page = contexts(geolocation=here, permissions=["geolocation"]).new_page()
    page.goto(f"{FIELD}?lang={language}")
    view, marker, state = drawn(page), page.locator(".s-map-marker"), page.locator("[data-place-state]")
    lat, lng, landmark = (page.locator(f"[data-{name}]") for name in ("lat", "lng", "landmark"))
    keep(page, f"map_{language}")
    expect(marker).to_have_count(0)

    tap(view, 0.5, 0.5)
    expect(lat).to_have_value(re.compile(r"^35\.\d{6}$"))
    expect(lng).to_have_value(re.compile(r"^139\.\d{6}$"))
    expect(marker).to_have_count(1)
    expect(state).to_have_text(re.compile({"ja": "から", "ja-easy": "くらい", "en": "about"}[language]))
    keep(page, f"map_chosen_{language}")
    assert_accessible(page)
    assert_fits(page)

    landmark.select_option("takao")
    expect(lat).to_have_value("")
    expect(state).to_have_text(
        re.compile({"ja": "高尾駅の近く", "ja-easy": "高尾駅の 近く", "en": "near Takao"}[language])
    )
    page.locator("[data-locate]").click()
    expect(lat).to_have_value("35.666400")
    expect(landmark).to_have_value("")
    expect(marker).to_have_count(1)
    keep(page, f"map_here_{language}")


def test_keys_move_the_map_and_enter_takes_the_place_under_the_cross(visit: Visit) -> None:
    page = visit(FIELD, width=DESKTOP)
    view, lat, cross = drawn(page), page.locator("[data-lat]"), page.locator(".s-map__cross")
    expect(cross).to_be_hidden()
    page.locator("[data-map-zoom=in]").focus()
    page.keyboard.press("Shift+Tab")
    expect(view).to_be_focused()
    expect(cross).to_be_visible()
    keep(page, "map_keys")
    assert_accessible(page)

    page.keyboard.press("Enter")
    expect(lat).not_to_have_value("")
    before = float(lat.input_value())
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(lat).not_to_have_value(f"{before:.6f}")

    assert float(lat.input_value()) > before
    tap(view, 0.4, 0.4)
    expect(cross).to_be_hidden()


def test_the_marker_is_dragged(visit: Visit) -> None:
    page = visit(FIELD, width=DESKTOP)
    view, lng = drawn(page), page.locator("[data-lng]")
    tap(view, 0.5, 0.6)
    expect(lng).not_to_have_value("")
    before = float(lng.input_value())
    box = page.locator(".s-map-marker").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=4)
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()

    expect(lng).not_to_have_value(f"{before:.6f}")
    assert float(lng.input_value()) > before


def test_a_place_outside_is_refused_in_words_and_what_was_chosen_stays(visit: Visit) -> None:
    page = visit(FIELD, width=DESKTOP)
    view, lat = drawn(page), page.locator("[data-lat]")
    tap(view, 0.5, 0.5)
    expect(lat).not_to_have_value("")
    before = lat.input_value()

    view.focus()
    for _ in range(30):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page.locator("[data-place-state]")).to_have_text(re.compile("選べる範囲の外"))
    keep(page, "map_outside")
    assert lat.input_value() == before
    assert_accessible(page)


def test_a_map_of_markers_lines_and_areas(visit: Visit, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.journeys.gallery_urls"
    page = visit("/_ui/map/", width=DESKTOP)
    drawn(page)
    keep(page, "map_gallery")
    assert_accessible(page)
    assert_fits(page)

    page.get_by_role("link", name="第一小学校").click()
    assert page.url.endswith("#map")
    reached = walk_by_keyboard(page)
    assert "地図の見本：避難所2か所、バスの道、運行の区域" in reached
    assert "地図を拡大する" in reached


#: The rectangles of the names beside markers that can be read, as left, top, right, bottom.
READ = """() => [...document.querySelectorAll('.s-map-marker__label')]
    .filter((label) => getComputedStyle(label).clipPath === 'none').map((label) => label.getBoundingClientRect())
    .map((box) => [box.left, box.top, box.right, box.bottom])"""


def test_names_of_near_markers_do_not_lie_on_one_another(visit: Visit, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.journeys.gallery_urls"
    page = visit("/_ui/map/", width=DESKTOP)
    drawn(page)
    waits = page.locator(".s-map-marker--quiet")
    expect(waits).to_have_text("4正門")

    boxes = page.evaluate(READ)
    keep(page, "map_names")

    assert len(boxes) == 5
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    page.get_by_role("link", name="正門").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert len(page.evaluate(READ)) == 6, "its name is read while it has the focus"
    page.locator("[data-map-view]").focus()
    for _ in range(3):
        page.keyboard.press("+")
        page.wait_for_timeout(600)
    expect(waits).to_have_count(0)
    keep(page, "map_names_near")


def test_while_a_map_loads_its_buttons_are_not_offered(contexts: Contexts) -> None:
    page = contexts().new_page()
    held: list[Route] = []
    page.route("**/map/base.json*", lambda route: held.append(route))
    page.goto(FIELD)
    bigger = page.get_by_role("button", name="地図を拡大する")

    expect(page.locator("[data-map-state=loading]")).to_be_visible()
    expect(bigger).to_be_hidden()
    keep(page, "map_loading")
    held[0].continue_()
    drawn(page)

    expect(bigger).to_be_visible()


def test_without_webgl_the_page_says_so_and_works_as_before(without_drawing: Devices) -> None:
    page = without_drawing().new_page()
    page.goto(FIELD)

    page.get_by_text("この端末では地図を表示できません。近くの目印を選んでください。").wait_for()
    expect(page.locator("[data-map-view]")).to_be_hidden()
    keep(page, "map_absent")
    assert_accessible(page)
    page.locator("[data-landmark]").select_option("takao")
    page.get_by_role("button", name="次へ").click()
    expect(page.locator("[data-place-state]")).to_have_text("選んだ場所：高尾駅")


def test_without_a_script_no_map_is_promised(visit: Visit) -> None:
    page = visit(FIELD, javascript=False)

    expect(page.locator("[data-map]")).to_be_hidden()
    page.locator("[data-landmark]").select_option("takao")
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_text("選んだ場所：高尾駅")).to_be_visible()


def test_a_place_from_the_tap_to_the_officer(contexts: Contexts, live_server: Any) -> None:
    page = contexts().new_page()
    page.goto("/applications/start/road-damage/")
    page.get_by_role("button", name="入力をはじめる", exact=True).click()
    page.get_by_label("カーブミラー").check()
    _next(page)
    _next(page)
    tap(drawn(page), 0.5, 0.55)
    expect(page.locator("[data-lat]")).not_to_have_value("")
    degrees = f"{page.locator('[data-lat]').input_value()}, {page.locator('[data-lng]').input_value()}"
    said = page.locator("[data-place-state]").inner_text().removeprefix("選んだ場所：")
    _next(page)
    _next(page)
    _next(page)
    drawn(page)
    expect(page.locator("main")).to_contain_text(degrees)
    expect(page.locator("main")).to_contain_text(said)
    expect(page.get_by_role("img", name=f"場所の地図：{said}")).to_be_visible()
    expect(page.locator("[data-map-zoom]")).to_have_count(0)
    keep(page, "map_review")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="通報を送信する").click()
    expect(page.locator(".s-panel__number")).to_be_visible()
    run_all()

    desk = contexts(width=1440)
    cookie = world.browser(world.officer("road-repair")).cookies["souto_session"].value
    desk.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    case = desk.new_page()
    case.goto("/staff/cases/")
    case.locator("tr[data-row] a").first.click()
    drawn(case)
    expect(case.locator(".s-map-marker")).to_be_visible()
    expect(case.locator("#answers")).to_contain_text(degrees)
    expect(case.get_by_role("application", name=f"場所の地図：{said}")).to_be_visible()
    keep(case, "map_case")
    assert_accessible(case)
    assert_fits(case)


def _next(page: Page) -> None:
    page.get_by_role("button", name="次へ", exact=True).click()
