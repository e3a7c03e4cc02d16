"""Walks pages as a person without JavaScript does: reads HTML, follows links, fills in forms and presses buttons.

The story check uses it, so every step goes through the same addresses, cookies, CSRF tokens and redirects as a browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

Values = Mapping[str, str | Sequence[str]]
Files = Mapping[str, tuple[str, bytes, str]]

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SILENT = frozenset({"script", "style", "head", "template"})


class WalkError(AssertionError):
    """The page is not what the story expects; the message says what was looked for and what stands there."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, what stands in it, and its buttons (name, value, text)."""

    action: str
    method: str
    multipart: bool
    values: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._silent = 0
        self._link: tuple[str, list[str]] | None = None
        self._button: tuple[str, str, list[str]] | None = None
        self._select: str | None = None
        self._picked = False
        self._first: str | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "form":
            self._form = Form(
                given.get("action", ""), given.get("method", "get").lower(), "multipart" in given.get("enctype", "")
            )
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._link = (given["href"], [])
        elif self._form is not None:
            self._control(tag, given)
        if tag in {"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "tr", "div", "br", "legend", "label"}:
            self.words.append("\n")

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        if tag == "input" and name and "disabled" not in given:
            self._input(name, given)
        elif tag == "select" and name:
            self._select, self._picked, self._first = name, False, None
            self._form.names.add(name)
        elif tag == "option" and self._select:
            value = given.get("value", "")
            self._form.options.setdefault(self._select, []).append(value)
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._form.values.append((self._select, value))
                self._picked = True
        elif tag == "textarea" and name:
            self._form.names.add(name)
            self._area = (name, [])
        elif tag == "button":
            self._button = (name, given.get("value", ""), [])

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self._form is not None
        kind = given.get("type", "text")
        self._form.names.add(name)
        if kind in {"checkbox", "radio"}:
            value = given.get("value", "on")
            self._form.options.setdefault(name, []).append(value)
            if "checked" in given:
                self._form.values.append((name, value))
        elif kind == "submit":
            self._form.buttons.append((name, given.get("value", ""), given.get("value", "")))
        elif kind != "file":
            self._form.values.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "form":
            self._form = None
        elif tag == "a" and self._link:
            self.links.append((self._link[0], _squeeze("".join(self._link[1]))))
            self._link = None
        elif tag == "button" and self._button and self._form:
            name, value, text = self._button
            self._form.buttons.append((name, value, _squeeze("".join(text))))
            self._button = None
        elif tag == "select" and self._select and self._form:
            if not self._picked and self._first is not None:
                self._form.values.append((self._select, self._first))
            self._select = None
        elif tag == "textarea" and self._area and self._form:
            self._form.values.append((self._area[0], "".join(self._area[1])))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)
            return
        if self._silent:
            return
        self.words.append(data)
        if self._link:
            self._link[1].append(data)
        if self._button:
            self._button[2].append(data)


def _squeeze(text: str) -> str:
    return re.sub(r"[ \t\r\f\v\u200b]+", " ", text).strip()


