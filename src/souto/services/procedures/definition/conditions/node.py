"""One node of a condition, and how answers are compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from souto.kernel.calendar import PartialDate
from souto.kernel.errors import SoutoError
from souto.services.procedures.definition.base import Model
from souto.services.procedures.definition.scope import Findings, Lookup, Scope

Scalar = bool | int | str


class Node(Model):
    """One node of the tree."""

    def holds(self, scope: Scope) -> bool:
        """True when the condition is met."""
        raise AssertionError(type(self).__name__)

    def children(self) -> tuple[Node, ...]:
        """The nodes below."""
        return ()

    def references(self) -> Iterator[str]:
        """The fields that this node and those below look at."""
        for child in self.children():
            yield from child.references()

    def findings(self, lookup: Lookup) -> Findings:
        """What an editor must mend."""
        for child in self.children():
            yield from child.findings(lookup)


def same(answer: Any, value: Scalar) -> bool:
    """True when an answer is the value, numbers compared as numbers."""
    if isinstance(value, bool) or isinstance(answer, bool):
        return answer is value
    if isinstance(value, int) and not isinstance(answer, list | dict):
        return decimal(answer) == value
    return bool(answer == value)


def decimal(value: Any) -> Decimal | None:
    """The number that an answer holds."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def day(value: Any) -> date | None:
    """The day that an answer holds, None where it is known in part only."""
    try:
        return PartialDate.parse(value).complete if isinstance(value, str) else None
    except SoutoError:
        return None
