"""Which pages and fields the answers show, and what the computed ones come to.

Everything is asked for lazily and remembered: a field is visible when its page is and its condition holds; a condition sees only visible
answers. Conditions look back and computed fields do not form circles (both are checked at publish), so every question has an end; a
definition that was never checked and runs in a circle treats the circle as not answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from souto.services.procedures.definition.base import Answers, Facts, Value
from souto.services.procedures.definition.facts import FactMissingError
from souto.services.procedures.definition.fields import ComputedField, FieldBase, GroupField
from souto.services.procedures.definition.scope import Scope

if TYPE_CHECKING:
    from souto.services.procedures.definition.model import Definition, Page


@dataclass(frozen=True, slots=True)
class Visible:
    """The keys of the visible pages, in order, and the paths of the visible fields (those of rows included)."""

    pages: tuple[str, ...]
    paths: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name in self.pages or name in self.paths


class Evaluation:
    """One set of answers under one definition: a `Scope`."""

    def __init__(self, definition: Definition, answers: Answers, facts: Facts) -> None:
        self._definition = definition
        self._answers = answers
        self._facts = facts
        self._places = {field.key: (page, field) for page, field in definition.all_fields()}
        self._seen: dict[str, bool] = {}
        self._computed: dict[str, int | None] = {}
        self._asking: set[str] = set()

    @property
    def today(self) -> date:
        """The business date."""
        return date.fromisoformat(str(self.fact("today")))

    def fact(self, name: str) -> Value | None:
        """A fact, None where it is not known; `today` must be."""
        if name == "today" and name not in self._facts:
            raise FactMissingError(fact=name)
        return self._facts.get(name)

    def value(self, reference: str) -> Value | None:
        """The visible answer to a top-level field; a computed one is worked out."""
        if reference not in self._places or not self.shows(reference):
            return None
        _, field = self._places[reference]
        return self._compute(field) if isinstance(field, ComputedField) else self._answers.get(reference)

    def rows(self, group: str) -> Sequence[RowScope]:
        """The rows of a visible group."""
        _, field = self._places.get(group, (None, None))
        answer = self.value(group)
        if not isinstance(field, GroupField) or not isinstance(answer, list):
            return ()
        return [RowScope(self, field, row) for row in answer if isinstance(row, dict)]

    def shows(self, key: str) -> bool:
        """True when the top-level field `key` is visible."""
        if key not in self._seen:
            if key in self._asking:
                return False
            self._asking.add(key)
            page, field = self._places[key]
            self._seen[key] = self.shows_page(page) and (field.condition is None or field.condition.holds(self))
            self._asking.discard(key)
        return self._seen[key]

    def shows_page(self, page: Page) -> bool:
        """True when the page's own condition holds."""
        return page.condition is None or page.condition.holds(self)

    def _compute(self, field: ComputedField) -> int | None:
        if field.key not in self._computed:
            mark = f"={field.key}"
            if mark in self._asking:
                return None
            self._asking.add(mark)
            self._computed[field.key] = field.compute.result(self)
            self._asking.discard(mark)
        return self._computed[field.key]

    def visible(self) -> Visible:
        """All that is visible. A page whose fields are all hidden is hidden too: nobody is shown an empty page."""
        pages: list[str] = []
        paths: set[str] = set()
        for page in self._definition.pages:
            shown = [field for field in page.fields if self.shows(field.key)]
            if shown:
                pages.append(page.key)
            for field in shown:
                paths.add(field.key)
                if isinstance(field, GroupField):
                    paths.update(path for row in self.rows(field.key) for path in row.paths())
        return Visible(tuple(pages), frozenset(paths))


class RowScope:
    """One row: sees its own fields, then those of the form."""

    def __init__(self, form: Evaluation, group: GroupField, row: Answers) -> None:
        self._form = form
        self._group = group
        self._row = row
        self._asking: set[str] = set()

    @property
    def today(self) -> date:
        """The business date."""
        return self._form.today

    @property
    def row_id(self) -> str:
        """The row's id."""
        return str(self._row.get("id", ""))

    def fact(self, name: str) -> Value | None:
        """A fact."""
        return self._form.fact(name)

    def value(self, reference: str) -> Value | None:
        """The visible answer of this row, or of the form."""
        field = self._group.item(reference.removeprefix(f"{self._group.key}/"))
        if field is None:
            return self._form.value(reference)
        return self._row.get(field.key) if self.shows(field) else None

    def rows(self, group: str) -> Sequence[Scope]:
        """The rows of a group of the form."""
        return self._form.rows(group)

    def shows(self, field: FieldBase) -> bool:
        """True when a field of this row is visible."""
        if field.condition is None:
            return True
        if field.key in self._asking:
            return False
        self._asking.add(field.key)
        holds = field.condition.holds(self)
        self._asking.discard(field.key)
        return holds

    def paths(self) -> list[str]:
        """The paths of this row's visible fields."""
        return [f"{self._group.key}/{self.row_id}/{field.key}" for field in self._group.fields if self.shows(field)]
