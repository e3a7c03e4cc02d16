"""The scoreboard: every indicator with the value measured a moment ago."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from souto.kernel import clock, measures
from souto.kernel.actor import Actor
from souto.kernel.calendar import FiscalYear, fiscal_year
from souto.kernel.errors import NotFoundError
from souto.kernel.measures import Measured, Period, Row
from souto.plan import definition, progress
from souto.plan.definition import Indicator, Plan
from souto.plan.models import Closing, FrozenFigure, ManualValue, StageReached
from souto.plan.progress import Standing

#: A figure is measured anew when it is older than this (seconds): a public page must not count the whole city on every visit.
FRESH = 60

_kept: dict[tuple[str, date, date], tuple[datetime, Measured]] = {}
_lock = threading.Lock()


@lru_cache(maxsize=4)
def _plan_at(path: Path, _changed: int) -> Plan:
    return definition.load(path)


def current_plan() -> Plan:
    """The city's plan, read again when its file changes."""
    path = Path(settings.CITY_DIR) / "plan.toml"
    return _plan_at(path, path.stat().st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator as it stands: `state` is `measured`, `frozen` (closed period), `manual`, `stage`, `withheld` (too few records for
    the public), `empty` (nothing to count yet) or `missing` (its room is not built yet).
    """

    indicator: Indicator
    state: str
    value: Decimal | None
    as_of: datetime | date | None
    standing: Standing
    target: Decimal | None
    target_stage: str
    stage: str
    numerator: int | None
    denominator: int | None
    note: str
    definition: str
    assumptions: dict[str, str]

    @property
    def mark(self) -> str:
        """The sign of the standing."""
        return progress.MARKS[self.standing][0]

    @property
    def word(self) -> str:
        """The standing in a word."""
        return gettext(progress.MARKS[self.standing][1])


def period_of(year: int) -> Period:
    """The part of fiscal year `year` that has passed, today included; the whole of a past one."""
    whole = FiscalYear(year)
    return Period(whole.first_day, max(whole.first_day, min(whole.last_day, clock.today())))


def current_year(plan: Plan) -> int:
    """The plan's fiscal year that runs today (its first or last one outside the plan's time)."""
    return min(max(fiscal_year(clock.today()).year, plan.first_year), plan.last_year)


def scoreboard(*, actor: Actor, year: int | None = None) -> list[Figure]:
    """Every indicator in the plan's order, for fiscal year `year` (default: the current one)."""
    plan = current_plan()
    chosen = year if year is not None else current_year(plan)
    return [figure(actor=actor, plan=plan, indicator=i, year=chosen) for i in plan.indicators]


def figure(*, actor: Actor, plan: Plan, indicator: Indicator, year: int) -> Figure:
    """One indicator for fiscal year `year`."""
    if indicator.kind == "milestone":
        return _stage(plan, indicator, year)
    if indicator.kind == "manual":
        return _manual(plan, indicator, year)
    return _measured(actor, plan, indicator, year)


#: States in which there is no number to judge.
_WORDLESS = {"withheld": Standing.WITHHELD, "stage": Standing.STAGE}


def _made(
    plan: Plan, indicator: Indicator, year: int, *, state: str, value: Decimal | None = None, note: str = "",
    as_of: datetime | date | None = None, measured: Measured | None = None, text: str = "", stage: str = "",
) -> Figure:  # fmt: skip
    day = period_of(year).end
    return Figure(
        indicator=indicator,
        state=state,
        value=value,
        as_of=as_of,
        standing=_WORDLESS.get(state) or progress.standing(plan, indicator, value, day),
        target=indicator.targets.get(year),
        target_stage=indicator.stages.get(str(year), ""),
        stage=stage,
        numerator=measured.numerator if measured and state != "withheld" else None,
        denominator=measured.denominator if measured and state != "withheld" else None,
        note=note,
        definition=text,
        assumptions=dict(measured.assumptions) if measured else {},
    )


def _measured(actor: Actor, plan: Plan, indicator: Indicator, year: int) -> Figure:
    try:
        measure = measures.find(indicator.measure)
    except measures.UnknownMeasureError:
        return _made(plan, indicator, year, state="missing")
    period = period_of(year)
    frozen = _frozen(indicator, FiscalYear(year))
    measured = frozen or _fresh(indicator.measure, period)
    state = "frozen" if frozen else "measured"
    if measured.value is None:
        state = "empty"
    elif _too_few(measured, plan) and not actor.may("plan.rows"):
        return _made(plan, indicator, year, state="withheld", measured=measured, text=measure.definition)
    return _made(
        plan,
        indicator,
        year,
        state=state,
        value=measured.value,
        as_of=measured.as_of,
        measured=measured,
        text=measure.definition,
    )


