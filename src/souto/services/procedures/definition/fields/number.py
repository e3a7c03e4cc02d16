"""A number (数)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from souto.kernel.language import say
from souto.kernel.text import fold_code, from_kanji_number
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.scope import Findings, Shape
from souto.services.procedures.definition.wording import Wording

#: No whole number beyond this: every reader of JSON keeps it exact (2 to the 53rd).
LIMIT = 9_007_199_254_740_991
_TYPED = re.compile(r"(?P<sign>[-▲△]?)(?P<number>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<rest>[0-9]+))?")


class NumberField(FieldBase):
    """A whole number, or with `decimals` a decimal one (kept as a string: `"12.50"`). Full-width and kanji digits are read."""

    kind: ClassVar[Kind] = Kind.NUMBER
    type: Literal["number"]
    minimum: int | None = None
    maximum: int | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    unit: Wording | None = None

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = first(raw, path)
        self.check_length(typed, limit=40)
        text = fold_code(typed).replace("、", ",").replace(" ", "")
        if self.unit:
            text = text.removesuffix(self.unit["ja"])
        if not text:
            return None
        kanji = from_kanji_number(text)
        match = _TYPED.fullmatch(str(kanji) if kanji is not None else text)
        if not match:
            raise self.problem(messages.NUMBER)
        whole, rest = match["number"].replace(",", ""), match["rest"] or ""
        if rest.strip("0") and not self.decimals:
            raise self.problem(messages.NUMBER_WHOLE)
        if len(rest.rstrip("0")) > self.decimals:
            raise self.problem(messages.NUMBER_DECIMALS, decimals=self.decimals)
        number = Decimal(f"{'-' if match['sign'] else ''}{whole}.{rest or 0}")
        return f"{number:.{self.decimals}f}" if self.decimals else int(number)

    def check(self, value: Value, *, today: date) -> Value:
        number = self._decimal(value)
        lowest = -LIMIT if self.minimum is None else self.minimum
        highest = LIMIT if self.maximum is None else self.maximum
        if number < lowest:
            raise self.problem(messages.AT_LEAST, limit=f"{lowest:,}")
        if number > highest:
            raise self.problem(messages.AT_MOST, limit=f"{highest:,}")
        return f"{abs(number) if number == 0 else number:.{self.decimals}f}" if self.decimals else int(number)

    def _decimal(self, value: Value) -> Decimal:
        if not self.decimals:
            if isinstance(value, int) and not isinstance(value, bool):
                return Decimal(value)
            raise self.problem(messages.UNREADABLE)
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,16}\.[0-9]{1,6}", value):
            raise self.problem(messages.UNREADABLE)
        number = Decimal(value)
        if number != round(number, self.decimals):
            raise self.problem(messages.NUMBER_DECIMALS, decimals=self.decimals)
        return number

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        shown = f"{Decimal(str(value)):,}"
        unit = say(self.unit, language) if self.unit else ""
        return [f"{shown} {unit}" if unit and language == "en" else f"{shown}{unit}"]

    def json_schema(self) -> JsonSchema:
        if self.decimals:
            return {"type": "string", "pattern": f"^-?[0-9]+\\.[0-9]{{{self.decimals}}}$"}
        schema: JsonSchema = {"type": "integer"}
        schema |= {} if self.minimum is None else {"minimum": self.minimum}
        return schema | ({} if self.maximum is None else {"maximum": self.maximum})

    def shape(self) -> Shape:
        return Shape(Kind.NUMBER, decimals=self.decimals)

    def wordings(self) -> dict[str, Wording | None]:
        return {"label": self.label, "help": self.help, "unit": self.unit}

    def findings(self) -> Findings:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            yield "最小の数が、最大の数より大きくなっています"
