"""A real browser for journeys: every request off the origin, broken script and missing file fails the test; axe, 320 px, keyboard.

def test_a_page(visit: Visit) -> None:
    page = visit("/accessibility/", width=375)

    assert_accessible(page)
    assert_fits(page)
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.journeys.settling import follow, settle

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
RESULTS = ROOT / "test-results"
#: How long an element may take to come; a busy machine needs more.
TIMEOUT_MS = int(os.environ.get("SOUTO_JOURNEY_TIMEOUT", "15")) * 1000
#: Rules of JIS X 8341-3:2016 and WCAG 2.2 AA that a machine can check, and axe's own advice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: Without WebGL: maps are absent, and pages are painted the quick way. `test_map.py` draws them, in software: with and without a graphics card alike.
ARGUMENTS = ["--no-sandbox", "--disable-3d-apis"]
DRAWING = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

PHONE, SMALL_PHONE, DESKTOP = 375, 320, 1280

Visit = Callable[..., Page]


def find_chromium() -> str | None:
    """The machine's Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium(settling: None) -> Iterator[Browser]:
    """One browser for the run."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    # Playwright keeps an event loop in this thread; Django would take every query of a test for one from async code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        watched = os.environ.get("SOUTO_JOURNEY_WATCH") == "1"
        browser = playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, headless=not watched, slow_mo=250 if watched else 0
        )
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """What went wrong in a browser context, besides what the test itself looks at."""

    def __init__(self, context: BrowserContext, origins: set[str]) -> None:
        self.troubles: list[str] = []
        self.expected_statuses: set[int] = set()
        self._origins = origins
        context.route("**/*", self._route)
        context.on("page", self._on_page)

    def _route(self, route: Any) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" not in self._origins:
            self.troubles.append(f"request off the origin: {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def _on_page(self, page: Page) -> None:
        follow(page)
        page.on("pageerror", lambda error: self.troubles.append(f"script broke on {page.url}: {error}"))
        page.on("console", self._on_console)
        page.on("response", self._on_response)

    def _on_console(self, message: Any) -> None:
        # Chromium also reports each failed response here; `_on_response` says more about it.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _on_response(self, response: Any) -> None:
        part_of_page = response.request.resource_type != "document"
        if response.status >= 400 and part_of_page and response.status not in self.expected_statuses:
            self.troubles.append(f"{response.status} {response.url}")
        if not part_of_page and "text/html" in response.headers.get("content-type", ""):
            policy = response.headers.get("content-security-policy", "")
            if "default-src" not in policy or "unsafe-inline" in policy or "unsafe-eval" in policy:
                self.troubles.append(f"weak or missing content security policy: {response.url}: {policy!r}")


class Devices:
    """Opens browser contexts (one is one person's device); closes them at the end, when nothing may have gone wrong in any.

    The pictures of a failed test's pages are kept under `test-results/`.
    """

    def __init__(self, browser: Browser, base_url: str, request: pytest.FixtureRequest, *, origins: set[str]) -> None:
        self._browser = browser
        self._base_url = base_url
        self._request = request
        self._origins = {base_url, *origins}
        self._opened: list[tuple[BrowserContext, Watch]] = []

    def __call__(
        self,
        *,
        width: int = PHONE,
        javascript: bool = True,
        locale: str = "ja-JP",
        origins: tuple[str, ...] = (),
        expected_statuses: set[int] | None = None,
        **options: Any,
    ) -> BrowserContext:
        """A new device. `expected_statuses`: answers to scripts and subresources that are no trouble in this test."""
        context = self._browser.new_context(
            base_url=self._base_url,
            viewport={"width": width, "height": 900 if width > 700 else 760},
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(TIMEOUT_MS)
        watch = Watch(context, {*self._origins, *origins})
        watch.expected_statuses = expected_statuses or set()
        self._opened.append((context, watch))
        return context

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        troubles = [trouble for _, watch in self._opened for trouble in watch.troubles]
        if troubles or getattr(self._request.node, "journey_failed", False):
            self._keep_pictures()
        for context, _ in self._opened:
            context.close()
        assert troubles == [], "\n".join(troubles)

    def _keep_pictures(self) -> None:
        name = re.sub(r"[^\w.-]+", "_", self._request.node.name)
        pages = [page for context, _ in self._opened for page in context.pages]
        for number, page in enumerate(pages, start=1):
            RESULTS.mkdir(exist_ok=True)
            with contextlib.suppress(PlaywrightError):
                page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)


@pytest.fixture
def contexts(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Devices]:
    """Devices on the live server; at the end nothing may have gone wrong on any."""
    with Devices(chromium, live_server.url, request, origins=set()) as made:
        yield made


@pytest.fixture
def visit(contexts: Callable[..., BrowserContext]) -> Visit:
    """`visit("/path/", width=375, javascript=True)` opens a page on a device of its own."""

    def go(path: str, **options: Any) -> Page:
        page = contexts(**options).new_page()
        page.goto(path)
        return page

    return go


def axe_problems(page: Page, *, within: str | None = None) -> list[str]:
    """What axe finds, one line for each element."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (scripts/build)")
    settle(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "([scope, tags]) => axe.run(scope || document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        [within, AXE_TAGS],
    )
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page, *, within: str | None = None) -> None:
    """axe finds nothing (which is not yet conformity: see docs/reference/components.md)."""
    problems = axe_problems(page, within=within)
    assert problems == [], "\n".join(problems)


