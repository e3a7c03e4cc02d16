"""Yes or no (はい・いいえ)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from souto.kernel.language import say
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.wording import Wording, ja

YES = ja("はい", easy="はい", en="Yes")
NO = ja("いいえ", easy="いいえ", en="No")


class YesNoField(FieldBase):
    """True or false; the editor may put other words (`持っている`, `持っていない`)."""

    kind: ClassVar[Kind] = Kind.FLAG
    missing: ClassVar[str] = messages.CHOOSE
    type: Literal["yes_no"]
    yes: Wording | None = None
    no: Wording | None = None

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = first(raw, path)
        # Anything that is no radio button of ours is left for `check` to refuse.
        return {"": None, "yes": True, "no": False}.get(typed, typed)

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, bool):
            raise self.problem(messages.OPTION_GONE)
        return value

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        return {path or self.key: ["yes" if value else "no"]}

    def display(self, value: Value, *, language: str) -> list[str]:
        return [self.words(value, language)]

    def words(self, value: bool, language: str) -> str:  # noqa: FBT001 - the answer itself
        """The words for an answer."""
        return say((self.yes or YES) if value else (self.no or NO), language)

    def json_schema(self) -> JsonSchema:
        return {"type": "boolean"}

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        return fact if isinstance(fact, bool) else None

    def wordings(self) -> dict[str, Wording | None]:
        return {"label": self.label, "help": self.help, "yes": self.yes, "no": self.no}
