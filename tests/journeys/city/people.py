"""What people do in these journeys, and how each page they come to is looked at."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.browser import DESKTOP, SMALL_PHONE, assert_accessible, sticks_out
from tests.journeys.settling import settle

HANAKO, MISAKI, ICHIRO = "山田　花子", "吉田　美咲", "鈴木　一郎"
RECEIPT_NUMBER = re.compile(r"[A-Z]\d{2}-\d{6}-\d")

_pictures = 0


def look(page: Page) -> None:
    """Look at the page as it stands: axe, one h1, a title, and nothing beyond the edge however it is read."""
    settle(page)
    keep(page)
    assert page.locator("h1").count() == 1, f"{page.url}: {page.locator('h1').all_inner_texts()}"
    assert page.title().strip(), page.url
    assert_accessible(page)
    assert_fits_everywhere(page)


def assert_fits_everywhere(page: Page) -> None:
    """No sideways scroll: on a phone of 320 px, there with the text size 特大 as well, and on a desk at 200 % zoom."""
    before = page.locator("html").get_attribute("class") or ""
    size = re.compile(r"s-text-\w+")
    views = ((SMALL_PHONE, before), (SMALL_PHONE, f"{size.sub('', before)} s-text-largest"), (DESKTOP // 2, before))
    for width, classes in views:
        page.evaluate("(classes) => { document.documentElement.className = classes }", classes)
        found = sticks_out(page, width)
        assert found == [], f"{page.url} at {width} px ({classes}):\n" + "\n".join(found)
    page.evaluate("(classes) => { document.documentElement.className = classes }", before)


def keep(page: Page) -> None:
    """Keep a picture for a person to look at, where somebody asked for pictures (`SOUTO_PICTURES=FOLDER`)."""
    global _pictures  # noqa: PLW0603 - a number for each picture, in the order of the walk
    folder = os.environ.get("SOUTO_PICTURES")
    if folder:
        _pictures += 1
        Path(folder).mkdir(parents=True, exist_ok=True)
        path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "_", page.url.split("/", 3)[3]).replace("/", "_")
        width = (page.viewport_size or {"width": 0})["width"]
        name = re.sub(r"[^\w.-]", "_", path)[:60]
        page.screenshot(path=f"{folder}/{_pictures:03d}_{name}_{width}.png", full_page=True)


def press(page: Page, name: str) -> None:
    """Press the button with exactly these words."""
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page) -> str:
    """The words of the h1, without the places where it may break."""
    settle(page)
    return page.locator("h1").inner_text().replace("\n", "").replace("\u200b", "")


def sign_in(page: Page, resident: str, *, to: str = "/applications/") -> None:
    """Sign in with the card of a test resident at the demo provider."""
    page.goto(f"/sign-in?next={to}")
    press(page, "カードでサインインする")
    choose_card(page, resident)
    page.wait_for_url(f"**{to}")


def choose_card(page: Page, resident: str, *, password: str = "", button: str = "同意してつぎへ") -> None:
    """At the provider: take the card of a resident, and say yes."""
    page.get_by_label(resident, exact=True).check()
    if password:
        page.get_by_label("署名用パスワード").fill(password)
    press(page, button)


def sign_in_as_staff(page: Page, number: str) -> None:
    """The demo's shortcut for staff; the passkey has a journey of its own."""
    page.goto("/demo/")
    page.locator(f'form[action$="/{number}"] button').click()
    page.wait_for_url("**/staff/")


def photo(name: str = "写真.jpg", *, colour: str = "#88aacc") -> FilePayload:
    """A picture as a telephone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def receipt_number(page: Page) -> str:
    """The number on the receipt."""
    expect(page.locator(".s-panel__number")).to_have_text(RECEIPT_NUMBER)
    return page.locator(".s-panel__number").inner_text().strip()


def record_of(page: Page) -> str:
    """The id of the draft or application in the page's address."""
    settle(page)
    return page.url.split("/applications/")[1].split("/")[0]


def file_residence_record(page: Page) -> str:
    """A signed-in resident asks for a copy of her residence record, the shortest way; returns the application's id."""
    page.goto("/applications/start/juminhyo/")
    page.locator("form[method=post] button").last.click()
    draft = record_of(page)
    for key, choices, texts in (
        ("whose", ["自分だけ"], {}),
        ("items", [], {}),
        ("copies", [], {"通": "2"}),
        ("purpose", ["勤め先への提出"], {}),
        ("delivery", ["市民課の窓口"], {}),
        ("contact", [], {"電話": "042-626-3111"}),
    ):
        page.goto(f"/applications/{draft}/pages/{key}/")
        for choice in choices:
            page.get_by_label(choice, exact=True).check()
        if key == "items":
            for no in page.get_by_label("載せない", exact=True).all():
                no.check()
        for label, text in texts.items():
            page.get_by_label(re.compile(label)).first.fill(text)
        press(page, "次へ")
    press(page, "次へ")  # the fee
    press(page, "申請を送信する")
    receipt_number(page)
    return record_of(page)
