from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.browser import DESKTOP, PHONE, Visit, assert_accessible, axe_problems, sticks_out, walk_by_keyboard

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gallery")]

PAGES = ["/_ui/", "/_ui/question/", "/_ui/staff/", "/accessibility/", "/privacy/", "/language/", "/no-such-page/"]


@pytest.fixture
def gallery(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.journeys.gallery_urls"


def look_at(page: Page) -> list[str]:
    headings = page.locator("h1").count()
    found = [*axe_problems(page), *sticks_out(page, 320), *([f"{headings} h1"] if headings != 1 else [])]
    return [f"{page.url}: {problem}" for problem in found]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_are_accessible_and_fit(contexts: Callable[..., BrowserContext], width: int) -> None:
    page = contexts(width=width).new_page()
    problems: list[str] = []

    for path in PAGES:
        page.goto(path)
        problems += look_at(page)

    assert problems == [], "\n".join(problems)


def test_the_frame_holds_in_every_language_with_readings_and_with_the_largest_text(
    contexts: Callable[..., BrowserContext],
) -> None:
    page = contexts().new_page()
    problems: list[str] = []

    for language, lang in (("en", "en"), ("ja-easy", "ja")):
        page.goto(f"/privacy/?lang={language}")
        problems += look_at(page)
        assert page.locator("html").get_attribute("lang") == lang
    page.goto("/furigana/?to=on&next=/_ui/")
    problems += look_at(page)
    assert page.locator("ruby").count() > 100
    page.goto("/text-size/?to=largest&next=/_ui/question/")
    problems += look_at(page)
    assert page.url.endswith("/_ui/question/")
    assert set((page.locator("html").get_attribute("class") or "").split()) >= {
        "s-text-largest",
        "s-furigana",
        "s-easy",
    }

    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("path", ["/_ui/", "/_ui/question/", "/_ui/staff/"])
def test_everything_is_reached_by_keyboard_with_a_visible_ring(visit: Visit, path: str) -> None:
    page = visit(path, width=DESKTOP)

    reached = walk_by_keyboard(page)

    assert reached[0] == "本文へ移る"


def test_without_javascript_the_menu_opens_and_the_form_comes_back_with_its_error(visit: Visit) -> None:
    page = visit("/_ui/question/", javascript=False)

    page.locator(".s-menu > summary").click()
    expect(page.get_by_role("link", name="English")).to_be_visible()
    page.locator(".s-menu > summary").click()
    page.get_by_role("button", name="次へ").click()

    expect(page.get_by_role("heading", name=re.compile("入力内容を確認してください"))).to_be_visible()
    expect(page).to_have_title(re.compile("^エラー："))


def test_the_error_summary_takes_the_focus_and_leads_to_the_control(visit: Visit) -> None:
    page = visit("/_ui/question/")

    page.get_by_role("button", name="次へ").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    page.get_by_role("link", name="生年月日の「日」を入力してください").click()

    expect(page.locator("[name='birth_date.day']")).to_be_focused()


def test_two_taps_send_one_request(contexts: Callable[..., BrowserContext]) -> None:
    context = contexts()
    page = context.new_page()
    page.goto("/_ui/question/")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    page.evaluate("() => { const b = document.querySelector('form .s-button'); b.click(); b.click(); }")
    expect(page.locator("[data-error-summary]")).to_be_visible()

    assert len(posts) == 1


def test_lists_are_walked_with_j_and_k(visit: Visit) -> None:
    page = visit("/_ui/staff/", width=DESKTOP)
    rows = page.locator("[data-row] a")

    rows.nth(0).focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")

    assert page.url.endswith("#H26-004821-1")


def test_files_are_sent_one_by_one_and_a_refused_one_says_why(visit: Visit) -> None:
    page = visit("/_ui/", expected_statuses={422})
    area = page.locator("[data-upload]")
    before = area.locator("li").count()

    area.locator("input[type=file]").set_input_files({"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""})
    expect(area.get_by_text("このファイルは中身がありません")).to_be_visible()
    assert area.locator("li").count() == before + 1
    area.locator("input[type=file]").set_input_files(
        {"name": "通帳.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 2048}
    )

    # This input takes one file: the new one stands alone, and the form itself sends none.
    expect(area.locator("li")).to_have_count(1)
    expect(area.get_by_text("通帳.jpg").first).to_be_visible()
    assert area.locator("input[type=file]").input_value() == ""
    assert_accessible(page, within="[data-upload]")


def test_what_is_typed_is_saved_when_typing_pauses_and_a_failure_is_told(visit: Visit) -> None:
    page = visit("/_ui/", expected_statuses={503})
    state = page.locator("[data-autosave-state]")

    page.get_by_label("郵便番号").fill("192")
    expect(state).to_have_text(re.compile(r"^自動保存 \d\d:\d\d$"))
    page.locator("#sample-name").fill("失敗")

    expect(state).to_have_text(re.compile("入力した内容は画面に残っています"))


def test_a_counter_counts_characters_as_readers_do(visit: Visit) -> None:
    page = visit("/_ui/")

    page.locator("#sample-text").fill("𠮷野家")
    expect(page.locator(".s-count")).to_have_text("あと497文字")
    page.locator("#sample-text").fill("あ" * 501)

    expect(page.locator(".s-count")).to_have_text("1文字多いです")


def test_a_dialog_takes_the_focus_and_gives_it_back(visit: Visit) -> None:
    page = visit("/_ui/")
    opener = page.locator("[data-dialog=withdraw]")

    opener.click()
    expect(page.get_by_role("heading", name="申請を取り下げますか")).to_be_focused()
    assert_accessible(page, within="#withdraw")
    page.keyboard.press("Escape")

    expect(opener).to_be_focused()


def test_arrow_keys_move_between_the_parts_of_a_date(visit: Visit) -> None:
    page = visit("/_ui/question/")

    page.locator("[name='birth_date.year']").fill("2015")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name='birth_date.month']")).to_be_focused()
    page.keyboard.press("ArrowLeft")

    expect(page.locator("[name='birth_date.year']")).to_be_focused()


def test_no_page_keeps_its_content_in_the_browsers_storage(visit: Visit) -> None:
    page = visit("/_ui/")

    assert page.evaluate("localStorage.length") == 0
    # The path of this tab's page, which its address bar shows as well.
    assert page.evaluate("Object.keys(sessionStorage)") == ["htmx-current-path-for-history"]
