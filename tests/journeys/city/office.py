"""What officers do with a case, page by page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.browser import DESKTOP, Devices
from tests.journeys.city.people import look, press, sign_in_as_staff

OFFICER, COLLEAGUE, CHIEF = "D0001", "D0002", "D0003"
ADMINISTRATOR = "D0009"


def add_authenticator(page: Page) -> None:
    """Give the page's device an authenticator that keeps passkeys and needs no finger (the browser's own, over CDP)."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def at_work(devices: Devices, number: str) -> Page:
    """The desk of a staff member of the demo."""
    page = devices(width=DESKTOP).new_page()
    sign_in_as_staff(page, number)
    return page


def open_case(page: Page, number: str) -> None:
    """Find a case in the queue by its receipt number."""
    page.goto("/staff/cases/?state=all")
    page.get_by_label("氏名・番号").fill(number)
    press(page, "絞り込む")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def take(page: Page) -> None:
    """Take the case, unless it was given already."""
    button = page.get_by_role("button", name="自分が担当する", exact=True)
    if button.count():
        button.click()


def propose(page: Page, outcome: str) -> None:
    """Propose the decision (起案)."""
    page.get_by_role("link", name="決定を起案する", exact=True).click()
    look(page)
    page.get_by_label(outcome, exact=True).check()
    press(page, "起案する")
    expect(page.locator("main")).to_contain_text(f"起案：{outcome}")


def approve(page: Page, number: str) -> None:
    """Approve what somebody else proposed (決裁)."""
    page.goto("/staff/cases/approvals/")
    look(page)
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="決裁する", exact=True).click()
    look(page)
    press(page, "決裁する")
    expect(page.locator("main")).to_contain_text(re.compile("決定：交付"))
