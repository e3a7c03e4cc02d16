"""A group of fields that repeats (くり返し): one row for each child, for each vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from souto.kernel.language import say
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Kind, RawData, Value, is_row_id
from souto.services.procedures.definition.fields.address import AddressField
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.fields.choice import ChoiceField
from souto.services.procedures.definition.fields.consent import ConsentField
from souto.services.procedures.definition.fields.date import DateField
from souto.services.procedures.definition.fields.email import EmailField
from souto.services.procedures.definition.fields.file import FileField
from souto.services.procedures.definition.fields.kana import KanaField
from souto.services.procedures.definition.fields.map_point import MapPointField
from souto.services.procedures.definition.fields.multi_choice import MultiChoiceField
from souto.services.procedures.definition.fields.name import NameField
from souto.services.procedures.definition.fields.number import NumberField
from souto.services.procedures.definition.fields.phone import PhoneField
from souto.services.procedures.definition.fields.text import TextField
from souto.services.procedures.definition.fields.yen import YenField
from souto.services.procedures.definition.fields.yes_no import YesNoField
from souto.services.procedures.definition.problems import FieldProblem
from souto.services.procedures.definition.scope import Findings
from souto.services.procedures.definition.wording import Wording

#: A field of a row: every type but another group and a computed one.
ItemField = Annotated[
    TextField
    | KanaField
    | NameField
    | DateField
    | AddressField
    | PhoneField
    | EmailField
    | NumberField
    | YenField
    | ChoiceField
    | MultiChoiceField
    | YesNoField
    | ConsentField
    | FileField
    | MapPointField,
    Field(discriminator="type"),
]


class RowProblems(FieldProblem):
    """What is wrong in the rows: each finding with its path."""

    def __init__(self, found: list[tuple[str, FieldProblem]]) -> None:
        self.found = found
        super().__init__(found[0][1].message, **found[0][1].params)


class GroupField(FieldBase):
    """Rows `[{"id": "a1b2c3d4", …}]`. A row keeps its id for ever, so the path of an answer never shifts when another row goes.

    In the posted form the ids stand under the group's own name, in order; the answers under `children/a1b2c3d4/name`.
    """

    kind: ClassVar[Kind] = Kind.ROWS
    type: Literal["group"]
    fields: Annotated[tuple[ItemField, ...], Field(min_length=1, max_length=40)]
    row_label: Wording
    add_label: Wording | None = None
    min_rows: Annotated[int, Field(ge=0, le=50)] = 1
    max_rows: Annotated[int, Field(ge=1, le=50)] = 10

    @property
    def least(self) -> int:
        """The fewest rows that are taken; 0 where the group may stay empty."""
        return max(self.min_rows, 1) if self.required else self.min_rows

    def item(self, key: str) -> FieldBase | None:
        """The field `key` of a row."""
        return next((field for field in self.fields if field.key == key), None)

    def row_ids(self, raw: RawData, path: str) -> list[str]:
        """The ids of the rows that the form holds, in order, each once; at most one more than is allowed."""
        ids = [row for row in dict.fromkeys(raw.get(path, ())) if is_row_id(row)]
        return ids[: self.max_rows + 1]

    def read(self, raw: RawData, *, path: str) -> Value | None:
        """The rows with every field read, conditions aside (`answering` reads only what a row's conditions show)."""
        rows: list[dict[str, Value]] = []
        found: list[tuple[str, FieldProblem]] = []
        for row_id in self.row_ids(raw, path):
            row: dict[str, Value] = {"id": row_id}
            for field in self.fields:
                place = f"{path}/{row_id}/{field.key}"
                try:
                    value = field.read(raw, path=place) if field.posted else None
                except FieldProblem as problem:
                    found.append((place, problem))
                else:
                    if value is not None:
                        row[field.key] = value
            rows.append(row)
        if found:
            raise RowProblems(found)
        return rows or None

    def check(self, value: Value, *, today: date) -> Value:
        rows = self.check_rows(value)
        found: list[tuple[str, FieldProblem]] = []
        checked: list[dict[str, Value]] = []
        for row in rows:
            good: dict[str, Value] = {"id": row["id"]}
            for field in self.fields:
                try:
                    if field.key in row:
                        good[field.key] = field.check(row[field.key], today=today)
                    elif field.required and field.condition is None:
                        found.append((f"{self.key}/{row['id']}/{field.key}", field.problem(field.missing)))
                except FieldProblem as problem:
                    found.append((f"{self.key}/{row['id']}/{field.key}", problem))
            checked.append(good)
        if found:
            raise RowProblems(found)
        return checked

    def check_rows(self, value: Value) -> list[dict[str, Value]]:
        """The rows themselves: their ids and their number, not their fields."""
        if not isinstance(value, list) or any(
            not isinstance(row, dict) or not is_row_id(str(row.get("id", ""))) for row in value
        ):
            raise self.problem(messages.UNREADABLE)
        if len({row["id"] for row in value}) < len(value):
            raise self.problem(messages.UNREADABLE)
        if len(value) < self.least:
            raise self.problem(messages.ROWS_AT_LEAST, limit=self.least)
        if len(value) > self.max_rows:
            raise self.problem(messages.ROWS_AT_MOST, limit=self.max_rows)
        return value

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        name = path or self.key
        raw: dict[str, list[str]] = {name: [str(row["id"]) for row in value]}
        for row in value:
            for field in self.fields:
                if field.key in row:
                    raw |= field.raw_of(row[field.key], f"{name}/{row['id']}/{field.key}")
        return raw

    def display(self, value: Value, *, language: str) -> list[str]:
        lines = []
        for number, row in enumerate(value, start=1):
            lines.append(f"{say(self.row_label, language)} {number}")
            for field in self.fields:
                if field.key in row:
                    shown = " / ".join(field.display(row[field.key], language=language))
                    lines.append(f"{say(field.label, language)}: {shown}")
        return lines

    def json_schema(self) -> JsonSchema:
        row: JsonSchema = {
            "type": "object",
            "properties": {
                "id": {"type": "string", "pattern": "^[0-9a-f]{8}$"},
                **{field.key: {"title": field.label["ja"], **field.json_schema()} for field in self.fields},
            },
            "required": ["id", *(f.key for f in self.fields if f.required and f.condition is None)],
            "additionalProperties": False,
        }
        return {"type": "array", "items": row, "minItems": self.least, "maxItems": self.max_rows}

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        return None

    def wordings(self) -> Mapping[str, Wording | None]:
        return {"label": self.label, "help": self.help, "row_label": self.row_label, "add_label": self.add_label}

    def findings(self) -> Findings:
        if self.min_rows > self.max_rows:
            yield "行の最小の数が、最大の数より大きくなっています"
        keys = [field.key for field in self.fields]
        for key in sorted({key for key in keys if keys.count(key) > 1} | ({"id"} & set(keys))):
            yield f"行の中の項目のキー「{key}」は使えません（重複、または予約済み）"
