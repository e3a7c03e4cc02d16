"""Agreement to a statement (同意)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.language import say
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.wording import Wording, ja

_AGREED = ja("同意しました", easy="いいです（同意しました）", en="Agreed")
_NOT_AGREED = ja("同意していません", easy="いいえ（同意していません）", en="Not agreed")


class ConsentField(FieldBase):
    """A tick under a `statement`; the pinned version says what was agreed to. Required: it must be ticked."""

    kind: ClassVar[Kind] = Kind.FLAG
    missing: ClassVar[str] = messages.AGREE
    type: Literal["consent"]
    statement: Wording

    def read(self, raw: RawData, *, path: str) -> Value | None:
        if first(raw, path) in ("yes", "on"):
            return True
        return None if self.required else False

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, bool):
            raise self.problem(messages.UNREADABLE)
        if self.required and not value:
            raise self.problem(messages.AGREE)
        return value

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: ["yes"]} if value else {}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [say(_AGREED if value else _NOT_AGREED, language)]

    def json_schema(self) -> JsonSchema:
        return {"const": True} if self.required else {"type": "boolean"}

    def wordings(self) -> dict[str, Wording | None]:
        return {"label": self.label, "help": self.help, "statement": self.statement}