def _too_few(measured: Measured, plan: Plan) -> bool:
    return measured.denominator is not None and 0 < measured.denominator < plan.publish_from


def _fresh(key: str, period: Period) -> Measured:
    """The measure without rows, at most `FRESH` seconds old."""
    slot = (key, period.start, period.end)
    with _lock:
        kept = _kept.get(slot)
    if kept and clock.real_now() - kept[0] < timedelta(seconds=FRESH):
        return kept[1]
    measured = measures.find(key).compute(period, None, actor=Actor.system("plan"))
    with _lock:
        if len(_kept) > 500:
            _kept.clear()
        _kept[slot] = (clock.real_now(), measured)
    return measured


def forget_fresh() -> None:
    """Measure everything anew at the next look."""
    with _lock:
        _kept.clear()


def _frozen(indicator: Indicator, year: FiscalYear) -> Measured | None:
    found = FrozenFigure.objects.filter(
        indicator=indicator.key, closing__start=year.first_day, closing__end=year.last_day
    ).first()
    if found is None:
        return None
    return Measured(
        value=found.value,
        as_of=found.as_of,
        numerator=found.numerator,
        denominator=found.denominator,
        assumptions=found.assumptions,
    )


def _manual(plan: Plan, indicator: Indicator, year: int) -> Figure:
    found = (
        ManualValue.objects.filter(indicator=indicator.key, as_of__lte=period_of(year).end)
        .order_by("-as_of", "-entered_at")
        .first()
    )
    if found is None:
        return _made(plan, indicator, year, state="empty", text=indicator.source)
    return _made(
        plan,
        indicator,
        year,
        state="manual",
        value=found.value,
        as_of=found.as_of,
        note=found.source,
        text=indicator.source,
    )


def _stage(plan: Plan, indicator: Indicator, year: int) -> Figure:
    found = (
        StageReached.objects.filter(indicator=indicator.key, as_of__lte=period_of(year).end)
        .order_by("-as_of", "-entered_at")
        .first()
    )
    if found is None:
        return _made(plan, indicator, year, state="stage", stage=indicator.stages.get("baseline", ""))
    return _made(
        plan,
        indicator,
        year,
        state="stage",
        as_of=found.as_of,
        note=found.evidence,
        stage=indicator.stages.get(found.stage, found.stage),
    )


def find_indicator(key: str) -> Indicator:
    """The indicator `key` of the current plan; `NotFoundError` otherwise."""
    try:
        return current_plan().indicator(key)
    except KeyError:
        raise NotFoundError from None


def rows_of(*, actor: Actor, indicator: Indicator, year: int) -> Sequence[Row]:
    """The records behind a figure: to staff, and of those each only what the measure's own room lets through; the public sees none."""
    if indicator.kind != "measured" or not may_open_rows(actor):
        return ()
    try:
        measure = measures.find(indicator.measure)
    except measures.UnknownMeasureError:
        return ()
    return measures.opened(measure.compute(period_of(year), None, actor=actor).rows, actor=actor)


def may_open_rows(actor: Actor) -> bool:
    """True for those who may ask for the records behind figures."""
    return actor.is_staff or actor.is_system


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an indicator's course: `value` as measured or typed, `target` as planned."""

    label: str
    value: Decimal | None
    target: Decimal | None


def course(*, actor: Actor, indicator: Indicator) -> list[Point]:
    """Baseline and each year of the plan: what was aimed at and what was measured (None for years to come)."""
    plan = current_plan()
    points = []
    if indicator.baseline is not None:
        day = indicator.baseline.as_of
        label = day.strftime("%Y/%m/%d") if day else indicator.baseline.as_of_text
        points.append(Point(label=label, value=indicator.baseline.value, target=None))
    today = clock.today()
    for year in plan.years:
        begun = year.first_day <= today
        value = figure(actor=actor, plan=plan, indicator=indicator, year=year.year).value if begun else None
        points.append(Point(label=f"{year.year}", value=value, target=indicator.targets.get(year.year)))
    return points


def closings() -> list[Closing]:
    """The closed periods, newest first."""
    return list(Closing.objects.order_by("-start"))
