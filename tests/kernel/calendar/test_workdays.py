from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.calendar import (
    CITY_HALL,
    Pause,
    PauseOpenError,
    WorkingCalendar,
    add_working_days,
    holiday_name,
    is_working_day,
    next_working_day,
    working_days_between,
)

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
counts = st.integers(0, 60)


@st.composite
def pauses(draw):
    start = draw(st.dates(min_value=date(2025, 1, 1), max_value=date(2026, 12, 31)))
    return Pause(start, start + timedelta(days=draw(st.integers(0, 40))))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "元日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2019, 5, 1), "休日（祝日扱い）"),
        (date(2026, 11, 24), None),
    ],
)
def test_national_holidays(day, name):
    found = holiday_name(day)

    assert (found is None) == (name is None)
    if name not in (None, "休日（祝日扱い）"):
        assert name in found


def test_the_hall_is_closed_at_the_turn_of_the_year():
    closed = [date(2026, 12, 28) + timedelta(days=n) for n in range(8)]

    assert [day for day in closed if is_working_day(day)] == [date(2026, 12, 28), date(2027, 1, 4)]


def test_a_city_may_close_and_open_on_other_days():
    calendar = WorkingCalendar(
        closed_each_year=frozenset(),
        closed=frozenset({date(2026, 11, 24)}),
        open_anyway=frozenset({date(2026, 11, 22)}),
    )

    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 11, 22))
    assert calendar.is_working_day(date(2026, 12, 29))
    assert not CITY_HALL.is_working_day(date(2026, 12, 29))


def test_the_first_day_is_not_counted_and_the_last_is():
    monday, tuesday = date(2026, 11, 16), date(2026, 11, 17)

    assert working_days_between(monday, tuesday) == 1
    assert working_days_between(monday, monday) == 0
    assert add_working_days(monday, 1) == tuesday
    assert add_working_days(monday, 5) == date(2026, 11, 24)  # 21 and 22 weekend, 23 holiday


def test_what_comes_on_a_holiday_starts_on_the_next_working_day():
    assert add_working_days(date(2026, 11, 22), 1) == date(2026, 11, 24)
    assert next_working_day(date(2026, 11, 21)) == date(2026, 11, 24)
    assert next_working_day(date(2026, 11, 24)) == date(2026, 11, 24)


def test_a_correction_pauses_the_clock():
    asked, answered = date(2026, 11, 11), date(2026, 11, 18)
    pause = Pause(asked, answered)

    assert working_days_between(date(2026, 11, 9), date(2026, 11, 20), pauses=[pause]) == 2 + 2
    assert add_working_days(date(2026, 11, 9), 4, pauses=[pause]) == date(2026, 11, 20)


def test_an_open_pause_has_no_deadline_yet():
    opened = [Pause(date(2026, 11, 11))]

    assert working_days_between(date(2026, 11, 9), date(2026, 11, 20), pauses=opened) == 2
    assert add_working_days(date(2026, 11, 9), 2, pauses=opened) == date(2026, 11, 11)
    with pytest.raises(PauseOpenError):
        add_working_days(date(2026, 11, 9), 3, pauses=opened)


def test_a_pause_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="before it starts"):
        Pause(date(2026, 11, 11), date(2026, 11, 10))


@given(days, counts)
def test_adding_and_counting_are_inverse(start, count):
    assert working_days_between(start, add_working_days(start, count)) == count

    reminder = add_working_days(start, -count)
    one = timedelta(days=1)
    assert working_days_between(reminder - one, start - one) == count


@given(days, st.integers(1, 60))
def test_a_deadline_is_a_working_day(start, count):
    assert is_working_day(add_working_days(start, count))
    assert is_working_day(add_working_days(start, -count))


@given(st.lists(days, min_size=3, max_size=3).map(sorted), st.lists(pauses(), max_size=3))
def test_spans_add_up(three, taken_out):
    a, b, c = three

    whole = working_days_between(a, c, pauses=taken_out)
    assert working_days_between(a, b, pauses=taken_out) + working_days_between(b, c, pauses=taken_out) == whole


@given(st.dates(min_value=date(2025, 1, 1), max_value=date(2026, 6, 1)), counts, st.lists(pauses(), max_size=4))
def test_a_deadline_with_pauses_leaves_the_same_time(start, count, taken_out):
    deadline = add_working_days(start, count, pauses=taken_out)

    assert working_days_between(start, deadline, pauses=taken_out) == count
    assert deadline >= add_working_days(start, count)


@given(days, days, pauses())
def test_the_same_pause_twice_takes_out_the_same_days(start, end, pause):
    once = working_days_between(start, end, pauses=[pause])

    assert working_days_between(start, end, pauses=[pause, pause]) == once
