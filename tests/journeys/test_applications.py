"""The applicant's way on a phone: from the first question to the receipt, a correction, the two questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from souto.kernel.actor import Actor
from souto.services.applications import actions
from souto.services.applications.models import Application, Draft
from tests.journeys.browser import PHONE, assert_accessible, assert_fits, walk_by_keyboard
from tests.services.applications import world

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Contexts = Callable[..., BrowserContext]


@pytest.fixture
def her() -> Actor:
    world.publish()
    return world.resident(world.person(name="寿限無寿限無五劫の擦り切れ海砂利水魚　水行末雲来末風来末食う寝る処に住む"))


def _signed_in(contexts: Contexts, actor: Actor, live_server: Any, **options: Any) -> Page:
    context = contexts(width=PHONE, **options)
    cookie = world.browser(actor).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_first_question_to_the_receipt(
    contexts: Contexts, her: Actor, live_server: Any, tmp_path: Path, javascript: bool
) -> None:
    photo = tmp_path / "shorui.jpg"
    photo.write_bytes(world.photo().read())
    page = _signed_in(contexts, her, live_server, javascript=javascript, expected_statuses={422})

    def look() -> None:
        if javascript:
            _look(page)

    page.goto("/applications/start/allowance/")
    look()
    _press(page, "入力をはじめる")
    look()
    _press(page, "次へ")
    _press(page, "次へ")
    expect(page.locator(".s-error-summary")).to_contain_text("受け取り方を選んでください")
    look()
    page.get_by_label("口座振込").check()
    _press(page, "次へ")
    page.get_by_label("口座番号").fill("1234567")
    _press(page, "次へ")
    page.get_by_label("お名前").fill("山田空")
    page.get_by_label("はい").check()
    if not javascript:
        _press(page, "次へ")
    page.get_by_label("別居の書類").set_input_files(photo)
    if javascript:
        expect(page.locator(".s-upload__file a")).to_have_text("shorui.jpg")
    look()
    _press(page, "次へ")
    page.get_by_label("伝えたいこと").fill("よろしくお願いします")
    _press(page, "次へ")
    expect(page.get_by_role("heading", level=1)).to_have_text("内容を確認して送信してください")
    look()
    _press(page, "申請を送信する")

    application = Application.objects.get()
    expect(page.locator(".s-panel__number")).to_have_text(application.number)
    look()


def test_what_is_typed_is_there_on_another_device(contexts: Contexts, her: Actor, live_server: Any) -> None:
    draft = world.started(her)
    phone, desk = (_signed_in(contexts, her, live_server) for _ in range(2))

    phone.goto(f"/applications/{draft.id}/pages/last/")
    phone.get_by_label("伝えたいこと").fill("電話は夕方にお願いします")
    expect(phone.locator("[data-autosave-state]")).to_contain_text("自動保存")
    desk.goto(f"/applications/{draft.id}/pages/last/")

    expect(desk.get_by_label("伝えたいこと")).to_have_value("電話は夕方にお願いします")


def test_two_taps_on_the_phone_send_once(contexts: Contexts, her: Actor, live_server: Any) -> None:
    draft = world.filled(her)
    page = _signed_in(contexts, her, live_server)

    page.goto(f"/applications/{draft.id}/review/")
    page.get_by_role("button", name="申請を送信する").dblclick()
    page.wait_for_url("**/receipt/")

    assert Application.objects.count() == 1
    assert not Draft.objects.exists()


def test_correction_timeline_withdrawal_and_questions(contexts: Contexts, her: Actor, live_server: Any) -> None:
    officer = world.staff()
    application = world.in_review(her, officer)
    world.asked(officer, application, "account", f"children/{world.ROW}/child")
    running = world.submitted(her)
    page = _signed_in(contexts, her, live_server)

    page.goto("/applications/")
    _look(page)
    page.get_by_role("link", name="手当の請求").first.click()
    _look(page)
    page.get_by_role("link", name="修正する").click()
    _look(page)
    page.get_by_label("口座番号").fill("7654321")
    _press(page, "内容を確認する")
    _look(page)
    _press(page, "修正を送信する")
    expect(page.get_by_role("alert")).to_contain_text("修正を受け付けました")
    page.goto(f"/applications/{running.id}/withdraw/")
    _look(page)
    actions.decide(actor=world.chief(), application_id=application.id, outcome="granted")
    page.goto(f"/applications/{application.id}/feedback/")
    _look(page)
    page.get_by_label("とても簡単だった").check()
    page.get_by_label("とても満足").check()
    _press(page, "回答を送る")

    expect(page.get_by_role("alert")).to_contain_text("ありがとうございました")
    _look(page)


def test_a_page_of_the_form_by_keyboard_only(contexts: Contexts, her: Actor, live_server: Any) -> None:
    draft = world.filled(her)
    page = _signed_in(contexts, her, live_server)

    page.goto(f"/applications/{draft.id}/pages/family/")
    texts = walk_by_keyboard(page)
    page.get_by_label("お名前").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/last/")

    assert "次へ" in texts
    assert [row["id"] for row in Draft.objects.get().answers["children"]] == [world.ROW]
