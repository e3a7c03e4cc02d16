"""One of several options (選択)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from souto.kernel.language import say
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Code, Facts, Kind, Model, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.scope import Findings, Shape
from souto.services.procedures.definition.wording import Wording


class Option(Model):
    """A code that is stored and the words that are shown."""

    code: Code
    label: Wording
    help: Wording | None = None


Options = Annotated[tuple[Option, ...], Field(min_length=1, max_length=100)]


def label_of(options: tuple[Option, ...], code: str, language: str) -> str:
    """The words of `code`, the code itself where the list no longer holds it."""
    return next((say(option.label, language) for option in options if option.code == code), code)


def option_wordings(options: tuple[Option, ...]) -> Mapping[str, Wording | None]:
    """The texts of `options` by name, for the check of translations."""
    labels: dict[str, Wording | None] = {f"options.{option.code}": option.label for option in options}
    return labels | {f"options.{option.code}.help": option.help for option in options if option.help}


def option_findings(options: tuple[Option, ...]) -> Findings:
    """Codes that occur twice."""
    codes = [option.code for option in options]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"選択肢のコード「{code}」が2回あります"


class ChoiceField(FieldBase):
    """The code of one option. `look`: radio buttons up to seven options, a list beyond that, unless the editor says."""

    kind: ClassVar[Kind] = Kind.CODE
    missing: ClassVar[str] = messages.CHOOSE
    type: Literal["choice"]
    options: Options
    look: Literal["auto", "radio", "select"] = "auto"

    @property
    def as_select(self) -> bool:
        """True where a list is drawn instead of radio buttons."""
        return self.look == "select" or (self.look == "auto" and len(self.options) > 7)

    def read(self, raw: RawData, *, path: str) -> Value | None:
        return first(raw, path) or None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, str) or all(option.code != value for option in self.options):
            raise self.problem(messages.OPTION_GONE)
        return value

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [label_of(self.options, str(value), language)]

    def json_schema(self) -> JsonSchema:
        return {"oneOf": [{"const": option.code, "title": option.label["ja"]} for option in self.options]}

    def shape(self) -> Shape:
        return Shape(Kind.CODE, frozenset(option.code for option in self.options))

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        return fact if any(option.code == fact for option in self.options) else None

    def wordings(self) -> Mapping[str, Wording | None]:
        return {"label": self.label, "help": self.help, **option_wordings(self.options)}

    def findings(self) -> Findings:
        yield from option_findings(self.options)
