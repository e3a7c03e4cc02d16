"""An amount of money (金額)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.errors import SoutoError
from souto.kernel.money import format_yen, parse_yen
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.fields.number import LIMIT
from souto.services.procedures.definition.scope import Findings


class YenField(FieldBase):
    """Whole yen, zero or more: `１２，３４５円` and `1万2千円` are read."""

    kind: ClassVar[Kind] = Kind.NUMBER
    type: Literal["yen"]
    minimum: int = 0
    maximum: int | None = None

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = first(raw, path)
        self.check_length(typed, limit=40)
        if not typed.strip():
            return None
        try:
            return int(parse_yen(typed, allow_negative=self.minimum < 0))
        except SoutoError:
            raise self.problem(messages.YEN) from None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.problem(messages.UNREADABLE)
        highest = LIMIT if self.maximum is None else self.maximum
        if value < self.minimum:
            raise self.problem(messages.AT_LEAST, limit=format_yen(self.minimum))
        if value > highest:
            raise self.problem(messages.AT_MOST, limit=format_yen(highest))
        return value

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [f"¥{value:,}" if language == "en" else format_yen(value)]

    def json_schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "integer", "minimum": self.minimum}
        return schema | ({} if self.maximum is None else {"maximum": self.maximum})

    def findings(self) -> Findings:
        if self.maximum is not None and self.minimum > self.maximum:
            yield "最小の金額が、最大の金額より大きくなっています"
