"""Any of several options (複数選択)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Code, Kind, RawData, Value
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.fields.choice import Options, label_of, option_findings, option_wordings
from souto.services.procedures.definition.scope import Findings, Shape
from souto.services.procedures.definition.wording import Wording


class MultiChoiceField(FieldBase):
    """Codes of the ticked options, in the options' order. `exclusive` ones (「どれでもない」) stand alone."""

    kind: ClassVar[Kind] = Kind.CODES
    missing: ClassVar[str] = messages.CHOOSE
    type: Literal["multi_choice"]
    options: Options
    minimum: Annotated[int, Field(ge=0)] = 0
    maximum: Annotated[int, Field(ge=1)] | None = None
    exclusive: tuple[Code, ...] = ()

    def read(self, raw: RawData, *, path: str) -> Value | None:
        return [code for code in raw.get(path, ())[: 2 * len(self.options)] if code] or None

    def check(self, value: Value, *, today: date) -> Value:
        known = [option.code for option in self.options]
        if not isinstance(value, list) or not value or any(code not in known for code in value):
            raise self.problem(messages.OPTION_GONE)
        codes = [code for code in known if code in value]
        alone = next((code for code in codes if code in self.exclusive), None)
        if alone and len(codes) > 1:
            option = next(option for option in self.options if option.code == alone)
            raise self.problem(messages.EXCLUSIVE, option=option.label)
        if not alone and len(codes) < self.minimum:
            raise self.problem(messages.CHOOSE_AT_LEAST, limit=self.minimum)
        if self.maximum is not None and len(codes) > self.maximum:
            raise self.problem(messages.CHOOSE_AT_MOST, limit=self.maximum)
        return codes

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(code) for code in value]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [label_of(self.options, code, language) for code in value]

    def json_schema(self) -> JsonSchema:
        schema: JsonSchema = {
            "type": "array",
            "items": {"oneOf": [{"const": option.code, "title": option.label["ja"]} for option in self.options]},
            "uniqueItems": True,
            "minItems": 1 if self.exclusive else max(1, self.minimum),
        }
        return schema | ({} if self.maximum is None else {"maxItems": self.maximum})

    def shape(self) -> Shape:
        return Shape(Kind.CODES, frozenset(option.code for option in self.options))

    def wordings(self) -> Mapping[str, Wording | None]:
        return {"label": self.label, "help": self.help, **option_wordings(self.options)}

    def findings(self) -> Findings:
        yield from option_findings(self.options)
        for code in self.exclusive:
            if all(option.code != code for option in self.options):
                yield f"「{code}」という選択肢はありません（exclusive）"
        if self.minimum > (self.maximum or len(self.options)):
            yield "選ぶ数の最小が、最大より大きくなっています"
