"""A page of a form, ready to draw: its fields with what is typed in them, what is wrong, and what stands fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from souto.kernel.language import say
from souto.services.applications import paths
from souto.services.procedures.definition import Definition, control_id
from souto.services.procedures.definition.answering import fixed_value
from souto.services.procedures.definition.fields import ComputedField, FieldBase, FileField, GroupField


@dataclass(frozen=True)
class ShownFile:
    """A file in place."""

    id: str
    name: str
    size: int
    url: str


@dataclass(frozen=True)
class ShownField:
    """A field to draw. `raw` is the whole form (widgets look their own names up); `fixed` are the lines of a value that cannot be typed
    over; `rows` the rows of a group, each with its own fields.
    """

    field: FieldBase
    path: str
    label: str
    help: str
    error: str
    raw: Mapping[str, Sequence[str]]
    value: Any
    required: bool
    id: str
    fixed: tuple[str, ...] = ()
    rows: tuple[ShownRow, ...] = ()
    files: tuple[ShownFile, ...] = ()
    upload_url: str = ""
    heading: bool = False

    @property
    def kind(self) -> str:
        """Which of this room's parts draws it: `fixed`, `group`, `file`, `field`."""
        if self.fixed:
            return "fixed"
        if isinstance(self.field, GroupField):
            return "group"
        return "file" if isinstance(self.field, FileField) else "field"


@dataclass(frozen=True)
class ShownRow:
    """A row of a repeating group."""

    id: str
    title: str
    fields: tuple[ShownField, ...]
    removable: bool


@dataclass(frozen=True)
class FormDrawing:
    """What drawing needs: the definition, what stands, what is wrong, where files go. `record_id` is the draft's or application's."""

    definition: Definition
    answers: Mapping[str, Any]
    raw: Mapping[str, Sequence[str]]
    facts: Mapping[str, Any]
    visible: frozenset[str]
    errors: Mapping[str, str]
    language: str
    record_id: UUID
    upload_name: str = "applications:upload"

    def field(self, path: str, *, heading: bool = False) -> ShownField:
        """The field at `path`."""
        found = self.definition.field_at(path)
        assert found is not None
        value = paths.get(self.answers, path)
        fixed = fixed_value(found, self.facts) if "/" not in path else None
        if isinstance(found, ComputedField):
            fixed = self.definition.clean(dict(self.answers), self.facts).get(path)
        return ShownField(
            field=found,
            path=path,
            label=say(found.label, self.language),
            help=say(found.help, self.language) if found.help else "",
            error=self.errors.get(path, ""),
            raw=self.raw,
            value=value,
            required=found.required,
            id=control_id(path),
            fixed=tuple(found.display(fixed, language=self.language)) if fixed is not None else (),
            rows=self._rows(found, path) if isinstance(found, GroupField) else (),
            files=self._files(value) if isinstance(found, FileField) else (),
            upload_url=reverse(self.upload_name, args=[self.record_id, path]) if isinstance(found, FileField) else "",
            heading=heading,
        )

    def fields(self, shown: Sequence[str]) -> list[ShownField]:
        """The fields of `shown` that are visible; one alone carries the page's heading. A computed field shows once it is known."""
        drawn = [self.field(path) for path in shown if path in self.visible]
        drawn = [f for f in drawn if f.fixed or not isinstance(f.field, ComputedField)]
        if len(drawn) == 1 and drawn[0].kind == "field":
            return [self.field(drawn[0].path, heading=True)]
        return drawn

    def _rows(self, group: GroupField, path: str) -> tuple[ShownRow, ...]:
        ids = group.row_ids(self.raw, path)
        return tuple(
            ShownRow(
                id=row_id,
                title=f"{say(group.row_label, self.language)} {number}",
                fields=tuple(
                    self.field(place)
                    for item in group.fields
                    if (place := f"{path}/{row_id}/{item.key}") in self.visible
                ),
                removable=len(ids) > group.least,
            )
            for number, row_id in enumerate(ids, start=1)
        )

    def _files(self, value: Any) -> tuple[ShownFile, ...]:
        return tuple(
            ShownFile(
                f["file_id"], f["name"], f["size"], reverse("applications:file", args=[self.record_id, f["file_id"]])
            )
            for f in value or ()
        )
