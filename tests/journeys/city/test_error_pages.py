"""When something is not there, not allowed, too much, too often, or away: pages that say what to do, in the frame of their face."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Response, expect

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

    with _without_database(demo):
        assert _status(page.goto(f"/applications/{draft}/pages/what/")) == 503
        assert heading(page) == "ただいま表示できません"
        look(page)

    until = time.monotonic() + 90
    while _status(page.goto(f"/applications/{draft}/pages/what/")) != 200:
        assert time.monotonic() < until
        page.wait_for_timeout(500)
    expect(page.get_by_label("カーブミラー", exact=True)).to_be_checked()


@contextlib.contextmanager
def _without_database(demo: Demo) -> Iterator[None]:
    """Stop the demo's PostgreSQL, and hold its supervisor, which would start it again at once."""
    pid = int(next(demo.state.rglob("postmaster.pid")).read_text().splitlines()[0])
    status = Path(f"/proc/{pid}/status")
    supervisor = int(re.findall(r"^PPid:\s+(\d+)", status.read_text(), re.MULTILINE)[0])
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + 60
        while not re.search(r"^State:\s+Z", status.read_text(), re.MULTILINE):  # ended; its parent cannot bury it yet
            assert time.monotonic() < until
            time.sleep(0.05)
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)


def _status(answer: Response | None) -> int:
    assert answer is not None
    return answer.status
