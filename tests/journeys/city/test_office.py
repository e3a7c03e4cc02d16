"""The office: a passkey, the queue, a correction and back, an opinion, a decision by two persons, and the plan's number."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESKTOP, PHONE, Devices
from tests.journeys.city.demo import MARKS
from tests.journeys.city.office import (
    ADMINISTRATOR,
    CHIEF,
    COLLEAGUE,
    OFFICER,
    add_authenticator,
    approve,
    at_work,
    open_case,
    propose,
    take,
)
from tests.journeys.city.people import MISAKI, file_residence_record, look, press, sign_in

pytestmark = MARKS


def test_a_case_from_the_queue_to_the_plan(devices: Devices) -> None:
    resident = devices(width=PHONE, expected_statuses={422}).new_page()
    sign_in(resident, MISAKI)
    application = file_residence_record(resident)
    number = resident.locator(".s-panel__number").inner_text().strip()
    officer = _officer_with_a_passkey(devices)

    officer.goto("/staff/cases/")
    look(officer)
    open_case(officer, number)
    look(officer)
    take(officer)
    _ask_for_a_correction(officer)
    _correct(resident, application)
    open_case(officer, number)
    expect(officer.locator("main")).to_contain_text("修正で変わった項目：2")  # the copies, and the fee that follows
    expect(officer.locator(".s-summary__row--changed").first).to_contain_text("通数")
    look(officer)
    _ask_a_colleague(officer, devices, number)
    open_case(officer, number)
    expect(officer.locator("main")).to_contain_text("支障なし")
    propose(officer, "交付")
    look(officer)
    assert officer.get_by_role("link", name="決裁する", exact=True).count() == 0
    chief = at_work(devices, CHIEF)
    approve(chief, number)
    look(chief)

    resident.goto(f"/applications/{application}/")
    expect(resident.locator("main")).to_contain_text("交付")
    expect(resident.get_by_role("link", name="手数料を支払う")).to_be_visible()
    look(resident)
    chief.goto("/plan/indicators/corrected-share/")
    expect(chief.locator("main")).to_contain_text(number)
    look(chief)


def _officer_with_a_passkey(devices: Devices) -> Page:
    """The administrator makes a link; the officer registers with it, and comes in again with the passkey alone."""
    administrator = at_work(devices, ADMINISTRATOR)
    administrator.goto("/staff/people")
    look(administrator)
    administrator.get_by_role("link", name=OFFICER).click()
    press(administrator, "パスキー登録用のリンクを作る")
    link = administrator.locator("[data-invitation]").inner_text().strip()
    look(administrator)

    page = devices(width=DESKTOP).new_page()
    add_authenticator(page)
    page.goto(link)
    look(page)
    page.get_by_label("パスキーの名前").fill("市民課のパソコン")
    press(page, "パスキーを作る")
    page.wait_for_url("**/staff/")
    look(page)
    page.get_by_role("button", name="サインアウト").first.click()
    page.wait_for_url("**/staff/sign-in")
    page.goto("/staff/cases/")
    assert "/staff/sign-in" in page.url
    look(page)
    press(page, "パスキーでサインインする")
    page.wait_for_url("**/staff/cases/")
    return page


def _ask_for_a_correction(page: Page) -> None:
    page.get_by_role("link", name="修正を依頼する", exact=True).click()
    look(page)
    page.locator('input[name="path"][value="copies"]').check()
    page.locator('textarea[name="reason:copies"]').fill("窓口で1通と聞いています。通数を確認してください。")
    press(page, "修正を依頼する")
    expect(page.get_by_role("region", name="修正の依頼中")).to_contain_text("通数を確認してください")
    look(page)


def _correct(page: Page, application: str) -> None:
    page.goto("/applications/?show=todo")
    look(page)
    page.goto(f"/applications/{application}/")
    page.get_by_role("link", name="修正する", exact=True).click()
    expect(page.locator("main")).to_contain_text("窓口で1通と聞いています")
    assert page.locator("main form input[type=text], main form input[inputmode=numeric]").count() == 1
    look(page)
    page.get_by_label(re.compile("通必要ですか|通数")).fill("1")
    press(page, "内容を確認する")
    look(page)
    press(page, "修正を送信する")
    expect(page.locator("main")).to_contain_text(re.compile("修正"))
    look(page)


def _ask_a_colleague(page: Page, devices: Devices, number: str) -> None:
    page.get_by_role("link", name="意見を求める", exact=True).click()
    look(page)
    page.get_by_label(re.compile("^相手")).select_option(label="鈴木　恵")
    page.get_by_label(re.compile("^聞きたいこと")).fill("通数の確認はこれで足りますか。")
    press(page, "意見を求める")
    expect(page.locator("main")).to_contain_text("回答待ち")
    colleague = at_work(devices, COLLEAGUE)
    colleague.goto("/staff/cases/opinions/")
    look(colleague)
    colleague.get_by_role("link", name=number).click()
    look(colleague)
    colleague.get_by_label("支障なし", exact=True).check()
    press(colleague, "意見を送る")
