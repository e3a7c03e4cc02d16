"""Deadlines against a slow model that walks through the days one by one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.calendar import Pause, is_working_day
from souto.services.casework.deadlines import Deadline, days_until, deadline

_DAY = timedelta(days=1)
DATES = st.dates(date(2025, 12, 1), date(2026, 6, 30))


@st.composite
def corrections(draw: st.DrawFn) -> tuple[date, list[Pause]]:
    """A day of receipt and corrections one after the other, as they happen: the last may still be open."""
    received = draw(DATES)
    day, pauses = received, []
    for length in draw(st.lists(st.integers(0, 25), max_size=3)):
        day += timedelta(days=draw(st.integers(0, 12)))
        pauses.append(Pause(day, day + timedelta(days=length)))
        day += timedelta(days=length)
    if draw(st.booleans()):
        pauses.append(Pause(day + timedelta(days=draw(st.integers(0, 12)))))
    return received, pauses


def model(received: date, days: int, pauses: list[Pause]) -> Deadline:
    """Tick off one working day after the other; a day that anybody corrects in is none."""
    day, left = received, days
    while left:
        day += _DAY
        for pause in pauses:
            if pause.end is None and day > pause.start:
                return Deadline(days_left=left)
        inside = any(pause.start < day <= pause.end for pause in pauses if pause.end is not None)
        if is_working_day(day) and not inside:
            left -= 1
    return Deadline(due_on=day)


@given(corrections(), st.integers(0, 30))
def test_the_deadline_is_that_of_the_slow_model(case: tuple[date, list[Pause]], days: int) -> None:
    received, pauses = case

    assert deadline(received=received, days=days, pauses=pauses) == model(received, days, pauses)


@given(DATES, st.integers(1, 30), st.integers(1, 20))
def test_closing_a_pause_gives_back_exactly_the_days_that_were_left(received: date, days: int, length: int) -> None:
    paused = deadline(received=received, days=days, pauses=[Pause(received)])
    end = received + timedelta(days=length)
    after = deadline(received=received, days=days, pauses=[Pause(received, end)])

    assert paused.days_left == days
    assert after == deadline(received=end, days=days, pauses=[])


def test_no_period_no_deadline() -> None:
    assert deadline(received=date(2026, 1, 1), days=None, pauses=[]) == Deadline()


def test_days_to_the_deadline() -> None:
    friday = date(2026, 11, 27)

    assert days_until(friday, today=date(2026, 11, 24)) == 3
    assert days_until(friday, today=friday) == 0
    assert days_until(friday, today=date(2026, 11, 28)) == -1
    assert days_until(friday, today=date(2026, 12, 1)) == -2
