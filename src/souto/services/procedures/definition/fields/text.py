"""Free text and codes (文字)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from souto.kernel.text import fold_code, grapheme_length, strip_outer
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.scope import Findings

ONE_LINE_LIMIT = 500
MULTILINE_LIMIT = 2000


class TextField(FieldBase):
    """A line, or with `multiline` a few. Kept as typed, but for blanks at the ends; emoji are welcome.

    `format`: `digits` and `alphanumeric` are codes: width is folded, hyphens and blanks go. `length` is then the exact number of digits.
    """

    kind: ClassVar[Kind] = Kind.TEXT
    type: Literal["text"]
    multiline: bool = False
    format: Literal["any", "digits", "alphanumeric"] = "any"
    min_length: Annotated[int, Field(ge=0, le=10_000)] = 0
    max_length: Annotated[int, Field(ge=1, le=10_000)] | None = None
    length: Annotated[int, Field(ge=1, le=40)] | None = None
    autocomplete: str | None = None

    @property
    def limit(self) -> int:
        """The most characters that are taken: 500 in a line, 2000 in several, where the editor says nothing else."""
        return self.max_length or (MULTILINE_LIMIT if self.multiline else ONE_LINE_LIMIT)

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = first(raw, path)
        self.check_length(typed, limit=self.limit)
        code = self.format != "any"
        text = fold_code(typed).replace("-", "").replace(" ", "") if code else _tidy(typed)
        return text or None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, str):
            raise self.problem(messages.UNREADABLE)
        self.check_length(value, limit=self.limit)
        value = _tidy(value)
        if not value:
            raise self.problem(self.missing)
        self.check_characters(value, multiline=self.multiline, emoji=self.format == "any")
        if self.format != "any":
            self._check_code(value)
        count = grapheme_length(value)
        if count < self.min_length:
            raise self.problem(messages.TOO_SHORT, limit=self.min_length, length=count)
        return value

    def _check_code(self, value: str) -> None:
        if self.format == "digits" and not (value.isascii() and value.isdigit()):
            raise self.problem(messages.DIGITS_ONLY)
        if self.format == "alphanumeric" and not (value.isascii() and value.isalnum()):
            raise self.problem(messages.ALPHANUMERIC_ONLY)
        if self.length and len(value) != self.length:
            missing = self.length - len(value)
            if self.format == "digits" and 0 < missing <= 3:
                raise self.problem(messages.DIGITS_PAD, length=self.length, given=len(value), missing=missing)
            raise self.problem(messages.DIGITS_LENGTH, length=self.length)

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return str(value).split("\n")

    def json_schema(self) -> JsonSchema:
        schema: JsonSchema = {"type": "string", "minLength": max(1, self.min_length), "maxLength": self.limit}
        if self.format == "digits":
            schema["pattern"] = f"^[0-9]{{{self.length}}}$" if self.length else "^[0-9]+$"
        elif self.format == "alphanumeric":
            schema["pattern"] = "^[0-9A-Za-z]+$"
        return schema

    def findings(self) -> Findings:
        if self.multiline and self.format != "any":
            yield "何行も書ける項目に、数字や英数字の形式は付けられません"
        if self.length and self.format == "any":
            yield "桁数（length）は、数字か英数字の形式の項目にだけ付けられます"
        if self.min_length > self.limit:
            yield "最小の文字数が、最大の文字数より大きくなっています"


def _tidy(text: str) -> str:
    return strip_outer(text.replace("\r\n", "\n").replace("\r", "\n"))
