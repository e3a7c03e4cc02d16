"""An officer's work in a real browser: the queue by keys, a case, its forms; and all of it without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from souto.foundation.audit.models import Entry
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.casework import queries
from souto.services.casework.models import Case, OfficerFeedback, Proposal
from tests.jobs import run_all
from tests.journeys.browser import PHONE, assert_accessible, assert_fits, walk_by_keyboard
from tests.services.applications import world as applications
from tests.services.casework import world
from tests.services.casework.views.test_viewer import pdf, with_files

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Contexts = Callable[..., BrowserContext]
DESK = 1440


@pytest.fixture
def cases() -> list[Case]:
    applications.publish(applications.body())
    resident = applications.resident(
        applications.person(name="寿限無寿限無五劫の擦り切れ海砂利水魚　水行末雲来末風来末食う寝る処に住む")
    )
    return [world.opened(resident) for _ in range(3)]


def _desk(contexts: Contexts, actor: Actor, live_server: Any, **options: Any) -> Page:
    context = contexts(**{"width": DESK, **options})
    cookie = world.browser(actor).cookies["souto_session"].value
    context.add_cookies([{"name": "souto_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def test_the_queue_by_keys_and_a_batch(contexts: Contexts, cases: list[Case], live_server: Any) -> None:
    officer = world.officer()
    page = _desk(contexts, officer, live_server)
    page.goto("/staff/cases/")
    _look(page)
    walk_by_keyboard(page)
    bar = page.get_by_role("button", name="担当を割り当てる")
    expect(bar).to_be_hidden()

    page.get_by_label("この画面の案件をすべて選ぶ").check()
    expect(bar).to_be_visible()
    page.get_by_label(f"{cases[0].application.number}を選ぶ").uncheck()
    assert page.get_by_label("この画面の案件をすべて選ぶ").evaluate("box => box.indeterminate")
    bar.click()
    expect(page.get_by_text("2件の担当を変えました。")).to_be_visible()

    page.get_by_role("link", name=cases[0].application.number).focus()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(cases[0].application.number)
    assert {world.fresh(c).assignee_id for c in cases[1:]} == {officer.id}
    assert world.fresh(cases[0]).assignee_id is None


@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (1024, True), (PHONE, True), (PHONE, False)])
def test_from_the_case_to_the_decision(
    contexts: Contexts, cases: list[Case], live_server: Any, width: int, javascript: bool
) -> None:
    case, officer, chief = cases[0], world.officer(), world.chief()
    other = world.officer("childcare")
    mine = _desk(contexts, officer, live_server, width=width, javascript=javascript, expected_statuses={422})

    def look(page: Page) -> None:
        if javascript:
            _look(page)

    mine.goto(f"/staff/cases/{case.id}/")
    look(mine)
    mine.get_by_role("button", name="自分が担当する").click()
    mine.get_by_role("link", name="意見を求める").click()
    look(mine)
    mine.get_by_role("button", name="意見を求める").click()
    look(mine)
    mine.get_by_label("相手").select_option(label="子育て支援課の誰か")
    mine.get_by_label("聞きたいこと").fill("重複していませんか")
    mine.get_by_role("button", name="意見を求める").click()

    theirs = _desk(contexts, other, live_server, width=width, javascript=javascript)
    theirs.goto("/staff/cases/opinions/")
    look(theirs)
    theirs.get_by_role("link", name=case.application.number).click()
    look(theirs)
    theirs.get_by_label("支障なし").check()
    theirs.get_by_role("button", name="意見を送る").click()

    mine.goto(f"/staff/cases/{case.id}/")
    mine.get_by_role("link", name="決定を起案する").click()
    look(mine)
    mine.get_by_label("認定").check()
    mine.get_by_label("理由").fill("要件を満たしています")
    mine.get_by_role("button", name="起案する").click()
    look(mine)

    desk = _desk(contexts, chief, live_server, width=width, javascript=javascript)
    desk.goto("/staff/cases/approvals/")
    look(desk)
    desk.get_by_role("link", name=case.application.number).click()
    desk.get_by_role("link", name="決裁する").click()
    look(desk)
    desk.get_by_role("button", name="決裁する").click()
    expect(desk.get_by_text("決裁しました。")).to_be_visible()
    run_all()
    assert queries.standing_of(world.fresh(case)) == "closed"

    mine.goto(f"/staff/cases/{case.id}/")
    mine.get_by_role("link", name="2つの質問に答える").click()
    look(mine)
    mine.get_by_role("group", name="どのくらい簡単でしたか").get_by_label("4").check()
    mine.get_by_role("button", name="答えを送る").click()
    look(mine)
    mine.get_by_role("group", name="どのくらい満足していますか").get_by_label("5").check()
    mine.get_by_role("button", name="答えを送る").click()
    assert OfficerFeedback.objects.get().satisfaction == 5
    assert Proposal.objects.get().settled_by_id == chief.id


@pytest.mark.parametrize("javascript", [True, False])
def test_a_field_is_asked_for(contexts: Contexts, cases: list[Case], live_server: Any, javascript: bool) -> None:
    case, officer = cases[0], world.officer()
    page = _desk(contexts, officer, live_server, javascript=javascript, expected_statuses={422})
    page.goto(f"/staff/cases/{case.id}/correction/")
    page.get_by_label("口座番号").first.check()
    page.get_by_role("button", name="修正を依頼する").click()
    if javascript:
        _look(page)
    page.get_by_label("文例（口座番号）").select_option(index=2)
    page.get_by_role("button", name="修正を依頼する").click()

    expect(page.get_by_text("修正を依頼しました。")).to_be_visible()
    if javascript:
        _look(page)
    correction = world.application_of(case).corrections.get()
    assert correction.due_on == clock.today() + timedelta(days=14)
    assert "番号の桁が足りません" in correction.items[0]["reason"]


def test_what_a_core_system_refused(contexts: Contexts, live_server: Any) -> None:
    world.procedure()
    case = world.decided(world.opened())
    run_all()
    hand_over = case.hand_overs.get()
    hand_over.state, hand_over.problem, hand_over.answered_at = "refused", "住所を確認してください（E01）", clock.now()
    hand_over.save()
    page = _desk(contexts, world.officer(), live_server)

    page.goto("/staff/cases/hand-overs/")
    _look(page)
    page.get_by_role("link", name=case.application.number).click()
    _look(page)
    page.get_by_role("button", name="もう一度引き渡す").click()

    expect(page.get_by_text("もう一度引き渡します。")).to_be_visible()
    assert [h.state for h in case.hand_overs.all()] == ["refused", "prepared"]


def test_an_attachment_beside_the_answers_by_keys(contexts: Contexts, live_server: Any) -> None:
    papers = ("証明.pdf", pdf(2)), ("photo.jpg", applications.photo(size=400).getvalue())
    case, (paper, _picture) = with_files(*papers)
    page = _desk(contexts, world.officer(), live_server, width=1280)
    page.goto(f"/staff/cases/{case.id}/")
    page.get_by_role("link", name="添付書類を回答と並べて見る").first.click()
    viewer, stage = page.locator("#viewer"), page.locator("[data-viewer-stage]")
    expect(page.get_by_role("heading", name="添付：添付書類")).to_be_visible()
    _look(page)

    stage.focus()
    page.keyboard.press("n")
    expect(viewer.get_by_text("2 / 2ページ", exact=True)).to_be_visible()
    expect(stage).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.press("+")
    expect(page.locator("[data-viewer-picture]")).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    assert stage.evaluate("box => box.scrollWidth > box.clientWidth")
    page.keyboard.press("n")
    expect(viewer.get_by_text("2 / 2", exact=True)).to_be_visible()
    expect(page.locator("[data-viewer-picture]")).to_have_attribute("src", re.compile(r"/staff/files/"))
    _look(page)

    pages = Entry.objects.filter(action="documents.open_file", facts__file=str(paper)).values_list("facts", flat=True)
    assert [facts["page"] for facts in pages] == [1, 2]


def test_an_attachment_without_a_script(contexts: Contexts, live_server: Any) -> None:
    case, _files = with_files(("証明.pdf", pdf(2)))
    page = _desk(contexts, world.officer(), live_server, width=PHONE, javascript=False)
    page.goto(f"/staff/cases/{case.id}/")

    page.get_by_role("link", name="添付書類を回答と並べて見る").click()
    page.get_by_role("link", name="次へ", exact=True).click()

    expect(page.get_by_text("2 / 2ページ", exact=True)).to_be_visible()
    assert_fits(page)


def test_a_batch_says_what_became_of_each(contexts: Contexts, cases: list[Case], live_server: Any) -> None:
    officer = world.officer()
    page = _desk(contexts, officer, live_server, width=1280)
    page.goto("/staff/cases/")
    page.get_by_label("この画面の案件をすべて選ぶ").check()
    _look(page)
    page.get_by_role("button", name="審査を始める").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("まとめて行った結果")
    expect(page.locator("tbody tr")).to_have_count(3)
    _look(page)
