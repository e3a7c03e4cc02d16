"""Every form of the three procedures without JavaScript: conditions, rows that come and go, files, a place, a signature."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import PHONE, Devices
from tests.journeys.city.demo import MARKS
from tests.journeys.city.people import (
    HANAKO,
    ICHIRO,
    MISAKI,
    assert_fits_everywhere,
    choose_card,
    heading,
    keep,
    photo,
    press,
    receipt_number,
    sign_in,
)
from tests.journeys.settling import settle

pytestmark = MARKS


def look(page: Page) -> None:
    """axe needs a script; the rest is looked at."""
    settle(page)
    keep(page)
    assert page.locator("h1").count() == 1, page.url
    assert_fits_everywhere(page)


def go_on(page: Page) -> None:
    look(page)
    press(page, "次へ")


def test_a_residence_record(devices: Devices) -> None:
    page = devices(width=PHONE, javascript=False).new_page()
    page.goto("/procedures/?q=住民票")
    page.get_by_role("link", name="住民票の写しの交付請求").first.click()
    sign_in(page, MISAKI, to="/procedures/juminhyo/")
    press(page, "申請をはじめる")
    look(page)
    if page.get_by_role("button", name="入力をはじめる", exact=True).count():
        press(page, "入力をはじめる")

    if heading(page) == "あなたについて":
        page.get_by_label("フリガナ").fill("よしだ　みさき")
        go_on(page)
    page.get_by_label("世帯の一部の人", exact=True).check()
    go_on(page)
    assert heading(page) == "必要な方の氏名を入力してください"
    page.get_by_role("textbox").fill("𠮷田　美咲\n𠮷田　空")
    go_on(page)
    for show in page.get_by_label("載せる", exact=True).all():
        show.check()
    go_on(page)
    page.get_by_role("textbox").fill("1")
    go_on(page)
    page.get_by_label("そのほか", exact=True).check()
    press(page, "次へ")
    page.get_by_label("そのほかの使いみち").fill("趣味の会への提出")  # asked because of the answer
    go_on(page)
    page.get_by_label("ほかの住所に郵送", exact=True).check()
    go_on(page)
    page.get_by_label("郵便番号").fill("192-0051")
    page.get_by_label("都道府県").fill("東京都")  # looking it up by postal code needs a script
    page.get_by_label("市区町村").fill("八王子市")
    page.get_by_label("町名・番地").fill("元本郷町三丁目24番1号")
    page.get_by_label("住民登録の住所に送れない理由").fill("仕事で住んでいるため")
    go_on(page)
    page.locator("input[type=file]").set_input_files([photo("一.jpg"), photo("二.jpg", colour="#aa8866")])
    go_on(page)
    page.get_by_label(re.compile("^電話番号")).fill("042-626-3111")
    go_on(page)
    go_on(page)
    for shown in ("𠮷田　空", "趣味の会への提出", "一.jpg", "二.jpg", "300円"):
        expect(page.locator("main")).to_contain_text(shown)
    look(page)
    press(page, "申請を送信する")

    receipt_number(page)
    look(page)


def test_a_child_allowance_with_rows_and_a_signature(devices: Devices) -> None:
    page = devices(width=PHONE, javascript=False).new_page()
    sign_in(page, HANAKO)
    page.goto("/applications/start/jido-teate/")
    page.locator("form[method=post] button").last.click()

    page.get_by_label(re.compile("^電話番号")).fill("090-1234-5678")
    go_on(page)
    page.get_by_label("そのほか", exact=True).check()
    press(page, "次へ")
    page.get_by_label("そのほかの理由").fill("里子を迎えた")
    _date(page.locator("main"), "2026", "11", "1")
    go_on(page)
    page.get_by_label(re.compile("^厚生年金")).check()
    go_on(page)
    _children(page)
    for label, text in {
        "金融機関の名前": "見本銀行",
        "支店の名前": "八王子支店",
        "振込先の口座番号": "０１２３４５６",
        "口座の名義": "やまだ はなこ",
    }.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_label("普通", exact=True).check()
    page.locator("input[type=file]").set_input_files(photo("通帳.jpg"))
    go_on(page)
    page.get_by_role("checkbox").check()
    go_on(page)
    for shown in ("ヤマダ サクラ", "ヤマダ ソラ", "ヤマダ ハナコ", "住所.jpg", "通帳.jpg"):
        expect(page.locator("main")).to_contain_text(re.compile(shown.replace(" ", r"\s")))
    look(page)
    press(page, "マイナンバーカードで署名する")
    choose_card(page, HANAKO, password="HANAKO90", button="署名する")
    expect(page.locator("main")).to_contain_text("署名を確認しました")
    look(page)
    press(page, "申請を送信する")

    receipt_number(page)
    look(page)


def _children(page: Page) -> None:
    """Two children, the second somewhere else; a third row that was one too many."""
    rows = page.locator("fieldset.s-repeat")
    _child(page, 0, "さくら", "イッショ")
    press(page, "お子さんを追加する")
    press(page, "お子さんを追加する")
    expect(rows).to_have_count(3)
    expect(rows.nth(0).get_by_label(re.compile("フリガナ"))).to_have_value(re.compile("さくら|サクラ"))
    press(page, "お子さん 2を消す")
    expect(rows).to_have_count(2)
    look(page)
    _child(page, 1, "そら", "ベッキョ")
    press(page, "次へ")
    apart = rows.nth(1)
    apart.get_by_label("郵便番号").fill("060-0001")
    apart.get_by_label("都道府県").fill("北海道")
    apart.get_by_label("市区町村").fill("札幌市中央区")
    apart.get_by_label("町名・番地").fill("北一条西二丁目")
    apart.get_by_label("別に住んでいる理由").fill("学校の寮に入っているため")
    apart.locator("input[type=file]").set_input_files(photo("住所.jpg"))
    look(page)
    press(page, "次へ")
    assert heading(page) == "振込先", page.locator(".s-error-summary").inner_text()


def _child(page: Page, row: int, name: str, home: str) -> None:
    child = page.locator("fieldset.s-repeat").nth(row)
    child.locator('input[name$="/child_name.family"]').fill("山田")
    child.locator('input[name$="/child_name.given"]').fill(name)
    child.get_by_label(re.compile("フリガナ")).fill(f"やまだ　{name}")
    _date(child, "2020", "4", "5")
    child.get_by_label("子", exact=True).check()
    child.locator(f'input[name$="/lives_together"][value="{"yes" if home == "イッショ" else "no"}"]').check()


def _date(within: object, year: str, month: str, day: str) -> None:
    for part, text in (("year", year), ("month", month), ("day", day)):
        within.locator(f'input[name$=".{part}"]').fill(text)


def test_a_damaged_road_with_a_landmark_and_a_photo(devices: Devices) -> None:
    page = devices(width=PHONE, javascript=False).new_page()
    page.goto("/procedures/road-damage/")
    look(page)
    press(page, "通報をはじめる")
    if page.get_by_role("button", name="入力をはじめる", exact=True).count():
        look(page)
        press(page, "入力をはじめる")

    press(page, "次へ")
    expect(page.locator(".s-error-summary")).to_be_visible()
    look(page)
    page.get_by_label("街路灯", exact=True).check()
    go_on(page)
    page.get_by_role("textbox").fill("夜に点いたり消えたりします。")
    go_on(page)
    page.get_by_label("近くの目印").select_option(label="北野駅")
    page.get_by_label(re.compile("^くわしい場所")).fill("南口の横断歩道の横")
    go_on(page)
    page.locator("input[type=file]").set_input_files(photo("街路灯.jpg"))
    go_on(page)
    go_on(page)
    for shown in ("街路灯", "北野駅", "南口の横断歩道の横", "街路灯.jpg"):
        expect(page.locator("main")).to_contain_text(shown)
    look(page)
    press(page, "通報を送信する")

    number = receipt_number(page)
    look(page)
    page.reload()
    assert receipt_number(page) == number


def test_the_form_of_another_resident_is_not_found(devices: Devices) -> None:
    owner = devices(javascript=False).new_page()
    sign_in(owner, MISAKI)
    owner.goto("/applications/start/jido-teate/")
    owner.locator("form[method=post] button").last.click()
    address = owner.url
    other = devices(javascript=False).new_page()
    sign_in(other, ICHIRO)

    answer = other.goto(address)

    assert answer is not None
    assert answer.status == 404
    look(other)
