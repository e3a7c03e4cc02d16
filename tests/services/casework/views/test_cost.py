"""Pages ask the database as often for many rows as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from souto.services.casework import actions
from tests.jobs import run_all
from tests.services.applications import world as applications
from tests.services.casework import world

pytestmark = pytest.mark.django_db


def queries(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(url).status_code == 200
    return len(caught)


def test_the_lists_cost_the_same_for_few_and_many() -> None:
    world.procedure()
    officer, chief = world.officer(), world.chief()
    pages = {
        reverse("casework_staff:queue") + "?state=all": world.browser(officer),
        reverse("casework_staff:hand_overs"): world.browser(officer),
        reverse("casework_staff:approvals"): world.browser(chief),
    }

    def more() -> None:
        for _ in range(3):
            actions.take(actor=officer, case_id=world.opened().id)
            world.proposed(world.opened(), officer)
            world.decided(world.opened(applications.resident(applications.person(name="田中 実"))))
        run_all()

    more()
    few = {url: queries(browser, url) for url, browser in pages.items()}
    more()
    many = {url: queries(browser, url) for url, browser in pages.items()}

    assert many == few
    assert max(few.values()) < 40


def test_a_case_costs_no_more_than_its_parts() -> None:
    world.procedure()
    officer = world.officer()
    case = world.decided(world.opened())
    run_all()

    assert queries(world.browser(officer), reverse("casework_staff:case", args=[case.id])) < 70
