"""A residence record on two devices: found on a phone, gone on with at a desk, sent once although she taps twice."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESKTOP, PHONE, Devices
from tests.journeys.city.demo import MARKS, Demo
from tests.journeys.city.people import (
    HANAKO,
    choose_card,
    heading,
    look,
    photo,
    press,
    receipt_number,
    record_of,
    sign_in,
)

pytestmark = MARKS


def test_from_the_portal_to_the_inbox_on_two_devices(devices: Devices, demo: Demo) -> None:
    phone = devices(width=PHONE, expected_statuses={422}).new_page()
    _find(phone)
    _check_eligibility(phone)
    _begin_with_the_card(phone)
    _answer_until_the_photo(phone)
    draft = record_of(phone)
    press(phone, "保存して中断する")
    assert heading(phone) == "入力した内容を保存しました"
    look(phone)
    phone.context.close()

    desk = devices(width=DESKTOP).new_page()
    sign_in(desk, HANAKO)
    look(desk)
    desk.get_by_role("link", name="住民票の写しの交付請求").first.click()
    assert record_of(desk) == draft
    _answer_the_rest(desk)
    _send_with_two_taps(desk)

    number = receipt_number(desk)
    look(desk)
    desk.get_by_role("link", name="いまの状況を見る").click()
    expect(desk.locator("main")).to_contain_text(number)
    look(desk)
    desk.goto("/applications/")
    assert desk.get_by_text(number).count() == 1
    desk.goto("/inbox/")
    desk.get_by_role("link", name=re.compile("受け付けました")).first.click()
    expect(desk.locator("main")).to_contain_text(number)
    look(desk)


def _find(page: Page) -> None:
    page.goto("/")
    look(page)
    page.get_by_role("searchbox").fill("住民票")
    page.get_by_role("searchbox").press("Enter")
    look(page)
    page.get_by_role("link", name="住民票の写しの交付請求").first.click()
    assert heading(page) == "住民票の写しの交付請求"
    look(page)


def _check_eligibility(page: Page) -> None:
    page.get_by_role("link", name="対象か確認する").click()
    look(page)
    page.get_by_label("はい", exact=True).check()
    press(page, "次へ")
    look(page)
    page.get_by_label("自分", exact=True).check()
    press(page, "次へ")
    assert "対象になりそうです" in heading(page)
    look(page)


def _begin_with_the_card(page: Page) -> None:
    """The button of the result leads through the sign-in to the form, and to nowhere else."""
    press(page, "申請をはじめる")
    expect(page.get_by_role("heading", level=1)).to_have_text("マイナンバーカードでサインインする")
    look(page)
    press(page, "カードでサインインする")
    look(page)
    choose_card(page, HANAKO)
    expect(page.locator("main")).to_contain_text("住民票の写しの交付請求")
    look(page)
    press(page, "入力をはじめる")


def _answer_until_the_photo(page: Page) -> None:
    draft = record_of(page)
    page.goto(f"/applications/{draft}/pages/applicant/")
    for known in ("山田", "花子", "元横山町", "1990年"):
        expect(page.locator("main")).to_contain_text(known)
    look(page)
    press(page, "次へ")
    press(page, "次へ")
    expect(page.locator(".s-error-summary")).to_be_focused()
    assert page.title().startswith("エラー：")
    look(page)
    page.get_by_label("自分だけ", exact=True).check()
    press(page, "次へ")
    look(page)
    for leave_out in page.get_by_label("載せない", exact=True).all():
        leave_out.check()
    press(page, "次へ")
    look(page)
    page.get_by_role("textbox").fill("９９")
    press(page, "次へ")
    expect(page.get_by_role("textbox")).to_have_value("９９")
    look(page)
    page.get_by_role("textbox").fill("２")
    press(page, "次へ")
    look(page)
    page.get_by_label("勤め先への提出", exact=True).check()
    press(page, "次へ")
    look(page)
    page.get_by_label("ほかの住所に郵送", exact=True).check()
    press(page, "次へ")
    assert heading(page) == "送り先"
    page.get_by_label("郵便番号").fill("１９２－００５１")
    press(page, "住所をさがす")
    expect(page.get_by_label("町名・番地")).to_have_value(re.compile("元本郷町"))
    page.get_by_label("町名・番地").fill("元本郷町三丁目24番1号")
    page.get_by_label("住民登録の住所に送れない理由").fill("入院している病院で受け取るため")
    look(page)
    press(page, "次へ")
    look(page)
    page.locator("input[type=file]").set_input_files({**photo("領収書.jpg"), "buffer": b"%PDF-1.7 no picture"})
    expect(page.locator(".s-upload__file")).to_contain_text("領収書.jpg")
    look(page)
    page.locator("input[type=file]").set_input_files(photo("領収書.jpg"))
    expect(page.locator(".s-upload__file a")).to_have_text("領収書.jpg")
    look(page)


def _answer_the_rest(page: Page) -> None:
    assert heading(page) in {"送り先が分かる写真", "連絡先"}, page.url
    if heading(page) != "連絡先":
        expect(page.locator(".s-upload__file a")).to_have_text("領収書.jpg")
        press(page, "次へ")
    page.get_by_label(re.compile("^電話番号")).fill("０４２（６２６）３１１１")
    page.get_by_label(re.compile("^メールアドレス")).fill("hanako@example.jp")
    look(page)
    press(page, "次へ")
    expect(page.locator("main")).to_contain_text("600円")
    look(page)
    press(page, "次へ")
    assert heading(page) == "内容を確認して送信してください"
    for shown in ("まだ送信されていません", "領収書.jpg", "元本郷町三丁目24番1号", "600円"):
        expect(page.locator("main")).to_contain_text(shown)
    look(page)


def _send_with_two_taps(page: Page) -> None:
    page.get_by_role("button", name="申請を送信する", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("申請を受け付けました"))
