"""日本語, やさしい日本語 and English on the resident's pages: marked as such, complete, and the reader keeps the place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import PHONE, Devices
from tests.journeys.city.demo import MARKS
from tests.journeys.city.people import HANAKO, choose_card, heading, keep, look, record_of

pytestmark = MARKS

PUBLIC = (
    *("/", "/procedures/", "/procedures/?q=zzz", "/procedures/juminhyo/", "/procedures/jido-teate/"),
    *("/procedures/road-damage/", "/procedures/juminhyo/check/", "/procedures/juminhyo/check/?registered=never"),
    *("/sign-in", "/accessibility/", "/privacy/", "/language/", "/plan/", "/plan/indicators/online-share/"),
    "/no-such-page/",
)
#: Words in Japanese letters that stay as they are: the way to the other languages.
MARKED = "[lang=ja], [lang^='ja-']"
HIRAGANA = re.compile(r"[^\n]{0,30}[\u3041-\u3096][^\n]{0,30}")

_TEXT = """(marked) => {
    // What a person reads, hears or is told by a field, without names, typed answers and what is marked as Japanese.
    const copy = document.body.cloneNode(true);
    copy.querySelectorAll(marked + ', script, style, textarea, option, .s-name').forEach((e) => e.remove());
    const said = ['aria-label', 'alt', 'title', 'placeholder'].flatMap((name) =>
        [...copy.querySelectorAll(`[${name}]`)].map((e) => e.getAttribute(name)));
    const shown = [];
    const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) shown.push(walk.currentNode.textContent);
    return [document.title, ...said, ...shown].join('\\n');
}"""


def japanese_left(page: Page) -> list[str]:
    """Pieces with hiragana on a page that should be in English: what a catalogue forgot."""
    page.wait_for_load_state()
    return sorted({piece.strip() for piece in HIRAGANA.findall(page.evaluate(_TEXT, MARKED))})


def test_english_pages_hold_no_japanese_sentence(devices: Devices) -> None:
    page = devices(width=PHONE, locale="en-US").new_page()
    left: list[str] = []
    page.goto("/?lang=en")

    for path in PUBLIC:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en", path
        keep(page)
        left += [f"{path}: {piece}" for piece in japanese_left(page)]
    look(page)

    assert left == [], "\n".join(left)


def test_an_english_reader_files_a_report(devices: Devices) -> None:
    page = devices(width=PHONE, locale="en-US", expected_statuses={422}).new_page()
    page.goto("/procedures/road-damage/?lang=en")
    page.get_by_role("button", name=re.compile("^Start")).click()
    seen: list[str] = []

    def read() -> None:
        seen.extend(f"{page.url}: {piece}" for piece in japanese_left(page))

    next_ = page.get_by_role("button", name="Next", exact=True)
    read()
    next_.click()
    expect(page.locator(".s-error-summary")).to_be_visible()
    look(page)
    read()
    page.get_by_label("Street light", exact=True).check()
    next_.click()
    read()
    next_.click()
    page.locator("select").first.select_option(label="Kitano Station")
    look(page)
    read()
    next_.click()
    read()
    next_.click()
    read()
    next_.click()
    look(page)
    read()
    page.locator("main form button").first.click()
    expect(page.locator(".s-panel__number")).to_be_visible()
    look(page)
    read()
    page.goto(f"/applications/{record_of(page)}/")
    look(page)
    read()

    assert seen == [], "\n".join(seen)


@pytest.mark.parametrize(("language", "html"), [("ja", "ja"), ("ja-easy", "ja"), ("en", "en")])
def test_signing_in_and_a_form_in_each_language(devices: Devices, language: str, html: str) -> None:
    page = devices(width=PHONE).new_page()
    page.goto(f"/sign-in?next=/applications/start/jido-teate/&lang={language}")
    assert page.locator("html").get_attribute("lang") == html
    page.locator("main form button").click()
    choose_card(page, HANAKO)
    page.wait_for_url("**/applications/start/jido-teate/")
    assert page.locator("html").get_attribute("lang") == html
    page.locator("form[method=post] button").last.click()
    draft = record_of(page)

    for key in ("reason", "children", "account", "consent"):
        page.goto(f"/applications/{draft}/pages/{key}/")
        assert page.locator("html").get_attribute("lang") == html
        look(page)
        if language == "en":
            assert japanese_left(page) == [], key
    for path in (f"/applications/{draft}/review/", "/applications/", "/inbox/", "/me"):
        page.goto(path)
        look(page)
        if language == "en":
            assert japanese_left(page) == [], path


def test_changing_the_language_keeps_the_place_and_what_was_answered(devices: Devices) -> None:
    page = devices(width=PHONE).new_page()
    page.goto("/procedures/juminhyo/check/?registered=now&asked=registered")
    question = page.url.split("?")[0]

    for name, words in (("English", "record"), ("やさしい日本語", "だれの"), ("日本語", "どなたの")):
        page.get_by_text(re.compile("^(メニュー|Menu)$")).first.click()
        page.locator(".s-menu__sheet").get_by_role("link", name=name, exact=True).click()
        assert page.url.split("?")[0] == question
        assert words in heading(page), heading(page)
