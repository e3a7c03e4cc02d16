"""What every field type offers: one hierarchy, one class a type, for definition and value alike."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from souto.kernel.text import contains_emoji, find_problems, grapheme_length, strip_outer
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Key, Kind, Model, RawData, Value
from souto.services.procedures.definition.conditions import Condition
from souto.services.procedures.definition.problems import FieldProblem
from souto.services.procedures.definition.scope import Findings, Shape
from souto.services.procedures.definition.wording import Wording

JsonSchema = dict[str, Any]


class FieldBase(Model):
    """A question and the type of its answer. `label` is a noun (it stands in lists and errors); `ask` is the question, where the page asks one.

    `prefill` names a fact that fills the field in; with `verified` that value stands as printed text, cannot be changed, and is compared
    again when the form is sent. `gif` names the matching item of GIF (政府相互運用性フレームワーク), for hand-over.
    """

    kind: ClassVar[Kind]
    #: False where the answer does not come with the posted form (uploads are stored one by one; computed fields are computed).
    posted: ClassVar[bool] = True
    #: The sentence for an answer that is missing.
    missing: ClassVar[str] = messages.ENTER

    key: Key
    label: Wording
    ask: Wording | None = None
    help: Wording | None = None
    required: bool = True
    condition: Condition | None = None
    prefill: str | None = None
    verified: bool = False
    gif: str | None = None

    @property
    def type_name(self) -> str:
        """The word of the type in YAML: `text`, `kana`, …"""
        return str(getattr(self, "type"))  # noqa: B009 - each concrete class declares its own literal

    @property
    def template(self) -> str:
        """The template that draws the field's control."""
        return f"procedures/fields/{self.type_name}.html"

    def parse(self, raw: RawData, *, path: str, today: date) -> Value | None:
        """The value that the posted form holds under `path`; None where the person left it empty.

        Raises `FieldProblem` for an answer that cannot be taken, and for a required one that is missing.
        """
        value = self.read(raw, path=path)
        if value is None:
            if self.required:
                raise self.problem(self.missing)
            return None
        return self.check(value, today=today)

    @abstractmethod
    def read(self, raw: RawData, *, path: str) -> Value | None:
        """The typed text, folded and put in the shape of a value; None where it is empty."""

    @abstractmethod
    def check(self, value: Value, *, today: date) -> Value:
        """A stored or freshly read value in its one form; raises `FieldProblem` where it breaks a rule of the field."""

    @abstractmethod
    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        """The form data that shows `value` again; `parse` of it gives the value back."""

    @abstractmethod
    def display(self, value: Value, *, language: str) -> list[str]:
        """The value in lines for a person."""

    @abstractmethod
    def json_schema(self) -> JsonSchema:
        """JSON Schema (2020-12) of the value."""

    def shape(self) -> Shape:
        """What conditions may compare it with."""
        return Shape(self.kind)

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        """The field's value from a known fact, None where the fact does not fit."""
        return fact if isinstance(fact, str) and fact else None

    def findings(self) -> Findings:
        """What is wrong with the field itself, in Japanese, for the editor."""
        yield from ()

    def wordings(self) -> Mapping[str, Mapping[str, str] | None]:
        """The texts of the field by name, for the check of translations."""
        return {"label": self.label, "help": self.help}

    def problem(self, message: str, *, part: str = "", **params: Any) -> FieldProblem:
        """A `FieldProblem` that names this field."""
        return FieldProblem(message, part=part, label=self.label, **params)

    def check_characters(self, text: str, *, multiline: bool = False, emoji: bool = False, part: str = "") -> str:
        """`text` itself; raises where it holds what no record may hold, or emoji where they cannot be kept."""
        found = find_problems(text, multiline=multiline, limit=1)
        if found:
            if not multiline and found[0].character in "\r\n\u2028\u2029":
                raise self.problem(messages.ONE_LINE, part=part)
            raise self.problem(messages.CHARACTERS, part=part, code=f"U+{ord(found[0].character):04X}")
        if not emoji and contains_emoji(text):
            raise self.problem(messages.EMOJI, part=part)
        return text

    def check_length(self, text: str, *, limit: int, part: str = "") -> None:
        """Raise where `text` has more characters than `limit`, as a person counts them; long texts are not even walked through."""
        length = len(text) if len(text) > 8 * limit else grapheme_length(text)
        if length > limit:
            raise self.problem(messages.TOO_LONG, part=part, limit=limit, length=length)

    def check_text(self, value: Value, *, limit: int, part: str = "") -> str:
        """A one-line string within `limit`, without emoji or blanks at its ends: the common case of structured fields."""
        if not isinstance(value, str):
            raise self.problem(messages.UNREADABLE, part=part)
        self.check_length(value, limit=limit, part=part)
        text = strip_outer(value)
        if not text:
            raise self.problem(self.missing, part=part)
        return self.check_characters(text, part=part)
