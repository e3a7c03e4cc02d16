"""Retention periods count whole fiscal years after the one of completion."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.calendar import YEARS, Retention, UnknownRetentionError, fiscal_year


@pytest.mark.parametrize(
    ("completed", "years", "first", "last"),
    [
        (date(2026, 5, 10), 5, date(2027, 4, 1), date(2032, 3, 31)),
        (date(2026, 4, 1), 1, date(2027, 4, 1), date(2028, 3, 31)),
        # The last day of a fiscal year still belongs to it, the next day to the next: a year's difference.
        (date(2027, 3, 31), 1, date(2027, 4, 1), date(2028, 3, 31)),
        (date(2027, 4, 1), 1, date(2028, 4, 1), date(2029, 3, 31)),
        (date(2024, 2, 29), 30, date(2024, 4, 1), date(2054, 3, 31)),
    ],
)
def test_a_period_runs_from_the_april_after_completion(completed: date, years: int, first: date, last: date) -> None:
    period = Retention(years)

    assert (period.starts_on(completed), period.ends_on(completed)) == (first, last)


def test_what_is_kept_for_ever_has_no_end() -> None:
    assert Retention.read("permanent").ends_on(date(2026, 5, 10)) is None


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(YEARS))
def test_nothing_is_kept_for_less_than_its_years(completed: date, years: int) -> None:
    last = Retention(years).ends_on(completed)

    assert last is not None
    assert fiscal_year(last).year - fiscal_year(completed).year == years
    assert (last.month, last.day) == (3, 31)


@pytest.mark.parametrize("value", [0, 2, 7, -1, True, "5", "永年", None, 5.0])
def test_only_the_periods_of_the_rules_are_read(value: object) -> None:
    with pytest.raises(UnknownRetentionError):
        Retention.read(value)
