"""Fields as templates draw them: labels in the page's language, what was typed, what is wrong, what stands fixed.

{% for widget in widgets %}{% include widget.template %}{% endfor %}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from souto.kernel.language import say
from souto.services.procedures.definition import Definition, Page, Problem, control_id
from souto.services.procedures.definition.answering import fixed_value
from souto.services.procedures.definition.base import Answers, Facts, RawData, Value, first
from souto.services.procedures.definition.evaluation import Evaluation, RowScope
from souto.services.procedures.definition.fields import ComputedField, FieldBase, FileField, GroupField, MapPointField
from souto.services.procedures.definition.fields.choice import Option
from souto.services.procedures.definition.fields.date import ERAS
from souto.services.procedures.definition.fields.near import words as near_words


@dataclass(frozen=True, slots=True)
class UploadUrls:
    """Where the files of one path go: `upload` takes a file by script, `open_file` gives the address of a stored one ("" for none)."""

    upload: str
    open_file: Callable[[str], str] = field(default=lambda _file_id: "")


@dataclass(frozen=True, slots=True)
class Part:
    """One control of a field that has several: its form name, HTML id, and what it holds."""

    name: str
    id: str
    value: str


class Parts(dict[str, Part]):
    """Parts by name; a part that no field has yet is made when it is asked for."""

    def __init__(self, path: str, raw: RawData) -> None:
        super().__init__()
        self._path, self._raw = path, raw

    def __missing__(self, part: str) -> Part:
        name = f"{self._path}.{part}"
        self[part] = Part(name, control_id(self._path, part), first(self._raw, name))
        return self[part]


class _Every(frozenset[str]):
    """Holds every part: the problem is the whole field's."""

    def __contains__(self, part: object) -> bool:
        return True


_EVERY = _Every()


