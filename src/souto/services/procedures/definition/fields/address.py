"""A postal address in Japan (住所)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.text import fold_code, strip_outer
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema

PART_LIMIT = 200
_REQUIRED = (("prefecture", messages.PREFECTURE), ("city", messages.CITY), ("town", messages.TOWN))
_PARTS = ("postal_code", "prefecture", "city", "town", "building")


class AddressField(FieldBase):
    """`{postal_code, prefecture, city, town, building}` in the order of an envelope, or `{full}` where a card says it in one line.

    The postal code is 7 plain digits (GIF); it may be left out only with `postal_code_required: false`.
    """

    kind: ClassVar[Kind] = Kind.RECORD
    type: Literal["address"]
    postal_code_required: bool = True

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = {part: first(raw, f"{path}.{part}") for part in _PARTS}
        for part, text in typed.items():
            self.check_length(text, limit=PART_LIMIT, part=part)
        address = {part: strip_outer(text) for part, text in typed.items() if strip_outer(text)}
        if not address:
            return None
        if "postal_code" in address:
            address["postal_code"] = (
                fold_code(address["postal_code"]).removeprefix("〒").replace("-", "").replace(" ", "")
            )
        return address

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, dict) or not value:
            raise self.problem(messages.UNREADABLE)
        if set(value) == {"full"}:
            return {"full": self.check_text(value["full"], limit=3 * PART_LIMIT)}
        if not set(value) <= set(_PARTS):
            raise self.problem(messages.UNREADABLE)
        checked = {
            part: self.check_text(value[part], limit=PART_LIMIT, part=part) for part in _PARTS if value.get(part)
        }
        code = checked.get("postal_code", "")
        if (code or self.postal_code_required) and not (len(code) == 7 and code.isascii() and code.isdigit()):
            raise self.problem(messages.POSTAL_CODE, part="postal_code")
        for part, message in _REQUIRED:
            if part not in checked:
                raise self.problem(message, part=part)
        return checked

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        if "full" in value:
            return {f"{path or self.key}.town": [str(value["full"])]}
        return {f"{path or self.key}.{part}": [text] for part, text in value.items()}

    def display(self, value: Value, *, language: str) -> list[str]:
        if "full" in value:
            return [str(value["full"])]
        code = value.get("postal_code", "")
        lines = [f"〒{code[:3]}-{code[3:]}"] if code else []
        lines.append("".join(value.get(part, "") for part in ("prefecture", "city", "town")))
        return lines + ([value["building"]] if value.get("building") else [])

    def json_schema(self) -> JsonSchema:
        text = {"type": "string", "minLength": 1, "maxLength": PART_LIMIT}
        parts = {**dict.fromkeys(_PARTS, text), "postal_code": {"type": "string", "pattern": "^[0-9]{7}$"}}
        required = ["prefecture", "city", "town"]
        return {
            "oneOf": [
                {
                    "type": "object",
                    "properties": parts,
                    "required": ["postal_code", *required] if self.postal_code_required else required,
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"full": {**text, "maxLength": 3 * PART_LIMIT}},
                    "required": ["full"],
                    "additionalProperties": False,
                },
            ]
        }

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        if isinstance(fact, dict):
            return {part: fact[part] for part in _PARTS if fact.get(part)} or None
        # One line cannot be cut into parts without guessing: it fills the field only where it stands as printed text.
        return {"full": fact} if isinstance(fact, str) and fact and self.verified else None
