from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.calendar import (
    BeforeErasError,
    DateError,
    DateUnreadableError,
    DayNotInMonthError,
    Era,
    EraDate,
    EraEndedError,
    EraNotBegunError,
    EraYearError,
    LunisolarDateError,
    MonthError,
    format_date,
    format_date_with_era,
    format_year,
    from_era,
    parse_date,
    parse_era,
    to_era,
)

solar_days = st.dates(min_value=date(1873, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(1868, 1, 25), "明治元年1月25日"),
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2026, 11, 22), "令和8年11月22日"),
    ],
)
def test_the_days_on_which_eras_change(day, text):
    assert str(to_era(day)) == text
    if day >= date(1873, 1, 1):
        assert parse_era(text) == day


@given(solar_days)
def test_every_solar_day_survives_both_calendars(day):
    assert parse_era(str(to_era(day))) == day
    assert parse_era(to_era(day).short) == day
    assert parse_date(format_date(day, weekday=True)) == day
    assert parse_date(format_date_with_era(day)) == day
    assert to_era(day).to_date() == day


@given(solar_days)
def test_eras_follow_each_other_without_a_gap(day):
    today, tomorrow = to_era(day), to_era(day + timedelta(days=1))

    assert (today.era, today.year) <= (tomorrow.era, tomorrow.year) if today.era is tomorrow.era else True
    assert tomorrow.era.value - today.era.value in (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "令和元年５月１日",
        "R1.5.1",
        "r1/5/1",
        "令和 1 年 5 月 1 日",
        "令和一年五月一日",
        "R元.5.1",
        "令和01年05月01日",
        "㋿1年5月1日",
        "Ｒ１－５－１",
    ],
)
def test_one_day_typed_in_many_ways(text):
    assert parse_era(text) == date(2019, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026年2月3日",
        "2026/2/3",
        "2026-02-03",
        "20260203",
        "２０２６．２．３",
        "西暦2026年2月3日",
        "二〇二六年二月三日",
    ],
)
def test_gregorian_dates_are_read_too(text):
    assert parse_date(text) == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("昭和65年1月1日", EraYearError, "昭和は64年までです。年号か年を直してください。"),
        ("平成32年1月1日", EraYearError, "平成は31年までです。年号か年を直してください。"),
        ("大正16年1月1日", EraYearError, "大正は15年までです。年号か年を直してください。"),
        (
            "平成31年5月1日",
            EraEndedError,
            "平成は31年4月30日までです。この日は令和元年5月1日です。年号か日付を直してください。",
        ),
        (
            "昭和64年1月8日",
            EraEndedError,
            "昭和は64年1月7日までです。この日は平成元年1月8日です。年号か日付を直してください。",
        ),
        (
            "平成元年1月7日",
            EraNotBegunError,
            "平成は元年1月8日からです。この日は昭和64年1月7日です。年号か日付を直してください。",
        ),
        (
            "令和元年4月30日",
            EraNotBegunError,
            "令和は元年5月1日からです。この日は平成31年4月30日です。年号か日付を直してください。",
        ),
        ("令和8年2月30日", DayNotInMonthError, "令和8年2月は28日までです。日を直してください。"),
        ("2026年2月30日", DayNotInMonthError, "2026年2月は28日までです。日を直してください。"),
        ("平成31年4月31日", DayNotInMonthError, "平成31年4月は30日までです。日を直してください。"),
        ("令和8年13月1日", MonthError, "月は1から12までの数字で入力してください。"),
        ("明治5年12月3日", LunisolarDateError, "明治5年までの日付は旧暦です。西暦の日付を調べて入力してください。"),
    ],
)
def test_dates_that_never_were_are_refused_with_the_fix(text, error, message):
    with pytest.raises(error) as refused:
        parse_date(text)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "令和",
        "令和0年1月1日",
        "昨日",
        "2026年",
        "慶応3年1月1日",
        "令和8年1月",
        "1\x002",
        "0000-01-01",
        "9" * 10_000_000,
    ],
)
def test_what_is_no_date_asks_for_one(text):
    with pytest.raises(DateUnreadableError):
        parse_date(text)


@given(st.text(max_size=30))
def test_any_text_gives_a_day_or_a_refusal(text):
    try:
        day = parse_date(text)
    except DateError:
        return
    assert isinstance(day, date)


@given(st.sampled_from(Era), st.integers(-5, 200), st.integers(-5, 20), st.integers(-5, 40))
def test_parts_make_exactly_the_days_that_were(era, year, month, day):
    try:
        found = from_era(era, year, month, day)
    except DateError:
        return
    assert to_era(found) == EraDate(era, year, month, day)


def test_errors_name_the_part_to_mend():
    parts = {}
    for text in ("昭和65年1月1日", "平成31年5月1日", "令和8年13月1日", "令和8年2月30日"):
        with pytest.raises(DateError) as refused:
            parse_era(text)
        parts[text] = refused.value.part

    assert list(parts.values()) == ["year", "era", "month", "day"]


def test_years_with_their_era():
    assert format_year(2026) == "2026年（令和8年）"
    assert format_year(2019) == "2019年（平成31年・令和元年）"
    assert format_year(date(2019, 4, 30)) == "2019年（平成31年）"
    assert format_year(date(2019, 5, 1)) == "2019年（令和元年）"
    assert format_year(1800) == "1800年"


def test_days_as_pages_show_them():
    assert format_date(date(2026, 11, 22), weekday=True) == "2026年11月22日（日）"
    assert format_date_with_era(date(2026, 11, 22)) == "2026年（令和8年）11月22日"


def test_before_the_eras():
    with pytest.raises(BeforeErasError):
        to_era(date(1868, 1, 24))
