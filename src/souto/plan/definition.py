"""The plan as data: `plan.toml` of the city's folder, read and checked as a whole."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from souto.kernel.calendar import FiscalYear


def _with_japanese(text: dict[str, str]) -> dict[str, str]:
    if not text.get("ja"):
        raise ValueError("a text has a Japanese wording (ja)")
    return text


Text = Annotated[dict[str, str], AfterValidator(_with_japanese)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Axis(_Part):
    """A basic policy (基本方針) or a priority measure (重点施策): a row or a column of the grid."""

    key: str
    title: Text


class Initiative(_Part):
    """An initiative (取組) in its cell of the grid."""

    number: int
    policy: str
    priority: str
    title: Text
    goal: Text


class Baseline(_Part):
    """Where the indicator stood; `as_of` the date, or `as_of_text` where the plan names no day."""

    value: Decimal
    as_of: date | None = None
    as_of_text: str = ""


class Indicator(_Part):
    """An indicator (指標). `measured` ones name a measure of a room; `manual` ones are outside figures, typed and marked;
    `milestone` ones are stages in words, not numbers. `stages` gives baseline and yearly aims in words.
    """

    key: str
    initiative: int
    title: Text
    kind: Literal["measured", "manual", "milestone"]
    measure: str = ""
    unit: str = ""
    better: Literal["up", "down"] = "up"
    denominator: str = ""
    exclusions: str = ""
    source: str = ""
    baseline: Baseline | None = None
    targets: dict[int, Decimal] = Field(default_factory=dict)
    stages: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "measured") != bool(self.measure):
            raise ValueError(f"{self.key}: a measured indicator, and only that, names its measure")
        if self.kind == "milestone" and not self.stages:
            raise ValueError(f"{self.key}: a milestone has stages")
        if self.kind != "milestone" and not self.unit:
            raise ValueError(f"{self.key}: a number has a unit")
        return self


class Plan(_Part):
    """The whole plan. `publish_from`: figures of fewer records are withheld from the public."""

    schema_version: Literal[1]
    title: Text
    first_year: int
    last_year: int
    owner: str
    wording: Literal["printed", "working"]
    publish_from: int = Field(ge=1)
    vision: Text
    policies: list[Axis]
    priorities: list[Axis]
    initiatives: list[Initiative]
    indicators: list[Indicator]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        rows, columns = {p.key for p in self.policies}, {p.key for p in self.priorities}
        numbers = [i.number for i in self.initiatives]
        for initiative in self.initiatives:
            if initiative.policy not in rows or initiative.priority not in columns:
                raise ValueError(f"initiative {initiative.number} stands in no cell of the grid")
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            raise ValueError("initiatives are numbered 1, 2, 3 … without gaps")
        keys = [i.key for i in self.indicators]
        if len(set(keys)) != len(keys):
            raise ValueError("two indicators share a key")
        years = range(self.first_year, self.last_year + 1)
        for indicator in self.indicators:
            if indicator.initiative not in numbers:
                raise ValueError(f"{indicator.key}: there is no initiative {indicator.initiative}")
            if any(year not in years for year in indicator.targets):
                raise ValueError(f"{indicator.key}: a target lies outside the plan's years")
        return self

    @property
    def years(self) -> list[FiscalYear]:
        """The plan's fiscal years (年度), first to last."""
        return [FiscalYear(year) for year in range(self.first_year, self.last_year + 1)]

    def indicator(self, key: str) -> Indicator:
        """The indicator `key`; raises `KeyError`."""
        return {i.key: i for i in self.indicators}[key]

    def in_cell(self, policy: str, priority: str) -> list[Initiative]:
        """The initiatives of one cell of the grid, by number."""
        return sorted(
            (i for i in self.initiatives if (i.policy, i.priority) == (policy, priority)), key=lambda i: i.number
        )


def load(path: Path) -> Plan:
    """Read and check a `plan.toml`; raises pydantic's `ValidationError` naming the place."""
    return Plan.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
