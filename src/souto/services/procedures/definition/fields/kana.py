"""A reading (フリガナ)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.errors import SoutoError
from souto.kernel.text import check_furigana, strip_outer
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema

KANA_LIMIT = 100


class KanaField(FieldBase):
    """Full-width katakana, parts separated by one U+3000. Hiragana and half-width kana are converted, not refused.

    `parts`: `full` asks in one control, `family_given` in two (セイ, メイ); the value is the same.
    """

    kind: ClassVar[Kind] = Kind.TEXT
    type: Literal["kana"]
    parts: Literal["full", "family_given"] = "full"

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = [first(raw, name) for name in (path, f"{path}.family", f"{path}.given")]
        for text in typed:
            self.check_length(text, limit=KANA_LIMIT)
        return "\u3000".join(text for text in (strip_outer(part) for part in typed) if text) or None

    def check(self, value: Value, *, today: date) -> Value:
        text = self.check_text(value, limit=KANA_LIMIT)
        try:
            return check_furigana(text)
        except SoutoError:
            raise self.problem(messages.KANA) from None

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        name = path or self.key
        pieces = str(value).split("\u3000")
        if self.parts == "family_given" and len(pieces) == 2:
            return {f"{name}.family": [pieces[0]], f"{name}.given": [pieces[1]]}
        return {name: [str(value)]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [str(value)]

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "pattern": "^[ァ-ヶー・ヽヾ\u3000]+$", "maxLength": KANA_LIMIT}

    def from_fact(self, fact: Value, facts: object) -> Value | None:
        try:
            return check_furigana(fact) if isinstance(fact, str) else None
        except SoutoError:
            return None
