"""A number that the form works out itself (計算項目)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.language import say
from souto.kernel.money import format_yen
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Kind, RawData, Value
from souto.services.procedures.definition.expressions import Expression
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.wording import Wording


class ComputedField(FieldBase):
    """Shown, never entered; worked out on the server from the other answers (see `expressions`)."""

    kind: ClassVar[Kind] = Kind.NUMBER
    posted: ClassVar[bool] = False
    type: Literal["computed"]
    compute: Expression
    result: Literal["number", "yen"] = "number"
    unit: Wording | None = None

    def read(self, raw: RawData, *, path: str) -> Value | None:
        return None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.problem(messages.UNREADABLE)
        return value

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {}

    def display(self, value: Value, *, language: str) -> list[str]:
        if self.result == "yen":
            return [f"¥{value:,}" if language == "en" else format_yen(value)]
        unit = say(self.unit, language) if self.unit else ""
        return [f"{value:,} {unit}" if unit and language == "en" else f"{value:,}{unit}"]

    def json_schema(self) -> JsonSchema:
        return {"type": "integer", "readOnly": True}

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        return None

    def wordings(self) -> dict[str, Wording | None]:
        return {"label": self.label, "help": self.help, "unit": self.unit}
