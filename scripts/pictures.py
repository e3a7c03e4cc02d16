"""Walks a running demo in a real browser and takes the pictures of the README: one of each face.

A picture shows what the walk has just made, so every walk files an application of its own. All people in them are samples (見本).
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
HEAVIEST = 300_000  # bytes
PHONE, DESK, TALL = (375, 760), (1280, 860), (1280, 1950)
#: Who walks: a card of the demo provider with the name on it, and an officer of the section.
RESIDENT, APPLICANT, OFFICER = "hanako", "山田", "D0001"
PROCEDURE, MOST_PAGES = "juminhyo", 20
ANSWERS = {
    "scope": "self",
    "honseki": "no",
    "relationship": "no",
    "copies": "2",
    "purpose": "work",
    "delivery": "registered",
    "phone": "042-000-0000",
}


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", default="http://localhost:8000", help="address of the running demo")
    base = parser.parse_args().base_url
    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if chromium is None:
        print("No Chromium here. On Debian or Ubuntu: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        portal(browser, base)
        application(browser, base)
        case(browser, base)
        scoreboard(browser, base)
        browser.close()
    return 0


def device(browser: Browser, size: tuple[int, int], *, scale: float) -> Page:
    """A person's device: a window of its own, in Japanese."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    return context.new_page()


def keep(page: Page, name: str) -> None:
    """Store what the window shows, in few enough bytes for a README."""
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    for colours in (256, 128, 64):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < HEAVIEST:
            break
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    print(f"docs/images/{name}.png  {out.tell() / 1000:.0f} kB  {page.url}")


def press(page: Page, *names: str) -> None:
    """Press the first of these buttons or links that the page has, and wait for the page that follows."""
    for name in names:
        for role in ("button", "link"):
            found = page.get_by_role(role, name=name)  # type: ignore[arg-type]
            if found.count():
                found.first.click()
                page.wait_for_load_state("networkidle")
                return
    raise LookupError(f"{page.url} has none of {names}")


def portal(browser: Browser, base: str) -> None:
    """The portal on a phone."""
    page = device(browser, PHONE, scale=2)
    page.goto(base)
    keep(page, "portal")


def application(browser: Browser, base: str) -> str:
    """A resident on her phone, signed in with her card: what the city knows is filled in. Sends it, and returns its number."""
    page = device(browser, PHONE, scale=2)
    page.goto(urljoin(base, f"/sign-in?next=/procedures/{PROCEDURE}/"))
    press(page, "カードでサインインする")
    page.locator(f"input[name=resident][value={RESIDENT}]").check()
    page.locator("button[name=answer][value=yes]").click()
    page.wait_for_url(f"**/procedures/{PROCEDURE}/")
    press(page, "申請をはじめる")
    draft = page.url.split("/applications/")[1].split("/")[0]
    page.goto(urljoin(base, f"/applications/{draft}/pages/applicant/"))
    keep(page, "application")
    press(page, "次へ")
    for _ in range(MOST_PAGES):
        for name, value in ANSWERS.items():
            field = page.locator(f"[name='{name}']")
            if field.count():
                chosen = page.locator(f"[name='{name}'][value='{value}']")
                chosen.first.check() if chosen.count() else field.first.fill(value)
        if page.get_by_role("button", name="申請を送信する").count():
            break
        press(page, "次へ")
    press(page, "申請を送信する")
    return page.locator("main").inner_text()


def case(browser: Browser, base: str) -> None:
    """An officer of the section, with the newest case before her."""
    page = device(browser, DESK, scale=1)
    page.goto(urljoin(base, "/demo/"))
    page.locator(f"form[action$='{OFFICER}'] button").click()
    page.wait_for_load_state("networkidle")
    page.goto(urljoin(base, "/staff/cases/"))
    page.locator("main tbody tr", has_text=APPLICANT).first.get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "case")


def scoreboard(browser: Browser, base: str) -> None:
    """The plan's scoreboard, as everybody sees it."""
    page = device(browser, TALL, scale=1)
    page.goto(urljoin(base, "/plan/"))
    keep(page, "scoreboard")


if __name__ == "__main__":
    sys.exit(main())
