"""Expressions of computed fields (計算項目): whole numbers from answers, evaluated on the server only.

    product: [{field: copies}, 300]
    cases: [{if: {equals: {field: kind, value: paper}}, then: 300}], otherwise: 0

An operand that is not answered (or is hidden) leaves the whole uncomputed; `total` and `count` pass over such rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from souto.services.procedures.definition.base import Key, Kind, Model, Reference
from souto.services.procedures.definition.conditions import Condition
from souto.services.procedures.definition.scope import Findings, Lookup, Scope, unknown, wrong_kind

#: Beyond this a result is a mistake, not an amount.
LIMIT = 10**12


class Formula(Model):
    """One node of an expression."""

    def result(self, scope: Scope) -> int | None:
        """The number, None where something it needs is not answered."""
        raise AssertionError(type(self).__name__)

    def references(self) -> Iterator[str]:
        """The fields that it looks at."""
        yield from ()

    def findings(self, lookup: Lookup) -> Findings:
        """What an editor must mend."""
        yield from ()


class FieldOf(Formula):
    """The number that a field holds."""

    field: Reference

    def references(self) -> Iterator[str]:
        yield self.field

    def result(self, scope: Scope) -> int | None:
        answer = scope.value(self.field)
        return answer if isinstance(answer, int) and not isinstance(answer, bool) else None

    def findings(self, lookup: Lookup) -> Findings:
        shape = lookup(self.field)
        if shape is None:
            yield unknown(self.field)
        elif shape.kind is not Kind.NUMBER or shape.decimals:
            yield wrong_kind(self.field, "整数の項目")


class Constant(Formula):
    """A whole number."""

    constant: int

    def result(self, scope: Scope) -> int | None:
        return self.constant


class _Many(Formula):
    def operands(self) -> tuple[Formula, ...]:
        """The expressions below."""
        raise AssertionError(type(self).__name__)

    def references(self) -> Iterator[str]:
        for operand in self.operands():
            yield from operand.references()

    def findings(self, lookup: Lookup) -> Findings:
        for operand in self.operands():
            yield from operand.findings(lookup)

    def results(self, scope: Scope) -> list[int] | None:
        """What the operands come to, None where one of them is not answered."""
        found = [operand.result(scope) for operand in self.operands()]
        return None if any(number is None for number in found) else [number for number in found if number is not None]


class Sum(_Many):
    """The operands added."""

    sum: Annotated[tuple[Expression, ...], Field(min_length=1)]

    def operands(self) -> tuple[Formula, ...]:
        return self.sum

    def result(self, scope: Scope) -> int | None:
        found = self.results(scope)
        total = 0
        for number in found or ():
            total += number
        return None if found is None else _within(total)


class Product(_Many):
    """The operands multiplied."""

    product: Annotated[tuple[Expression, ...], Field(min_length=1)]

    def operands(self) -> tuple[Formula, ...]:
        return self.product

    def result(self, scope: Scope) -> int | None:
        found = self.results(scope)
        total = 1
        for number in found or ():
            total *= number
        return None if found is None else _within(total)


class Difference(_Many):
    """The first less the others."""

    difference: Annotated[tuple[Expression, ...], Field(min_length=2)]

    def operands(self) -> tuple[Formula, ...]:
        return self.difference

    def result(self, scope: Scope) -> int | None:
        found = self.results(scope)
        if found is None:
            return None
        total = found[0]
        for number in found[1:]:
            total -= number
        return _within(total)


class Count(Formula):
    """How many rows a group has; with `where`, how many of them meet it."""

    count: Key
    where: Condition | None = None

    def references(self) -> Iterator[str]:
        yield self.count
        if self.where:
            yield from (ref if "/" in ref else f"{self.count}/{ref}?" for ref in self.where.references())

    def result(self, scope: Scope) -> int | None:
        return sum(1 for row in scope.rows(self.count) if self.where is None or self.where.holds(row))

    def findings(self, lookup: Lookup) -> Findings:
        shape = lookup(self.count)
        if shape is None:
            yield unknown(self.count)
        elif shape.kind is not Kind.ROWS:
            yield wrong_kind(self.count, "くり返しの項目")
        elif self.where:
            yield from self.where.findings(lambda key: lookup(f"{self.count}/{key}") or lookup(key))


class RowField(Model):
    """A number field of a group's rows."""

    group: Key
    field: Key


class Total(Formula):
    """A number field of a group, added over its rows."""

    total: RowField

    def references(self) -> Iterator[str]:
        yield self.total.group
        yield f"{self.total.group}/{self.total.field}"

    def result(self, scope: Scope) -> int | None:
        answers = (row.value(self.total.field) for row in scope.rows(self.total.group))
        return _within(sum(a for a in answers if isinstance(a, int) and not isinstance(a, bool)))

    def findings(self, lookup: Lookup) -> Findings:
        reference = f"{self.total.group}/{self.total.field}"
        shape = lookup(reference)
        if shape is None:
            yield unknown(reference)
        elif shape.kind is not Kind.NUMBER or shape.decimals:
            yield wrong_kind(reference, "整数の項目")


class Case(Model):
    """A condition and what holds when it is met."""

    if_: Annotated[Condition, Field(alias="if")]
    then: Expression


class Cases(Formula):
    """The first case whose condition is met; otherwise the last word."""

    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    otherwise: Expression | None = None

    def references(self) -> Iterator[str]:
        for case in self.cases:
            yield from case.if_.references()
            yield from case.then.references()
        if self.otherwise:
            yield from self.otherwise.references()

    def result(self, scope: Scope) -> int | None:
        for case in self.cases:
            if case.if_.holds(scope):
                return case.then.result(scope)
        return self.otherwise.result(scope) if self.otherwise else None

    def findings(self, lookup: Lookup) -> Findings:
        for case in self.cases:
            yield from case.if_.findings(lookup)
            yield from case.then.findings(lookup)
        if self.otherwise:
            yield from self.otherwise.findings(lookup)


_TYPES: dict[str, type[Formula]] = {
    "field": FieldOf, "constant": Constant, "sum": Sum, "product": Product, "difference": Difference, "count": Count,
    "total": Total, "cases": Cases,
}  # fmt: skip
#: The words of the language of expressions.
WORDS = tuple(_TYPES)


def _word(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((word for word in _TYPES if word in value), None)
    return next((word for word, type_ in _TYPES.items() if type(value) is type_), None)


def _from_number(value: Any) -> Any:
    return {"constant": value} if isinstance(value, int) and not isinstance(value, bool) else value


Expression = Annotated[
    Annotated[FieldOf, Tag("field")]
    | Annotated[Constant, Tag("constant")]
    | Annotated[Sum, Tag("sum")]
    | Annotated[Product, Tag("product")]
    | Annotated[Difference, Tag("difference")]
    | Annotated[Count, Tag("count")]
    | Annotated[Total, Tag("total")]
    | Annotated[Cases, Tag("cases")],
    Discriminator(_word),
    BeforeValidator(_from_number),
]

for _model in (Sum, Product, Difference, Case, Cases):
    _model.model_rebuild()


def _within(number: int) -> int | None:
    return number if abs(number) <= LIMIT else None
