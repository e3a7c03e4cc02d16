"""A click is over when the page that it opens has come.

Playwright returns from a click as soon as the browser has taken it; what the click asks for begins later, and a question put right
then meets the old page, or the empty moment between two. On a busy machine that moment is long. So a click here waits until the
navigation that it began, if any, is over; so does everything that looks at a whole page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, Request, Response

#: Navigations of the main frame that have been asked for and have not ended, for each page that is followed.
_under_way: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()

_BREATH = 60.0  # milliseconds in which the browser hears what the page's thread, which just answered, has begun
_LONGEST = 60.0  # seconds until a navigation that does not end is the test's own business


def follow(page: Page) -> None:
    """Keep account of the navigations of this page."""
    requests = _under_way.setdefault(page, set())

    def asked(request: Request) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            requests.add(request)

    def ended(request: Request) -> None:
        requests.discard(request)

    def answered(response: Response) -> None:
        if response.status in {204, 205}:  # such an answer leaves the page where it is
            requests.discard(response.request)

    page.on("request", asked)
    page.on("requestfailed", ended)
    page.on("response", answered)
    page.on("domcontentloaded", lambda _: requests.clear())
    page.on("download", lambda _: requests.clear())


def settle(page: Page) -> None:
    """Wait until `page` stands still: no navigation is under way, and its document is read."""
    until = time.monotonic() + _LONGEST
    before: object = None
    while time.monotonic() < until and not page.is_closed():
        try:
            page.wait_for_load_state("load")
            document = page.evaluate("performance.timeOrigin")  # also where scripts are off, and then no timer runs
        except PlaywrightError:  # the document went away under the question: there is a newer one
            before = None
            continue
        if document == before and not _under_way.get(page):
            return
        before = document
        page.wait_for_timeout(_BREATH)


def _and_settle(action: Callable[..., None]) -> Callable[..., None]:
    def settled(self: Locator, *arguments: Any, **options: Any) -> None:
        action(self, *arguments, **options)
        settle(self.page)

    return settled


@pytest.fixture(scope="session")
def settling() -> Iterator[None]:
    """Every click of the run is over when the page that it opens has come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", _and_settle(Locator.click))
        yield
