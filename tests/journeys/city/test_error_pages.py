"""When something is not there, not allowed, too much, too often, or away: pages that say what to do, in the frame of their face."""

from __future__ import annotations

import os
import signal
import time

from playwright.sync_api import Page, Response, expect

from tests.journeys.browser import PHONE, Devices
from tests.journeys.city.demo import MARKS, Demo
from tests.journeys.city.office import OFFICER, at_work
from tests.journeys.city.people import MISAKI, heading, look, press, record_of, sign_in

pytestmark = MARKS


def test_not_found_on_either_face(devices: Devices) -> None:
    page = devices(width=PHONE).new_page()
    for path in ("/no-such-page/", "/procedures/no-such-procedure/", "/staff/no-such-page/"):
        assert _status(page.goto(path)) == 404
        look(page)
    expect(page.locator("main")).to_contain_text("042-626-3111")


def test_what_others_may_see_looks_like_what_is_not_there(devices: Devices) -> None:
    resident = devices(width=PHONE).new_page()
    sign_in(resident, MISAKI)
    assert _status(resident.goto("/staff/people")) in {200, 403, 404}
    assert heading(resident) != "職員と課"
    look(resident)
    officer = at_work(devices, OFFICER)
    for path in ("/staff/people", "/staff/payments/", "/staff/audit/"):
        assert _status(officer.goto(path)) in {403, 404}, path
        look(officer)


def test_a_form_kept_open_over_a_sign_out_says_what_to_do(devices: Devices) -> None:
    context = devices(width=PHONE)
    page = context.new_page()
    page.goto("/procedures/road-damage/")
    press(page, "通報をはじめる")
    context.clear_cookies(name="csrftoken")
    context.clear_cookies(name="souto_csrf")
    page.locator('input[name="csrfmiddlewaretoken"]').first.evaluate("(e) => { e.value = 'x'.repeat(64) }")

    press(page, "次へ" if page.get_by_role("button", name="次へ", exact=True).count() else "入力をはじめる")

    assert heading(page) == "もう一度お試しください"
    look(page)


def test_too_much_text_is_refused_with_a_reason(devices: Devices) -> None:
    page = devices(width=PHONE).new_page()
    page.goto("/procedures/road-damage/")
    press(page, "通報をはじめる")
    page.goto(f"/applications/{record_of(page)}/pages/detail/")
    page.evaluate(
        """() => { const box = document.querySelector('textarea');
            box.removeAttribute('maxlength'); box.form.removeAttribute('data-autosave');
            box.value = 'あ'.repeat(4000000); }"""
    )

    with page.expect_navigation(timeout=60_000):
        page.evaluate("document.querySelector('textarea').form.submit()")

    assert heading(page) == "文章が長すぎます"
    look(page)


def test_a_page_while_the_database_is_away_and_no_answer_is_lost(devices: Devices, demo: Demo) -> None:
    page = devices(width=PHONE).new_page()
    page.goto("/procedures/road-damage/")
    press(page, "通報をはじめる")
    draft = record_of(page)
    page.goto(f"/applications/{draft}/pages/what/")
    page.get_by_label("カーブミラー", exact=True).check()
    press(page, "次へ")

    # On a quick machine the database may be back before a page is asked for; tests/config holds it away and judges the page itself.
    if _until_unavailable(page, demo):
        expect(page.locator("h1")).to_be_visible()
    page.wait_for_timeout(500)
    until = time.monotonic() + 90
    while _status(page.goto(f"/applications/{draft}/pages/what/")) != 200:
        assert time.monotonic() < until
        page.wait_for_timeout(500)
    expect(page.get_by_label("カーブミラー", exact=True)).to_be_checked()


def _until_unavailable(page: Page, demo: Demo) -> bool:
    """Stop the demo's PostgreSQL (its supervisor starts it again) and meet the page of that moment."""
    for _ in range(3):
        pid = next(demo.state.rglob("postmaster.pid")).read_text().splitlines()[0]
        os.kill(int(pid), signal.SIGINT)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if _status(page.goto("/procedures/")) == 503:
                return True
    return False


def _status(answer: Response | None) -> int:
    assert answer is not None
    return answer.status
