"""What a condition or a computed field may ask while it is evaluated, and while it is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from souto.services.procedures.definition.base import Kind, Value


class Scope(Protocol):
    """Answers as one place of the form sees them: a row sees its own fields before those of the form."""

    def value(self, reference: str) -> Value | None:
        """The answer, None where there is none or where the field is hidden."""

    def fact(self, name: str) -> Value | None:
        """A fact; raises `FactMissingError` for `today` when nobody passed it."""

    def rows(self, group: str) -> Sequence[Scope]:
        """One scope for each row of a repeating group; empty where the group is hidden."""

    @property
    def today(self) -> date:
        """The business date."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a reference leads to: the kind of its value, and the codes of its options where it has some."""

    kind: Kind
    options: frozenset[str] | None = None
    decimals: int = 0


#: Finds the shape behind a reference, None where no such field exists.
Lookup = Callable[[str], Shape | None]
#: Findings about an expression, in Japanese, for the editor.
Findings = Iterator[str]


def unknown(reference: str) -> str:
    """The finding about a reference that leads nowhere."""
    return f"「{reference}」という項目はありません。項目のキーを直してください"


def wrong_kind(reference: str, wanted: str) -> str:
    """The finding about a comparison that does not fit its field."""
    return f"「{reference}」は{wanted}ではないため、この条件には使えません"
