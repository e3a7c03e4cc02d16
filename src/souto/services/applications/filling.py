"""A form that is being filled in: what a page shows, what it was made from, and how a posted page changes it.

Used for drafts and for corrections alike. Nothing here reads or writes the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from souto.services.applications import merging, paths
from souto.services.applications.merging import Tab, base_of
from souto.services.procedures.definition import Definition, Page, Problem, Visible
from souto.services.procedures.definition.answering import fixed_value
from souto.services.procedures.definition.fields import ComputedField, FieldBase, GroupField

Raw = Mapping[str, Sequence[str]]
Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a posted page: everything typed (`raw`), the answers that could be read, what is wrong with the page, which paths
    changed, and on which another tab was overwritten.
    """

    raw: dict[str, list[str]]
    answers: Answers
    problems: list[Problem]
    changed: frozenset[str]
    clashed: tuple[str, ...]


@dataclass(frozen=True)
class Filling:
    """A definition with what has been filled in so far. `seed` makes the ids of first rows the same in every tab (the draft's id)."""

    definition: Definition
    answers: Answers
    raw: Raw
    facts: Mapping[str, Any]
    seed: str = ""

    def visible(self) -> Visible:
        """Pages and paths that the answers show, first rows of groups included."""
        return self.definition.visible(self._with_first_rows(), self.facts)

    def page_raw(self, page: Page) -> dict[str, list[str]]:
        """What the page shows: as it was typed, else as it was answered (from the card, say), else the first rows of a group."""
        raw = self.stored_raw(page)
        for field in page.fields:
            if isinstance(field, GroupField) and not raw.get(field.key):
                raw[field.key] = self._first_rows(field)
        return raw

    def stored_raw(self, page: Page) -> dict[str, list[str]]:
        """`page_raw` without the rows that nobody has filled in yet."""
        raw: dict[str, list[str]] = {}
        for field in page.fields:
            if self.fixed(field) is not None or isinstance(field, ComputedField):
                continue
            typed = {n: list(v) for n, v in self.raw.items() if top_of(n) == field.key}
            if not typed and field.key in self.answers:
                typed = field.raw_of(self.answers[field.key], field.key)
            raw |= typed
        return raw

    def fixed(self, field: FieldBase) -> Any | None:
        """The verified value of a field that cannot be typed over, None for every other field."""
        return fixed_value(field, self.facts)

    def settled(self) -> Answers:
        """The answers as they would be sent now: verified values from the card, hidden ones gone."""
        fixed = {f.key: v for _, f in self.definition.all_fields() if (v := self.fixed(f)) is not None}
        return self.definition.clean({**self.answers, **fixed}, self.facts)

    def decides(self, page: Page) -> bool:
        """True where an answer on the page can change what else the page shows."""
        inner = [i for f in page.fields if isinstance(f, GroupField) for i in f.fields]
        return any(f.condition is not None or isinstance(f, ComputedField) for f in [*page.fields, *inner])

    def base(self, page: Page) -> dict[str, str]:
        """What a tab needs to know of the page it shows (see `merging`)."""
        return base_of(self.stored_raw(page), self._posted_paths(page))

    def post(
        self,
        page: Page,
        posted: Raw,
        *,
        tab: Tab,
        touched: Mapping[str, Sequence[Any]],
        today: date,
    ) -> Posted:
        """Merge what a tab sent for `page` and read it. Names of other pages, of files and of fixed fields are left aside."""
        stored = self.stored_raw(page)
        taken = {n: [storable(one) for one in v] for n, v in posted.items() if self._takes(page, n)}
        merged = merging.merge(stored, taken, tab=tab, touched=touched)
        raw = {n: list(v) for n, v in self.raw.items() if top_of(n) not in {f.key for f in page.fields}} | merged.raw
        check = self.definition.check_page(page.key, merged.raw, self.answers, facts=self.facts, today=today)
        return Posted(raw, check.answers, check.problems, merged.changed, merged.clashed)

    def add_row(self, group: GroupField, row_id: str) -> tuple[dict[str, list[str]], Answers]:
        """Raw and answers with one more row."""
        page = self.definition.page_of(group.key)
        assert page is not None
        ids = [*self.page_raw(page).get(group.key, []), row_id][: group.max_rows]
        rows = [paths.get(self.answers, f"{group.key}/{one}") or {"id": one} for one in ids]
        return {**_lists(self.raw), group.key: ids}, {**self.answers, group.key: rows}

    def remove_row(self, group: GroupField, row_id: str) -> tuple[dict[str, list[str]], Answers]:
        """Raw and answers without the row."""
        page = self.definition.page_of(group.key)
        assert page is not None
        ids = [one for one in self.page_raw(page).get(group.key, []) if one != row_id]
        raw = {n: v for n, v in _lists(self.raw).items() if not n.startswith(f"{group.key}/{row_id}/")}
        return {**raw, group.key: ids}, paths.put(self.answers, f"{group.key}/{row_id}", None)

    def _posted_paths(self, page: Page) -> list[str]:
        visible = self.visible()
        found = []
        for path in sorted(visible.paths):
            field = self.definition.field_at(path)
            if field is not None and field.posted and path.split("/")[0] in {f.key for f in page.fields}:
                found.append(path)
        return [p for p in found if self.fixed(self.definition.field_at(p) or page.fields[0]) is None]

    def _takes(self, page: Page, name: str) -> bool:
        key = top_of(name)
        if key not in {f.key for f in page.fields}:
            return False
        field = self.definition.field_at(merging.path_of(name))
        return field is not None and field.posted and self.fixed(field) is None

    def _with_first_rows(self) -> Answers:
        """The answers, with the rows that a page shows before anybody filled them in."""
        answers = dict(self.answers)
        for _, field in self.definition.all_fields():
            if isinstance(field, GroupField) and not answers.get(field.key):
                ids = self.raw.get(field.key) or self._first_rows(field)
                answers[field.key] = [{"id": one} for one in ids]
        return answers

    def _first_rows(self, group: GroupField) -> list[str]:
        return [hashlib.sha256(f"{self.seed}/{group.key}/{n}".encode()).hexdigest()[:8] for n in range(group.least)]


def raw_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Form data that shows `answers` again."""
    raw: dict[str, list[str]] = {}
    for _, field in definition.all_fields():
        if answers.get(field.key) is not None:
            raw |= field.raw_of(answers[field.key], field.key)
    return raw


def storable(text: str) -> str:
    """`text` without halves of surrogate pairs, which no encoding can hold; everything else is for the fields to judge."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def top_of(name: str) -> str:
    """The key of the top-level field that a form name belongs to."""
    return merging.path_of(name).split("/")[0]


def _lists(raw: Raw) -> dict[str, list[str]]:
    return {name: list(values) for name, values in raw.items()}
