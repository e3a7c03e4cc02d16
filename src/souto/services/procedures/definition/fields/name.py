"""A person's name (氏名)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.text import strip_outer
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema

#: Characters a part, as a person counts them; a card holds 40 kanji or a long Latin name.
PART_LIMIT = 80
_PARTS = ("family", "given", "full")


class NameField(FieldBase):
    """A name exactly as given: `{"family", "given"}`, or `{"full"}` where it has no two parts. Never normalised, never shortened."""

    kind: ClassVar[Kind] = Kind.RECORD
    type: Literal["name"]

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = {part: first(raw, f"{path}.{part}") for part in _PARTS}
        # A browser's autofill and simple clients send one value under the bare name.
        typed["full"] = typed["full"] or first(raw, path)
        for part, text in typed.items():
            self.check_length(text, limit=PART_LIMIT, part=part)
        return {part: strip_outer(text) for part, text in typed.items() if strip_outer(text)} or None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, dict) or not value or not set(value) <= set(_PARTS):
            raise self.problem(messages.UNREADABLE)
        if "full" in value and len(value) > 1:
            raise self.problem(messages.NAME_TWICE, part="full")
        if "full" not in value:
            if "family" not in value:
                raise self.problem(messages.FAMILY_NAME, part="family")
            if "given" not in value:
                raise self.problem(messages.GIVEN_NAME, part="given")
        return {part: self.check_text(text, limit=PART_LIMIT, part=part) for part, text in value.items()}

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {f"{path or self.key}.{part}": [text] for part, text in value.items()}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [str(value["full"]) if "full" in value else f"{value['family']}\u3000{value['given']}"]

    def json_schema(self) -> JsonSchema:
        text = {"type": "string", "minLength": 1, "maxLength": PART_LIMIT}
        return {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"family": text, "given": text},
                    "required": ["family", "given"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"full": text},
                    "required": ["full"],
                    "additionalProperties": False,
                },
            ]
        }

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        if not isinstance(fact, str) or not fact:
            return None
        pieces = fact.split("\u3000")
        # A verified name stands as the card says it; where the person may change it, two clear parts fill two controls.
        if not self.verified and len(pieces) == 2 and all(pieces):
            return {"family": pieces[0], "given": pieces[1]}
        return {"full": fact}