def sticks_out(page: Page, width: int = SMALL_PHONE) -> list[str]:
    """What reaches over the right edge at `width`; a box that scrolls by itself may."""
    settle(page)
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 760})
    found: list[str] = page.evaluate(
        """() => {
            const limit = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= limit) return [];
            const scrolls = (e) => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
            return [...document.body.querySelectorAll('*')]
              .filter((e) => e.getBoundingClientRect().right > limit + 1 && !scrolls(e.parentElement))
              .map((e) => e.outerHTML.slice(0, 120)).slice(0, 5).concat(['the page scrolls sideways']);
        }"""
    )
    if before is not None:
        page.set_viewport_size(before)
    return found


def assert_fits(page: Page, width: int = SMALL_PHONE) -> None:
    """At `width` nothing sticks out to the side."""
    found = sticks_out(page, width)
    assert found == [], "\n".join(found)


#: What has the focus now: its tag, its words, its label, whether a ring shows it and whether something covers it.
FOCUSED = """async () => {
    // Focus may scroll; measure what is painted then.
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const card = e.closest('.s-card, .s-item');
    const ringed = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return {
        what: (e.outerHTML.match(/^<[^>]*>/) || [''])[0].slice(0, 120),
        text: (e.getAttribute('aria-label') || e.innerText || e.value || '').trim().slice(0, 60),
        label: [...(e.labels || [])].map((l) => l.innerText).join(' ')
            + ' ' + (e.getAttribute('aria-labelledby') || '').split(' ').map((id) => id && document.getElementById(id)?.innerText || '').join(' '),
        ring: ringed(style) || (card !== null && ringed(getComputedStyle(card))),
        by: top === null ? 'nothing' : top.outerHTML.slice(0, 80),
        seen: top !== null && (e.contains(top) || top.contains(e) || (card !== null && card.contains(top))),
    };
}"""
_REACHABLE = """() => {
    const shown = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('details:not([open]) > :not(summary)');
    const radios = new Set();
    return [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')]
        .filter((e) => !e.disabled && e.tabIndex >= 0 && shown(e))
        .filter((e) => {
            if (e.type !== 'radio') return true;
            if (radios.has(e.name)) return false;
            return radios.add(e.name);
        }).length;
}"""

#: Each map of the page is there, or the page says that there is none: until then what can be reached changes.
_MAPS_STAND = "() => [...document.querySelectorAll('[data-map]')].every((map) => ['open', 'absent'].includes(map.dataset.mapState))"


def walk_by_keyboard(page: Page, limit: int = 400) -> list[str]:
    """Press Tab through the page; return the texts of what had the focus, in order.

    Everything that can be used is reached, shows a ring, and is not covered by anything else.
    """
    settle(page)
    page.wait_for_function(_MAPS_STAND)
    # Begin at the very top, wherever the page itself put the focus.
    page.evaluate(
        "() => { const s = document.createElement('span'); s.tabIndex = -1; document.body.prepend(s); s.focus(); s.remove(); }"
    )
    expected = page.evaluate(_REACHABLE)
    texts: list[str] = []
    wrong: list[str] = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        texts.append(focused["text"])
        if not focused["ring"]:
            wrong.append(f"no ring: {focused['what']}")
        if not focused["seen"]:
            wrong.append(f"covered by {focused['by']}: {focused['what']}")
    assert wrong == [], "\n".join(wrong)
    assert len(texts) >= expected, f"Tab reached {len(texts)} of {expected}"
    return texts