@dataclass(frozen=True)
class Choice:
    """An option as a radio button, a tick or a line of a list."""

    value: str
    label: str
    help: str
    id: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A row of a repeating group."""

    id: str
    number: int
    widgets: list[Widget]
    remove: str


@dataclass(frozen=True)
class Widget:
    """One field on a page. `fixed` are the lines of a value that cannot be changed (from the card, or computed); `error` is said already."""

    field: FieldBase
    path: str
    language: str
    raw: RawData
    problems: Sequence[Problem] = ()
    fixed: Sequence[str] | None = None
    value: Value | None = None
    heading: bool = False
    rows: Sequence[Row] = ()
    urls: UploadUrls | None = None

    @property
    def template(self) -> str:
        """The template to include."""
        return "procedures/fields/fixed.html" if self.fixed is not None else self.field.template

    @property
    def id(self) -> str:
        """The HTML id of the control (of a group of controls: of its first)."""
        return control_id(self.path)

    @property
    def label(self) -> str:
        """The question."""
        return say(self.field.ask or self.field.label, self.language)

    @property
    def help(self) -> str:
        """The support text under the question."""
        return say(self.field.help, self.language) if self.field.help else ""

    @property
    def required(self) -> bool:
        """Whether ※必須 or ※任意 is printed."""
        return self.field.required

    @cached_property
    def error(self) -> str:
        """What is wrong with this field, "" when all is well."""
        return "。".join(dict.fromkeys(problem.say(self.language, gettext) for problem in self.problems))

    @property
    def wrong_parts(self) -> frozenset[str]:
        """The sub-controls that the problems name; all of them where a problem names none."""
        if any(not problem.part for problem in self.problems):
            return _EVERY
        return frozenset(problem.part for problem in self.problems)

    @property
    def typed(self) -> str:
        """What the single control holds."""
        return first(self.raw, self.path)

    @cached_property
    def parts(self) -> Parts:
        """The sub-controls by name."""
        return Parts(self.path, self.raw)

    @property
    def eras(self) -> list[str]:
        """The calendars in the order of likelihood."""
        return list(reversed(ERAS))

    def _says(self, name: str) -> str:
        text = getattr(self.field, name, None)
        return say(text, self.language) if text else ""

    @property
    def unit(self) -> str:
        """The unit after a number."""
        return self._says("unit")

    @property
    def statement(self) -> str:
        """What is agreed to."""
        return self._says("statement")

    @property
    def row_label(self) -> str:
        """What one row is called."""
        return self._says("row_label")

    @property
    def add_label(self) -> str:
        """The words of the button that adds a row."""
        return self._says("add_label")

    @property
    def choices(self) -> list[Choice]:
        """The options of a choice, or はい and いいえ."""
        options: Sequence[Option] = getattr(self.field, "options", ())
        chosen = set(self.raw.get(self.path, ()))
        texts = [(o.code, say(o.label, self.language), say(o.help, self.language) if o.help else "") for o in options]
        if hasattr(self.field, "words"):
            texts = [(code, self.field.words(flag, self.language), "") for code, flag in (("yes", True), ("no", False))]
        return [
            # The first control carries the field's own id, so that the error summary's link leads to it.
            Choice(code, label, help_, self.id if number == 0 else control_id(self.path, code), code in chosen)
            for number, (code, label, help_) in enumerate(texts)
        ]

    @property
    def landmarks(self) -> list[Choice]:
        """The places that can be chosen instead of a point."""
        chosen = self.parts["landmark"].value
        return [
            Choice(place.code, say(place.label, self.language), "", "", place.code == chosen)
            for place in getattr(self.field, "landmarks", ())
        ]

    @cached_property
    def place(self) -> str:
        """The box, the known places and the words of a place on the map, as the script reads them."""
        field = self.field
        if not isinstance(field, MapPointField):
            return ""
        known = [
            {"code": place.code, "label": say(place.label, self.language), "lat": place.lat, "lng": place.lng}
            for place in field.landmarks
        ]
        box = field.box.model_dump() if field.box else None
        return json.dumps(
            {"box": box, "landmarks": known, "words": near_words(self.language)},
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @property
    def chosen_place(self) -> str:
        """Where the point of this field lies, in words; "" while it has none."""
        if not isinstance(self.field, MapPointField) or not isinstance(self.value, dict):
            return ""
        return self.field.display({**self.value, "note": ""}, language=self.language)[0]

    @property
    def files(self) -> list[dict[str, Any]]:
        """The stored files with where to see them."""
        stored = self.value if isinstance(self.value, list) else []
        opens = self.urls.open_file if self.urls else (lambda _id: "")
        return [{**file, "url": opens(file["file_id"])} for file in stored if isinstance(file, dict) and "name" in file]

    @property
    def room_for_files(self) -> bool:
        """True while another file may be added."""
        return isinstance(self.field, FileField) and len(self.files) < self.field.max_files

    @property
    def room_for_rows(self) -> bool:
        """True while another row may be added."""
        return isinstance(self.field, GroupField) and len(self.rows) < self.field.max_rows

    @property
    def can_remove_rows(self) -> bool:
        """True while a row may go."""
        return isinstance(self.field, GroupField) and len(self.rows) > self.field.least


def widgets_of(
    definition: Definition,
    page: Page,
    *,
    raw: RawData,
    answers: Answers,
    facts: Facts,
    problems: Sequence[Problem],
    language: str,
    uploads: Callable[[str], UploadUrls] | None = None,
    only: frozenset[str] | None = None,
    heading: bool = True,
) -> list[Widget]:
    """The visible fields of a page. `uploads` gives the addresses for a path of files; `only` keeps to these paths (a correction).
    With `heading`, the label of a single question is the h1 of its page.
    """
    maker = _Maker(definition, raw, answers, facts, problems, language, uploads)
    found = [maker.widget(item) for item in page.fields if maker.scope.shows(item.key) and _wanted(item.key, only)]
    asked = [widget for widget in found if widget.fixed is None]
    if heading and len(asked) == 1 and len(found) == 1 and not isinstance(asked[0].field, GroupField):
        return [_headed(found[0])]
    return found


def _wanted(key: str, only: frozenset[str] | None) -> bool:
    return only is None or any(path.split("/")[0] == key for path in only)


def _headed(widget: Widget) -> Widget:
    from dataclasses import replace

    return replace(widget, heading=True)


class _Maker:
    """Makes the widgets of one page."""

    def __init__(
        self,
        definition: Definition,
        raw: RawData,
        answers: Answers,
        facts: Facts,
        problems: Sequence[Problem],
        language: str,
        uploads: Callable[[str], UploadUrls] | None,
    ) -> None:
        self._raw, self._answers, self._facts = raw, answers, facts
        self._problems, self._language, self._uploads = problems, language, uploads
        self._definition = definition
        self.scope = Evaluation(definition, answers, facts)

    def widget(self, item: FieldBase) -> Widget:
        """The widget of a top-level field."""
        rows = self._rows(item) if isinstance(item, GroupField) else []
        return self._make(item, item.key, self._answers.get(item.key), self._fixed(item), rows)

    def _fixed(self, item: FieldBase) -> list[str] | None:
        if isinstance(item, ComputedField):
            result = self.scope.value(item.key)
            return ["–"] if result is None else item.display(result, language=self._language)
        known = fixed_value(item, self._facts)
        return None if known is None else item.display(known, language=self._language)

    def _make(
        self, item: FieldBase, path: str, value: Value | None, fixed: list[str] | None, rows: list[Row]
    ) -> Widget:
        return Widget(
            field=item,
            path=path,
            language=self._language,
            raw=self._raw,
            problems=[problem for problem in self._problems if problem.path == path],
            fixed=fixed,
            value=value,
            rows=rows,
            urls=self._uploads(path) if self._uploads and isinstance(item, FileField) else None,
        )

    def _rows(self, group: GroupField) -> list[Row]:
        stored = {row["id"]: row for row in self._answers.get(group.key) or () if isinstance(row, Mapping)}
        rows = []
        for number, row_id in enumerate(group.row_ids(self._raw, group.key), start=1):
            row = stored.get(row_id, {"id": row_id})
            scope = RowScope(self.scope, group, row)
            widgets = [
                self._make(item, f"{group.key}/{row_id}/{item.key}", row.get(item.key), None, [])
                for item in group.fields
                if scope.shows(item)
            ]
            rows.append(Row(row_id, number, widgets, f"remove:{group.key}/{row_id}"))
        return rows
