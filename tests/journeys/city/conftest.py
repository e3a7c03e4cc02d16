"""Fixtures of the journeys in the demo city."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import Devices
from tests.journeys.city.demo import Demo, demo

__all__ = ["demo"]


@pytest.fixture
def devices(chromium: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Devices]:
    """Devices of people in the demo city; at the end nothing may have gone wrong on any."""
    with Devices(chromium, demo.origin, request, origins=demo.origins) as made:
        yield made
