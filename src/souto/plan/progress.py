"""How an indicator stands against its aim (pure arithmetic).

On course (順調) means: at least as far as a straight line from the baseline, at the first day of the plan, to the year's target, at the
year's last day, would be today. Watch (注意): at least half of that way. Behind (遅れ): less. Reached (達成) counts from the day it is.

What has no number to judge says why: a stage in words (段階), withheld from the public because few records stand behind it (非公表), or not
measured (未測定).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext_noop as _

from souto.kernel.calendar import FiscalYear
from souto.plan.definition import Indicator, Plan


class Standing(StrEnum):
    """Shown with a mark and a word; the colour never stands alone."""

    REACHED = "reached"
    ON_COURSE = "on_course"
    WATCH = "watch"
    BEHIND = "behind"
    NO_TARGET = "no_target"
    STAGE = "stage"
    WITHHELD = "withheld"
    UNMEASURED = "unmeasured"


#: Mark and word of each standing; the words are msgids, translated where they are shown.
MARKS = {
    Standing.REACHED: ("●", _("達成")),
    Standing.ON_COURSE: ("●", _("順調")),
    Standing.WATCH: ("▲", _("注意")),
    Standing.BEHIND: ("■", _("遅れ")),
    Standing.NO_TARGET: ("－", _("目標値なし")),
    Standing.STAGE: ("◇", _("段階で表す")),
    Standing.WITHHELD: ("◇", _("非公表")),
    Standing.UNMEASURED: ("□", _("未測定")),
}


def expected(plan: Plan, indicator: Indicator, day: date) -> Decimal | None:
    """Where the indicator would stand on `day` if it moved evenly from aim to aim; None without baseline or target."""
    if indicator.baseline is None or not indicator.targets:
        return None
    points = [(FiscalYear(plan.first_year).first_day, indicator.baseline.value)]
    points += [(FiscalYear(year).last_day, value) for year, value in sorted(indicator.targets.items())]
    for (start, low), (end, high) in pairwise(points):
        if day <= end:
            passed = Decimal(max(0, (day - start).days)) / Decimal((end - start).days)
            return low + (high - low) * passed
    return points[-1][1]


def standing(plan: Plan, indicator: Indicator, value: Decimal | None, day: date) -> Standing:
    """How `value` stands on `day`."""
    if value is None:
        return Standing.UNMEASURED
    aim = indicator.targets.get(_year_of(plan, day))
    line = expected(plan, indicator, day)
    if aim is None or line is None or indicator.baseline is None:
        return Standing.NO_TARGET
    sign = 1 if indicator.better == "up" else -1
    if sign * (value - aim) >= 0:
        return Standing.REACHED
    if sign * (value - line) >= 0:
        return Standing.ON_COURSE
    half_way = indicator.baseline.value + (line - indicator.baseline.value) / 2
    return Standing.WATCH if sign * (value - half_way) >= 0 else Standing.BEHIND


def _year_of(plan: Plan, day: date) -> int:
    year = day.year if day.month >= 4 else day.year - 1
    return min(max(year, plan.first_year), plan.last_year)
