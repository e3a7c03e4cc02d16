from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.calendar import FiscalYear, FiscalYearUnreadableError, fiscal_year, parse_fiscal_year

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


@given(days)
def test_each_day_lies_in_exactly_its_own_year(day):
    year = fiscal_year(day)

    assert day in year
    assert day not in year.next
    assert day not in year.previous


@given(days)
def test_years_join_without_a_gap(day):
    year = fiscal_year(day)

    assert year.next.first_day - year.last_day == timedelta(days=1)
    assert year.previous < year < year.next


@given(st.integers(1873, 2100))
def test_labels_are_read_back(year):
    wanted = FiscalYear(year)

    assert parse_fiscal_year(wanted.label) == wanted
    assert parse_fiscal_year(wanted.era_label) == wanted
    assert parse_fiscal_year(str(wanted)) == wanted


@pytest.mark.parametrize(
    ("year", "label"),
    [
        (2026, "2026年度（令和8年度）"),
        (2019, "2019年度（令和元年度）"),
        (2018, "2018年度（平成30年度）"),
        (1989, "1989年度（平成元年度）"),
        (1988, "1988年度（昭和63年度）"),
        (1926, "1926年度（大正15年度）"),
    ],
)
def test_labels(year, label):
    assert FiscalYear(year).label == label


def test_the_first_and_last_day_belong_to_it():
    assert fiscal_year(date(2026, 4, 1)) == FiscalYear(2026)
    assert fiscal_year(date(2027, 3, 31)) == FiscalYear(2026)
    assert fiscal_year(date(2026, 3, 31)) == FiscalYear(2025)


def test_twelve_months_from_april():
    months = FiscalYear(2026).months()

    assert months[0] == date(2026, 4, 1)
    assert months[-1] == date(2027, 3, 1)
    assert len(months) == len(set(months)) == 12


@pytest.mark.parametrize("text", ["R8", "令和８年度", "Ｒ８年度", "令和八年度", "2026", " 2026 年度"])
def test_one_year_typed_in_many_ways(text):
    assert parse_fiscal_year(text) == FiscalYear(2026)


@pytest.mark.parametrize("text", ["", "今年度", "26", "令和0年度", "昭和70年度", "平成40年度", "令和年度"])
def test_what_names_no_year_is_refused(text):
    with pytest.raises(FiscalYearUnreadableError):
        parse_fiscal_year(text)
