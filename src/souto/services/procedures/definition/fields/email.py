"""An e-mail address (メールアドレス)."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, Literal

from souto.kernel.text import fold_code
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema

#: RFC 5321, 4.5.3.1: the longest path a mail server must take.
_LIMIT = 254
_LETTERS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]")
_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)


class EmailField(FieldBase):
    """One address. Whether it works only a message shows, so the rules are few; old phone addresses with odd dots pass."""

    kind: ClassVar[Kind] = Kind.TEXT
    type: Literal["email"]

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = first(raw, path)
        self.check_length(typed, limit=_LIMIT)
        return fold_code(typed).replace(" ", "") or None

    def check(self, value: Value, *, today: date) -> Value:
        text = self.check_text(value, limit=_LIMIT)
        if "@" not in text:
            raise self.problem(messages.EMAIL_AT)
        foreign = next((ch for ch in text if not _LETTERS.match(ch)), None)
        if foreign:
            raise self.problem(messages.EMAIL_LETTERS, character=foreign)
        before, _, after = text.rpartition("@")
        if not before or "@" in before or len(before) > 64 or not _DOMAIN.fullmatch(after):
            raise self.problem(messages.EMAIL_PARTS)
        return text

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [str(value)]

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "format": "email", "maxLength": _LIMIT}
