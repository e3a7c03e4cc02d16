"""Conditions that look at answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from souto.kernel.calendar import PartialDate
from souto.kernel.errors import SoutoError
from souto.services.procedures.definition import facts
from souto.services.procedures.definition.base import Kind, Model, Reference
from souto.services.procedures.definition.conditions.node import Node, Scalar, day, decimal, same
from souto.services.procedures.definition.scope import Findings, Lookup, Scope, Shape, unknown, wrong_kind

_NUMBERLIKE = (Kind.NUMBER, Kind.DATE)


class Answered(Node):
    """The field has an answer."""

    answered: Reference

    def references(self) -> Iterator[str]:
        yield self.answered

    def holds(self, scope: Scope) -> bool:
        return scope.value(self.answered) not in (None, "", [], {})

    def findings(self, lookup: Lookup) -> Findings:
        if lookup(self.answered) is None:
            yield unknown(self.answered)


class FieldValue(Model):
    """A field and a value."""

    field: Reference
    value: Scalar


class FieldValues(Model):
    """A field and values."""

    field: Reference
    values: Annotated[tuple[Scalar, ...], Field(min_length=1)]


def _fits(shape: Shape, field: str, value: Scalar) -> Findings:
    if shape.options is not None:
        if value not in shape.options:
            yield f"「{field}」に「{value}」という選択肢はありません"
    elif shape.kind is Kind.FLAG:
        if not isinstance(value, bool):
            yield f"「{field}」は「はい・いいえ」の項目です。値は true か false にしてください"
    elif shape.kind is Kind.NUMBER:
        if isinstance(value, bool) or decimal(value) is None:
            yield f"「{field}」は数の項目です。値を数にしてください"
    elif shape.kind is Kind.TEXT:
        if not isinstance(value, str):
            yield f"「{field}」は文字の項目です。値を文字にしてください"
    else:
        yield wrong_kind(field, "文字・数・選択肢の項目")


class Equals(Node):
    """The answer is this value."""

    equals: FieldValue

    def references(self) -> Iterator[str]:
        yield self.equals.field

    def holds(self, scope: Scope) -> bool:
        return same(scope.value(self.equals.field), self.equals.value)

    def findings(self, lookup: Lookup) -> Findings:
        shape = lookup(self.equals.field)
        if shape is None:
            yield unknown(self.equals.field)
        else:
            yield from _fits(shape, self.equals.field, self.equals.value)


class OneOf(Node):
    """The answer is one of these values."""

    in_: Annotated[FieldValues, Field(alias="in")]

    def references(self) -> Iterator[str]:
        yield self.in_.field

    def holds(self, scope: Scope) -> bool:
        answer = scope.value(self.in_.field)
        return any(same(answer, value) for value in self.in_.values)

    def findings(self, lookup: Lookup) -> Findings:
        shape = lookup(self.in_.field)
        if shape is None:
            yield unknown(self.in_.field)
            return
        for value in self.in_.values:
            yield from _fits(shape, self.in_.field, value)


class Contains(Node):
    """A multiple choice has this option ticked."""

    contains: FieldValue

    def references(self) -> Iterator[str]:
        yield self.contains.field

    def holds(self, scope: Scope) -> bool:
        answer = scope.value(self.contains.field)
        return isinstance(answer, list) and self.contains.value in answer

    def findings(self, lookup: Lookup) -> Findings:
        shape = lookup(self.contains.field)
        if shape is None:
            yield unknown(self.contains.field)
        elif shape.kind is not Kind.CODES:
            yield wrong_kind(self.contains.field, "複数選択の項目")
        elif shape.options is not None and self.contains.value not in shape.options:
            yield f"「{self.contains.field}」に「{self.contains.value}」という選択肢はありません"


class Bound(Model):
    """A field and a bound: a number, an ISO date, or `today`."""

    field: Reference
    than: int | str


class Comparison(Node):
    """The shared part of the four comparisons of numbers and dates."""

    def bound(self) -> Bound:
        """The field and what it is compared with."""
        raise AssertionError(type(self).__name__)

    def compare(self, answer: Any, bound: Any) -> bool:
        """The comparison itself, of two numbers or two dates."""
        raise AssertionError(type(self).__name__)

    def references(self) -> Iterator[str]:
        yield self.bound().field

    def holds(self, scope: Scope) -> bool:
        answer, than = scope.value(self.bound().field), self.bound().than
        left: Any = decimal(answer)
        right: Any = decimal(than)
        if left is None or right is None:
            left, right = day(answer), scope.today if than == "today" else day(than)
        return left is not None and right is not None and self.compare(left, right)

    def findings(self, lookup: Lookup) -> Findings:
        field, than = self.bound().field, self.bound().than
        shape = lookup(field)
        if shape is None:
            yield unknown(field)
        elif shape.kind not in _NUMBERLIKE:
            yield wrong_kind(field, "数か日付の項目")
        elif shape.kind is Kind.NUMBER and decimal(than) is None:
            yield f"「{field}」は数の項目です。「{than}」とは比べられません"
        elif shape.kind is Kind.DATE and than != "today" and day(than) is None:
            yield f"「{field}」は日付の項目です。値は 2026-04-01 の形か today にしてください"


class Greater(Comparison):
    """More, or later."""

    greater: Bound

    def bound(self) -> Bound:
        return self.greater

    def compare(self, answer: Any, bound: Any) -> bool:
        return bool(answer > bound)


class AtLeast(Comparison):
    """As much or more, the same day or later."""

    at_least: Bound

    def bound(self) -> Bound:
        return self.at_least

    def compare(self, answer: Any, bound: Any) -> bool:
        return bool(answer >= bound)


class Less(Comparison):
    """Less, or earlier."""

    less: Bound

    def bound(self) -> Bound:
        return self.less

    def compare(self, answer: Any, bound: Any) -> bool:
        return bool(answer < bound)


class AtMost(Comparison):
    """As much or less, the same day or earlier."""

    at_most: Bound

    def bound(self) -> Bound:
        return self.at_most

    def compare(self, answer: Any, bound: Any) -> bool:
        return bool(answer <= bound)


class Age(Model):
    """A date of birth and a number of full years."""

    field: Reference
    years: Annotated[int, Field(ge=0, le=150)]


class AgeNode(Node):
    """The shared part of the two questions about age, asked of the business date."""

    def age(self) -> Age:
        """The field and the years."""
        raise AssertionError(type(self).__name__)

    def references(self) -> Iterator[str]:
        yield self.age().field

    def ages(self, scope: Scope) -> tuple[int, int] | None:
        """The youngest and the oldest age that the (perhaps partial) date allows."""
        try:
            born = PartialDate.parse(str(scope.value(self.age().field) or ""))
        except SoutoError:
            return None
        return born.ages_on(scope.today) if born.year else None

    def findings(self, lookup: Lookup) -> Findings:
        shape = lookup(self.age().field)
        if shape is None:
            yield unknown(self.age().field)
        elif shape.kind is not Kind.DATE:
            yield wrong_kind(self.age().field, "日付の項目")


class AgeAtLeast(AgeNode):
    """The person is surely that old."""

    age_at_least: Age

    def age(self) -> Age:
        return self.age_at_least

    def holds(self, scope: Scope) -> bool:
        ages = self.ages(scope)
        return ages is not None and ages[0] >= self.age_at_least.years


class AgeBelow(AgeNode):
    """The person is surely younger."""

    age_below: Age

    def age(self) -> Age:
        return self.age_below

    def holds(self, scope: Scope) -> bool:
        ages = self.ages(scope)
        return ages is not None and ages[1] < self.age_below.years


class FactTest(Model):
    """A fact with a value that it must equal, or a number that it must reach; alone, it must be known."""

    name: str
    equals: Scalar | None = None
    at_least: int | None = None


class FactIs(Node):
    """Something that the city knows besides the answers."""

    fact: FactTest

    def holds(self, scope: Scope) -> bool:
        known = scope.fact(self.fact.name)
        if self.fact.equals is not None:
            return same(known, self.fact.equals)
        if self.fact.at_least is not None:
            number = decimal(known)
            return number is not None and number >= self.fact.at_least
        return known not in (None, "")

    def findings(self, lookup: Lookup) -> Findings:
        if self.fact.name not in facts.KNOWN:
            yield f"「{self.fact.name}」という既知の情報はありません（{'、'.join(facts.KNOWN)}）"


class Always(Node):
    """Always met: `always: true` closes a list of cases."""

    always: Literal[True]

    def holds(self, scope: Scope) -> bool:
        return True
