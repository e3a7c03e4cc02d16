"""Measures (指標の測定): each room registers how a figure is computed from its own records; the plan reads the registry.

    @measure("applications.online_share", unit="%")
    def online_share(period: Period, dimension: str | None, *, actor: Actor) -> Measured: ...

A value is never typed in: it is a quotient of counts, or a statistic of rows that the caller may open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from souto.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Period:
    """A closed range of business dates (both ends count); for a stock figure, `end` is the as-of date."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError("a period ends on or after its start")


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a figure: `counted` says whether it is in the numerator; `url` opens it for those who may.

    A room whose records are opened on the pages of a higher one names the `record` (kind, id) instead; `opened` finds its address.
    """

    label: str
    counted: bool
    detail: str = ""
    url: str = ""
    record: tuple[str, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as measured.

    `value` is None where nothing could be measured yet (denominator 0); `numerator`/`denominator` are counts, None for
    statistics such as a median; `as_of` is the instant of measuring; `rows` are those that the actor may see.
    `assumptions` are stated in words where the figure rests on any (minutes saved a page, say).
    """

    value: Decimal | None
    as_of: datetime
    numerator: int | None = None
    denominator: int | None = None
    rows: Sequence[Row] = ()
    assumptions: Mapping[str, str] = field(default_factory=dict)


class MeasureFunction(Protocol):
    """How a figure is computed: pure reading, no writes."""

    def __call__(self, period: Period, dimension: str | None, /, *, actor: Actor) -> Measured:
        """Measure over `period`, whole or for one value of the measure's dimension."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A registered measure. `unit`: `"%"`, `"件"`, `"日"`, `"枚"`, `"分"`. `stock`: it describes the state at the period's end
    rather than what happened within it.
    """

    key: str
    compute: MeasureFunction
    unit: str
    title: str
    definition: str
    stock: bool = False
    dimensions: tuple[str, ...] = ()


class UnknownMeasureError(LookupError):
    """No room has registered this measure (its room may not be built yet)."""


_registry: dict[str, Measure] = {}


def measure(
    key: str, *, unit: str, title: str, definition: str, stock: bool = False, dimensions: tuple[str, ...] = ()
) -> Callable[[MeasureFunction], MeasureFunction]:
    """Register the decorated function; `title` and `definition` are Japanese and shown beside the figure."""

    def register(compute: MeasureFunction) -> MeasureFunction:
        _registry[key] = Measure(key, compute, unit, title, definition, stock, dimensions)
        return compute

    return register


def find(key: str) -> Measure:
    """The measure `key`; raises `UnknownMeasureError` where no room offers it."""
    try:
        return _registry[key]
    except KeyError:
        raise UnknownMeasureError(key) from None


def registered() -> dict[str, Measure]:
    """Every registered measure by key."""
    return dict(_registry)


def share(numerator: int, denominator: int, *, as_of: datetime, **rest: Any) -> Measured:
    """A percentage with one decimal, None where the denominator is 0."""
    value = None if denominator == 0 else (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.1"))
    return Measured(value=value, as_of=as_of, numerator=numerator, denominator=denominator, **rest)


class Opener(Protocol):
    """Where records of one kind are opened: the addresses of those of `ids` that `actor` may open."""

    def __call__(self, ids: Sequence[UUID], *, actor: Actor) -> Mapping[UUID, str]:
        """Addresses by id; an id that is left out has no page for `actor`."""
        ...


_openers: dict[str, Opener] = {}


def open_with(kind: str, opener: Opener) -> None:
    """Register the room whose pages open records of `kind` (`applications.application`, say)."""
    _openers[kind] = opener


def opened(rows: Sequence[Row], *, actor: Actor) -> list[Row]:
    """`rows` with the address of each record that `actor` may open; asks each opener once."""
    asked: dict[str, list[UUID]] = {}
    for row in rows:
        if row.record is not None and not row.url:
            asked.setdefault(row.record[0], []).append(row.record[1])
    found = {kind: _openers[kind](ids, actor=actor) for kind, ids in asked.items() if kind in _openers}
    return [
        replace(row, url=found[row.record[0]].get(row.record[1], ""))
        if row.record is not None and row.record[0] in found and not row.url
        else row
        for row in rows
    ]
