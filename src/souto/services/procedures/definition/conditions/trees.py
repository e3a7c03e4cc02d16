"""Conditions over conditions, and over the rows of a group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from souto.services.procedures.definition.base import Key, Kind, Model
from souto.services.procedures.definition.conditions.node import Node
from souto.services.procedures.definition.scope import Findings, Lookup, Scope, unknown, wrong_kind

if TYPE_CHECKING:
    from souto.services.procedures.definition.conditions import Condition


class All(Node):
    """Every one holds."""

    all_: Annotated[tuple[Condition, ...], Field(alias="all", min_length=1)]

    def children(self) -> tuple[Node, ...]:
        return self.all_

    def holds(self, scope: Scope) -> bool:
        return all(child.holds(scope) for child in self.all_)


class AnyOf(Node):
    """At least one holds."""

    any_: Annotated[tuple[Condition, ...], Field(alias="any", min_length=1)]

    def children(self) -> tuple[Node, ...]:
        return self.any_

    def holds(self, scope: Scope) -> bool:
        return any(child.holds(scope) for child in self.any_)


class Not(Node):
    """It does not hold."""

    not_: Annotated[Condition, Field(alias="not")]

    def children(self) -> tuple[Node, ...]:
        return (self.not_,)

    def holds(self, scope: Scope) -> bool:
        return not self.not_.holds(scope)


class RowsWhere(Model):
    """A repeating group and a condition on its rows."""

    group: Key
    where: Condition


class RowNode(Node):
    """The shared part of the two questions about rows."""

    def rows(self) -> RowsWhere:
        """The group and the condition."""
        raise AssertionError(type(self).__name__)

    def children(self) -> tuple[Node, ...]:
        return (self.rows().where,)

    def references(self) -> Iterator[str]:
        group = self.rows().group
        yield group
        for reference in self.rows().where.references():
            yield reference if "/" in reference else f"{group}/{reference}?"

    def findings(self, lookup: Lookup) -> Findings:
        group = self.rows().group
        shape = lookup(group)
        if shape is None:
            yield unknown(group)
        elif shape.kind is not Kind.ROWS:
            yield wrong_kind(group, "くり返しの項目")
        else:
            yield from self.rows().where.findings(lambda key: lookup(f"{group}/{key}") or lookup(key))


class AnyRow(RowNode):
    """At least one row meets the condition."""

    any_row: RowsWhere

    def rows(self) -> RowsWhere:
        return self.any_row

    def holds(self, scope: Scope) -> bool:
        return any(self.any_row.where.holds(row) for row in scope.rows(self.any_row.group))


class EveryRow(RowNode):
    """There are rows, and every one meets the condition."""

    every_row: RowsWhere

    def rows(self) -> RowsWhere:
        return self.every_row

    def holds(self, scope: Scope) -> bool:
        rows = scope.rows(self.every_row.group)
        return bool(rows) and all(self.every_row.where.holds(row) for row in rows)
