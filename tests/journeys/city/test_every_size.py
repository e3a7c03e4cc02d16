"""Every page of the resident's face, found from the URL table: at 320 px, with the largest text, at 200 % zoom, through axe."""

from __future__ import annotations

import re

from django.urls import URLPattern, URLResolver, resolve
from playwright.sync_api import expect

from souto.config.urls import build
from tests.journeys.browser import PHONE, SMALL_PHONE, Devices
from tests.journeys.city.demo import MARKS
from tests.journeys.city.people import ICHIRO, file_residence_record, keep, look, press, record_of, sign_in

pytestmark = MARKS

#: Routes that show no page of their own: they answer a form, a script or a program, send a file, or lead on.
NO_PAGE = {
    *("ui:text_size", "ui:furigana", "identity:start", "identity:signing_callback", "identity:sign_out"),
    *("identity:remove_contact", "identity:language", "identity:end_sessions", "registry:postal", "documents:file"),
    *("documents:document", "procedures:address", "applications:draft", "applications:save", "applications:upload"),
    *("applications:file", "applications:sign", "applications:signed", "applications:submit", "applications:copy"),
    *("applications:correction_upload", "applications:correction_sign", "applications:correction_signed"),
    *("applications:correction_submit", "payments:pay", "payments:slip", "payments:returned", "payments:notification"),
    *("plan:table", "ui:map_base", "transit:book", "transit:instead", "transit:keep", "transit:skip"),
    *("transit:end_series", "transit:follow", "transit:follow_live"),
    *(f"transit_open:{name}" for name in ("gtfs", "gofs", "gofs_document", "wait_time", "alerts", "alerts_json")),
    *("transit_open:vehicle_positions", "transit_open:vehicle_positions_json"),
}
#: Pages that need an officer's part first (`test_office.py` and `test_payment.py` look at them), or a vehicle (`tests/journeys/test_rides.py`).
ELSEWHERE = {
    *("applications:correction", "applications:correction_review", "applications:feedback", "payments:charge"),
    *("transit:ride", "transit:cancel", "transit:repeat", "transit:series", "transit:favourite"),
}
LARGEST = re.compile("s-text-largest")
#: Pages behind a link that only an e-mail holds: tests/journeys/test_identity.py.
BY_MAIL = {"identity:confirm_contact"}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> set[str]:
    """The names of every route, with their name spaces."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names(pattern.url_patterns, space)
        elif pattern.name:
            found.add(prefix + pattern.name)
    return found


def test_every_page_of_a_resident_fits(devices: Devices) -> None:
    page = devices(width=PHONE, expected_statuses={400}).new_page()
    sign_in(page, ICHIRO)
    application = file_residence_record(page)
    page.goto("/applications/start/jido-teate/")
    page.locator("form[method=post] button").last.click()
    draft = record_of(page)
    page.goto("/inbox/")
    message = page.locator('main a[href^="/inbox/"]').first.get_attribute("href") or ""
    paths = [
        *("/", "/accessibility/", "/privacy/", "/language/", "/plan/", "/plan/indicators/staff-chat/"),
        *(
            "/me",
            "/me/email",
            "/inbox/",
            message,
            "/procedures/",
            "/procedures/?q=該当なし",
            "/procedures/road-damage/",
        ),
        *("/procedures/jido-teate/check/", "/applications/", "/applications/start/jido-teate/"),
        *(f"/applications/{draft}/{part}/" for part in ("paused", "discard", "review")),
        *(f"/applications/{draft}/pages/{key}/" for key in ("applicant", "reason", "children", "account", "consent")),
        *(f"/applications/{application}/{part}" for part in ("receipt/", "", "withdraw/")),
        *(
            "/rides/",
            "/rides/southwest/from/",
            "/rides/southwest/from/takao/",
            "/rides/southwest/from/takao/to/hazama/",
            "/open/transit/",
        ),
        "/sign-in/callback?state=invented",
    ]
    visited = {resolve(path.split("?")[0]).view_name for path in paths} | {"identity:sign_in"}

    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (400 if "callback" in path else 200), f"{path}: {answer.status}"
        look(page)

    missing = names(build(("resident", "public"), demo=False)) - visited - NO_PAGE - ELSEWHERE - BY_MAIL
    assert {name for name in missing if not name.startswith(("api:", "api-"))} == set()


def test_the_largest_text_stays_chosen_on_every_page(devices: Devices) -> None:
    page = devices(width=SMALL_PHONE).new_page()
    page.goto("/procedures/juminhyo/")
    page.get_by_text("メニュー", exact=True).click()
    page.get_by_role("link", name="特大").or_(page.get_by_role("button", name="特大")).first.click()

    expect(page.locator("html")).to_have_class(LARGEST)
    assert "/procedures/juminhyo/" in page.url
    for path in ("/", "/procedures/road-damage/check/", "/plan/"):
        page.goto(path)
        expect(page.locator("html")).to_have_class(LARGEST)
        keep(page)
        look(page)
    page.goto("/procedures/road-damage/")
    press(page, "通報をはじめる")
    look(page)
