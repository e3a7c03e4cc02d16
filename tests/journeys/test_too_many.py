"""Whoever signs in again and again is asked to wait, on a page that says how long it takes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.browser import PHONE, Visit, assert_accessible, assert_fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_too_many_sign_ins(visit: Visit, settings: Any) -> None:
    settings.IDENTITY = {**settings.IDENTITY, "sign_in_limit": (0, 300)}
    page = visit("/sign-in", width=PHONE)

    with page.expect_response("**/sign-in/start") as answered:
        page.get_by_role("button", name="カードでサインインする").click()

    assert answered.value.status == 429
    assert 0 < int(answered.value.headers["retry-after"]) <= 300
    assert page.locator("h1").inner_text() == "少し待ってください"
    assert_accessible(page)
    assert_fits(page)