class Page:
    """An answer as its reader sees it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.url = str(answer.url)
        self.status = answer.status_code
        self.content = answer.content
        reader = _Reader()
        if "html" in answer.headers.get("content-type", ""):
            reader.feed(answer.text)
        self.forms, self.links = reader.forms, reader.links
        self.text = re.sub(r"\s*\n\s*", "\n", _squeeze("".join(reader.words)))

    @property
    def path(self) -> str:
        """The address without its origin."""
        return urlsplit(self.url).path

    def expect(self, *words: str) -> Page:
        """Raise `WalkError` unless every one of `words` stands on the page (line breaks and spaces aside)."""
        flat = re.sub(r"\s+", "", self.text)
        for word in words:
            if re.sub(r"\s+", "", word) not in flat:
                raise WalkError(f"{self.path} ({self.status}) does not say 「{word}」; it says: {self.text[:600]}")
        return self

    def says(self, word: str) -> bool:
        """True when `word` stands on the page."""
        return re.sub(r"\s+", "", word) in re.sub(r"\s+", "", self.text)

    def link(self, words: str) -> str:
        """The address of the first link whose text holds `words`, or else whose path does."""
        by_text = (href for href, text in self.links if words in text)
        by_path = (href for href, _ in self.links if words in href.split("?")[0])
        found = next(by_text, None) or next(by_path, None)
        if found is not None:
            return urljoin(self.url, found)
        raise WalkError(
            f"{self.path} has no link 「{words}」; it has {[text or href for href, text in self.links][:40]}"
        )

    def form(self, having: str = "", *, action: str = "") -> Form:
        """The first form with a field or button named (or reading) `having`, going to an address that holds `action`."""
        for form in self.forms:
            labels = form.names | {b[0] for b in form.buttons} | {b[2] for b in form.buttons}
            if action in form.action and (not having or any(having in label for label in labels)):
                return form
        raise WalkError(
            f"{self.path} has no form with 「{having or action}」; forms: "
            f"{[(f.action, sorted(f.names), [b[2] for b in f.buttons]) for f in self.forms]}"
        )


class Visitor:
    """A person at a device: one browser with its cookies."""

    def __init__(self, base_url: str, *, language: str = "ja") -> None:
        self.base_url = base_url.rstrip("/")
        self.client = httpx.Client(
            follow_redirects=True, timeout=30, headers={"Accept-Language": language, "User-Agent": "souto-story"}
        )
        self.page: Page | None = None

    def open(self, address: str) -> Page:
        """Go to an address (a path of the city's site, or anything absolute)."""
        return self._arrive(self.client.get(urljoin(self.base_url + "/", address), headers=self._from()))

    def follow(self, words: str) -> Page:
        """Follow a link of the current page."""
        return self.open(self._here().link(words))

    def send(
        self,
        values: Values | None = None,
        *,
        having: str = "",
        action: str = "",
        button: str = "",
        files: Files | None = None,
    ) -> Page:
        """Fill in a form of the current page and press a button (by its text or name; the first one otherwise)."""
        page = self._here()
        form = page.form(having or button, action=action)
        changed = dict(values or {})
        unknown = set(changed) - form.names - {b[0] for b in form.buttons}
        if unknown:
            raise WalkError(f"{page.path}: the form has no {sorted(unknown)}; it has {sorted(form.names)}")
        data: dict[str, list[str]] = {}
        for name, value in form.values:
            if name not in changed:
                data.setdefault(name, []).append(value)
        for name, given in changed.items():
            data[name] = [given] if isinstance(given, str) else list(given)
        pressed = next((b for b in form.buttons if not button or button in b[2] or button == b[0]), None)
        if button and pressed is None:
            raise WalkError(f"{page.path}: no button 「{button}」; there are {[b[2] for b in form.buttons]}")
        if pressed and pressed[0]:
            data[pressed[0]] = [pressed[1]]
        return self.post(urljoin(page.url, form.action or page.url), data, files=files, method=form.method)

    def post(
        self, address: str, data: Mapping[str, Sequence[str]], *, files: Files | None = None, method: str = "post"
    ) -> Page:
        """Send data to an address as a form would."""
        url = urljoin(self.base_url + "/", address)
        if method == "get":
            return self._arrive(self.client.get(url, params=dict(data), headers=self._from()))
        return self._arrive(
            self.client.post(url, data=dict(data), files=dict(files) if files else None, headers=self._from())
        )

    def _from(self) -> dict[str, str]:
        return {"Referer": self.page.url} if self.page else {}

    def _here(self) -> Page:
        if self.page is None:
            raise WalkError("no page is open")
        return self.page

    def _arrive(self, answer: httpx.Response) -> Page:
        self.page = Page(answer)
        if self.page.status >= 500:
            raise WalkError(f"{self.page.path} answered {self.page.status}: {self.page.text[:400]}")
        return self.page

    def close(self) -> None:
        """Close the browser."""
        self.client.close()
