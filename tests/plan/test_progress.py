"""How an indicator stands: a straight line from the baseline through each year's target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.plan import definition, progress
from souto.plan.progress import Standing

PLAN = definition.load(Path(__file__).parents[2] / "cities" / "hachioji" / "plan.toml")
JPKI = PLAN.indicator("jpki-share")  # 3 -> 50 -> 100
DAYS = PLAN.indicator("working-days")


@pytest.mark.parametrize(
    ("day", "line"),
    [(date(2026, 4, 1), 3), (date(2027, 3, 31), 50), (date(2028, 3, 31), 100), (date(2029, 1, 1), 100)],
)
def test_the_line_meets_every_aim(day: date, line: int) -> None:
    assert progress.expected(PLAN, JPKI, day) == line


@pytest.mark.parametrize(
    ("value", "standing"),
    [
        (None, Standing.UNMEASURED),
        (Decimal(50), Standing.REACHED),
        (Decimal(27), Standing.ON_COURSE),
        (Decimal(20), Standing.WATCH),
        (Decimal(5), Standing.BEHIND),
    ],
)
def test_standing_in_the_middle_of_the_first_year(value: Decimal | None, standing: Standing) -> None:
    assert progress.standing(PLAN, JPKI, value, date(2026, 10, 1)) is standing


def test_no_target_no_judgement() -> None:
    assert progress.standing(PLAN, DAYS, Decimal(4), date(2026, 10, 1)) is Standing.NO_TARGET


ORDER = [Standing.BEHIND, Standing.WATCH, Standing.ON_COURSE, Standing.REACHED]


@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1), st.dates(date(2026, 4, 1), date(2028, 3, 31)))
def test_more_never_stands_worse(a: Decimal, b: Decimal, day: date) -> None:
    low, high = sorted((a, b))

    assert ORDER.index(progress.standing(PLAN, JPKI, low, day)) <= ORDER.index(progress.standing(PLAN, JPKI, high, day))
