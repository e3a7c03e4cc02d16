"""The plan's scoreboard: figures, the grid, each indicator with its course as a drawing and as a table, and the CSV."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import DESKTOP, PHONE, Devices, walk_by_keyboard
from tests.journeys.city.demo import MARKS
from tests.journeys.city.people import look

pytestmark = MARKS


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_scoreboard_and_every_indicator(devices: Devices, width: int) -> None:
    page = devices(width=width).new_page()
    page.goto("/plan/")
    expect(page.locator(".s-plan-grid tbody tr")).to_have_count(3)
    expect(page.locator(".s-plan-initiative")).to_have_count(12)
    look(page)
    links = page.locator("a[href*='/plan/indicators/']").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    shown = sorted(set(links))
    assert len(shown) >= 7

    for number, address in enumerate(shown):
        page.goto(address)
        expect(page.locator("#course-table")).to_be_visible()
        if page.locator(".s-chart svg").count():
            assert page.locator(".s-chart svg").get_attribute("aria-label")
            assert page.locator(".s-chart svg").get_attribute("aria-describedby")
        if width == PHONE or number < 2:
            look(page)


def test_the_table_as_csv(devices: Devices) -> None:
    page = devices(width=DESKTOP).new_page()
    page.goto("/plan/")

    with page.expect_download() as started:
        page.get_by_role("link", name="CSVで保存する").click()

    content = started.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    on_page = page.locator(".s-plan-card__title").all_inner_texts()
    assert len(rows) - 1 == len(on_page)
    assert all(len(row) == len(rows[0]) for row in rows)
    for title in on_page:
        assert any(title.strip() in row for row in rows), title


def test_by_keyboard(devices: Devices) -> None:
    page = devices(width=DESKTOP).new_page()
    page.goto("/plan/")

    assert "CSVで保存する" in walk_by_keyboard(page)
