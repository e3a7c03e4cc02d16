"""The counter in a real browser: an application taken in for somebody without an account, and her correction typed by the officer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from souto.kernel.actor import Actor
from souto.services.applications.models import Application
from tests.jobs import run_all
from tests.journeys.browser import PHONE, assert_accessible, assert_fits
from tests.services.applications import world
from tests.services.casework.world import case_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Contexts = Callable[..., BrowserContext]


def _desk(contexts: Contexts, actor: Actor, live_server: Any, **options: Any) -> Page:
    context = contexts(**{"width": PHONE, **options})
    cookie = world.browser(actor).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def test_taken_in_at_the_counter_and_corrected_by_telephone(contexts: Contexts, live_server: Any) -> None:
    world.publish()
    officer = world.staff()
    page = _desk(contexts, officer, live_server, expected_statuses={422})
    page.goto("/staff/counter/")
    _look(page)
    page.get_by_role("link", name="手当の請求").click()
    _look(page)
    page.get_by_role("button", name="入力をはじめる").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("あなたについて")
    _look(page)

    draft = page.url.split("/counter/")[1].split("/")[0]
    world.fill(officer, draft, {**world.FORM, "you": {"name.full": ["佐藤　きく"], "email": [""]}})  # type: ignore[arg-type]
    page.goto(f"/staff/counter/{draft}/review/")
    _look(page)
    page.get_by_role("button", name="窓口で受け付ける").click()
    _look(page)
    page.get_by_label("顔写真のある書類を1点見た").check()
    page.get_by_role("button", name="窓口で受け付ける").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("窓口で受け付けました")
    _look(page)

    application = Application.objects.get()
    run_all()
    world.asked(officer, application)
    page.goto(f"/staff/cases/{case_of(application.id).id}/")
    expect(page.get_by_text("この人には画面やメールのお知らせが届きません。")).to_be_visible()
    page.get_by_role("link", name="聞いた修正を入力する").click()
    _look(page)
    page.get_by_label("口座番号").fill("7654321")
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.get_by_text("7654321").first).to_be_visible()
    page.get_by_label("電話で聞いた").check()
    page.get_by_label("顔写真のある書類を1点見た").check()
    page.get_by_role("button", name="修正を受け付ける").click()
    expect(page.get_by_text("電話では書類を見られません").first).to_be_visible()
    _look(page)
    page.get_by_label("書類がなく、質問をして確かめた").check()
    page.get_by_role("button", name="修正を受け付ける").click()

    expect(page.get_by_text("修正を受け付けました。審査を続けます")).to_be_visible()
    _look(page)
    assert application.submissions.count() == 2
