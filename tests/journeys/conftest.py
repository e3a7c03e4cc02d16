"""Fixtures of the journeys, and what a failed one leaves behind."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from tests.journeys.browser import chromium, contexts, visit
from tests.journeys.settling import settling

__all__ = ["chromium", "contexts", "settling", "visit"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures whether the test failed: then they keep pictures of its pages."""
    report = yield
    if report.when == "call" and report.failed:
        item.journey_failed = True  # type: ignore[attr-defined]
    return report
