"""The desk of retention in a real browser: a list from review to record, a hold, and the page of what is gone; on a phone, a small one and a desk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page, expect

from souto.kernel.actor import Actor
from tests.foundation.retention import world
from tests.jobs import run_all
from tests.journeys.browser import PHONE, assert_accessible, assert_fits
from tests.services.applications import world as filing
from tests.services.casework import world as casework_world

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

#: Long enough ago that its five years are over on any day on which this runs.
LONG_AGO = "2018-05-10"
DESK = 1280


def _page(contexts: Callable[..., BrowserContext], actor: Actor, live_server: Any, **options: Any) -> Page:
    context = contexts(**options)
    cookie = filing.browser(actor).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


def _look(page: Page, name: str) -> None:
    if folder := os.environ.get("SOUTO_PICTURES"):
        width = (page.viewport_size or {}).get("width", 0)
        page.screenshot(path=Path(folder) / f"retention-{name}-{width}.png", full_page=True)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_list_from_review_to_record(
    contexts: Callable[..., BrowserContext], live_server: Any, settings: LazySettings, tmp_path: Path, width: int
) -> None:
    settings.HANDOVER_DIR = tmp_path / "handover"
    filing.publish()
    resident = filing.resident()
    goes, stays = world.closed(resident, day=LONG_AGO), world.closed(day=LONG_AGO)
    case = casework_world.case_of(stays.id)
    officer = _page(contexts, world.officer(), live_server, width=width)
    officer.goto("/staff/retention/")
    _look(officer, "nothing")
    expect(officer.get_by_text("廃棄候補はありません")).to_be_visible()

    found = world.listed()
    officer.goto("/staff/retention/")
    _look(officer, "index")
    officer.get_by_role("link", name=found.number).click()
    _look(officer, "list")
    officer.get_by_label(f"{stays.number}を選ぶ").check()
    officer.get_by_label("理由").select_option("history")
    officer.get_by_role("button", name="一覧から外す").click()
    expect(officer.get_by_text("一覧から外しました")).to_be_visible()
    _look(officer, "taken-off")
    officer.get_by_role("button", name="確認を終えて承認へ回す").click()
    expect(officer.get_by_text("あなたが確認した一覧です。")).to_be_visible()

    officer.goto(f"/staff/cases/{case.id}/")
    officer.get_by_role("link", name="保存の延長を登録・終了する").click()
    _look(officer, "hold")
    officer.get_by_label("監査・検査").check()
    officer.get_by_label("説明").fill("令和8年度 定期監査")
    officer.get_by_role("button", name="保存を延長する").click()
    expect(officer.get_by_role("heading", name="いまの延長")).to_be_visible()
    _look(officer, "held")

    chief = _page(contexts, world.chief(), live_server, width=width)
    chief.goto(f"/staff/retention/lists/{found.id}/")
    _look(chief, "approve")
    chief.get_by_role("button", name="廃棄を承認する").click()
    expect(chief.get_by_text("記録を1件ずつ廃棄しています", exact=True)).to_be_visible()
    run_all()
    chief.reload()
    expect(chief.get_by_role("heading", level=1)).to_contain_text("廃棄の記録")
    _look(chief, "record")
    chief.goto("/staff/retention/")
    _look(chief, "index-after")

    mine = _page(contexts, resident, live_server, width=width, expected_statuses={410})
    mine.goto(f"/applications/{goes.id}/")
    expect(mine.get_by_role("heading", level=1)).to_contain_text("廃棄済みの記録です")
    _look(mine, "gone")
