"""A telephone number (電話番号)."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, Literal

from souto.kernel.text import fold_code
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema

_LIMIT = 40
_SEPARATORS = re.compile(r"[\s().\-/]+")
_VALUE = re.compile(r"\+?[0-9]+(-[0-9]+)*")


class PhoneField(FieldBase):
    """Digits in ASCII, with the hyphens that the person typed (no area table guesses them); `+81` becomes the leading 0."""

    kind: ClassVar[Kind] = Kind.TEXT
    type: Literal["phone"]

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = first(raw, path)
        self.check_length(typed, limit=_LIMIT)
        text = _SEPARATORS.sub("-", fold_code(typed)).strip("-")
        if text.startswith("+81"):
            text = "0" + text[3:].removeprefix("-").removeprefix("0-").removeprefix("0")
        return text or None

    def check(self, value: Value, *, today: date) -> Value:
        text = self.check_text(value, limit=_LIMIT)
        if not _VALUE.fullmatch(text):
            raise self.problem(messages.PHONE_DIGITS)
        digits = text.replace("-", "")
        if digits.startswith("+"):
            if not 8 <= len(digits) - 1 <= 15:
                raise self.problem(messages.PHONE_DIGITS)
        elif not digits.startswith("0"):
            raise self.problem(messages.PHONE_AREA)
        elif len(digits) not in (10, 11):
            raise self.problem(messages.PHONE_DIGITS)
        return text

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [str(value)]

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "pattern": "^\\+?[0-9]+(-[0-9]+)*$", "maxLength": _LIMIT}
