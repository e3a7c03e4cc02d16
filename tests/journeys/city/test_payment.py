"""The fee: a slip as PDF, the cashless provider (refused, then paid), the core system's answer, and the two questions."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.browser import PHONE, Devices
from tests.journeys.city.demo import MARKS
from tests.journeys.city.office import CHIEF, OFFICER, approve, at_work, open_case, propose, take
from tests.journeys.city.people import HANAKO, file_residence_record, heading, look, press, sign_in

pytestmark = MARKS


def test_a_fee_on_a_slip_and_in_the_browser(devices: Devices) -> None:
    resident = devices(width=PHONE, accept_downloads=True).new_page()
    sign_in(resident, HANAKO)
    application = file_residence_record(resident)
    number = resident.locator(".s-panel__number").inner_text().strip()
    officer = at_work(devices, OFFICER)
    open_case(officer, number)
    take(officer)
    propose(officer, "交付")
    approve(at_work(devices, CHIEF), number)

    resident.goto(f"/applications/{application}/")
    resident.get_by_role("link", name="手数料を支払う").click()
    expect(resident.locator("main")).to_contain_text("600円")
    look(resident)
    _open_the_slip(resident)
    _pay(resident)
    expect(resident.locator("main")).to_contain_text("支払い済み")
    look(resident)
    _wait_for(resident, "質問に答える")
    _answer_two_questions(resident)


def _open_the_slip(page: Page) -> None:
    """The button answers with a PDF that a browser opens."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    action = page.locator("form[action$='/slip/']").get_attribute("action") or ""
    answer = page.request.post(action, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    page.reload()
    expect(page.locator("main")).to_contain_text("納付書は見本です")
    look(page)


def _pay(page: Page) -> None:
    charge = page.url
    press(page, "キャッシュレスで支払う")
    expect(page.get_by_role("heading", level=1)).to_have_text("支払いの確認")
    look(page)
    press(page, "支払わずに戻る")
    expect(page.locator("main")).to_contain_text("支払いは行われませんでした")
    look(page)
    page.goto(charge)
    press(page, "キャッシュレスで支払う")
    press(page, "支払う（見本）")
    expect(page.locator("main")).to_contain_text("支払いが終わりました")
    assert "/applications/" in page.url  # she is back where she came from


def _wait_for(page: Page, words: str, *, seconds: float = 90) -> None:
    """Hand-over and answer are background work: look again until the page shows it."""
    until = time.monotonic() + seconds
    while page.get_by_text(words, exact=True).count() == 0:
        assert time.monotonic() < until, f"{page.url} does not come to show {words}"
        page.wait_for_timeout(1000)
        page.reload()


def _answer_two_questions(page: Page) -> None:
    page.get_by_role("link", name="質問に答える").click()
    assert heading(page) == "この手続きはどうでしたか"
    look(page)
    for question in ("ease", "satisfaction"):
        page.locator(f'input[name="{question}"]').first.check()
    press(page, "回答を送る")
    expect(page.locator("main")).to_contain_text(re.compile("ありがとう|答え|回答"))
    look(page)
