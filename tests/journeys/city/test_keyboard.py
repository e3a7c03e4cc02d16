"""A road damage report by keyboard alone: the focus is always seen, never covered, and goes where the person looks next."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESKTOP, FOCUSED, Devices
from tests.journeys.city.demo import MARKS
from tests.journeys.city.people import heading, keep, look, receipt_number

pytestmark = MARKS


def tab_to(page: Page, words: str, *, limit: int = 60) -> None:
    """Press Tab until the focus is on `words` (a label, a link, a button); all on the way is seen, with a ring."""
    passed = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused is not None, f"the focus left the page before {words}; passed {passed}"
        assert focused["ring"], f"no ring on {focused['what']}"
        assert focused["seen"], f"{focused['what']} is covered by {focused['by']}"
        name = f"{focused['text']} {focused['label']}"
        if words in name:
            return
        passed.append(name.strip())
    raise AssertionError(f"Tab does not reach {words}; passed {passed}")


def press_key(page: Page, key: str, *, leaves: bool = False) -> None:
    """Press a key; `leaves`: another page comes."""
    if not leaves:
        page.keyboard.press(key)
        return
    with page.expect_navigation():
        page.keyboard.press(key)


def test_from_the_portal_to_the_receipt(devices: Devices) -> None:
    page = devices(width=DESKTOP, expected_statuses={422}).new_page()
    page.goto("/")
    tab_to(page, "本文へ移る")
    press_key(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, "手続きの名前やことば")
    page.keyboard.type("道路の穴")
    press_key(page, "Enter", leaves=True)
    tab_to(page, "道路の損傷の通報")
    press_key(page, "Enter", leaves=True)
    tab_to(page, "通報をはじめる")
    press_key(page, "Enter", leaves=True)
    if page.get_by_role("button", name="入力をはじめる", exact=True).count():
        tab_to(page, "入力をはじめる")
        press_key(page, "Space", leaves=True)

    # Nothing chosen: the summary takes the focus, and its link leads to the first choice.
    tab_to(page, "次へ")
    press_key(page, "Enter", leaves=True)
    expect(page.locator(".s-error-summary")).to_be_focused()
    look(page)
    tab_to(page, "選んでください")
    press_key(page, "Enter")
    expect(page.get_by_label("道路の穴・へこみ", exact=True)).to_be_focused()
    press_key(page, "Space")
    press_key(page, "ArrowDown")
    expect(page.get_by_label("ひび割れ・段差", exact=True)).to_be_checked()
    tab_to(page, "次へ")
    press_key(page, "Enter", leaves=True)

    tab_to(page, "どのような状態ですか")
    page.keyboard.type("段差が 5 cm ほどあります。")
    tab_to(page, "次へ")
    press_key(page, "Enter", leaves=True)

    tab_to(page, "近くの目印")
    page.keyboard.type("北野")
    press_key(page, "ArrowDown") if page.get_by_label("近くの目印").input_value() == "" else None
    assert page.get_by_label("近くの目印").input_value() != ""
    tab_to(page, "くわしい場所")
    page.keyboard.type("南口を出た歩道")
    tab_to(page, "次へ")
    press_key(page, "Enter", leaves=True)

    keep(page)
    tab_to(page, "写真")
    tab_to(page, "次へ")
    press_key(page, "Enter", leaves=True)
    tab_to(page, "メールアドレス")
    page.keyboard.type("aruku@example.jp")
    press_key(page, "Enter", leaves=True)  # Enter in a field goes on, it does not remove or pause anything
    assert heading(page) == "内容を確認して送信してください"

    # Back for one answer, and straight to the review again.
    tab_to(page, "変更")
    press_key(page, "Enter", leaves=True)
    tab_to(page, "保存して確認画面に戻る")
    press_key(page, "Enter", leaves=True)
    tab_to(page, "通報を送信する")
    press_key(page, "Enter", leaves=True)

    receipt_number(page)
    look(page)
    tab_to(page, "番号をコピー")
    tab_to(page, "いまの状況を見る")
    press_key(page, "Enter", leaves=True)
    expect(page.locator("main")).to_contain_text(re.compile("受け付けました|受付済"))
    look(page)
