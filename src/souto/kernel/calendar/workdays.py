"""Working days of a city hall (開庁日), and deadlines counted in them.

Counting rule, the same everywhere: *the first day is not counted, the last one is* (民法140条, 141条). From Monday to
the Tuesday after it is one working day. What is sent on a holiday starts to count on the next working day.

A pause, for instance while a correction (補正) is open, takes out the working days after its first day up to and
including its last one; so the day on which a correction is asked for still counts, and the day of the answer does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

from souto.kernel.errors import SoutoError

_DAY = timedelta(days=1)
YEAR_END: frozenset[tuple[int, int]] = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
"""The year-end closing (年末年始) that nearly every city's ordinance names (地方自治法4条の2): month and day."""


class PauseOpenError(SoutoError):
    """A deadline was asked for while a pause is still open: nobody knows it yet."""

    message = "補正などで期間が止まっているため、期限はまだ決まりません。"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When a city hall is open: not on Saturdays, Sundays, national holidays, nor on the days named here."""

    closed_each_year: frozenset[tuple[int, int]] = YEAR_END
    closed: frozenset[date] = frozenset()
    open_anyway: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether the hall is open on a day; `open_anyway` wins over every reason to be closed."""
        if day in self.open_anyway:
            return True
        if day.weekday() >= 5 or day in self.closed or (day.month, day.day) in self.closed_each_year:
            return False
        return holiday_name(day) is None


CITY_HALL = WorkingCalendar()
"""The usual calendar: weekends, national holidays, 29 December to 3 January."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which a deadline stands still; `end` None = it is still open."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuse a pause that ends before it starts: that is a mistake in the caller."""
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause cannot end before it starts")

    def covers(self, day: date) -> bool:
        """Whether a day is taken out: after the first day, up to and including the last."""
        return self.start < day and (self.end is None or day <= self.end)


@lru_cache(maxsize=512)
def _holidays(year: int) -> dict[date, str]:
    return {found.date: found.name for found in jpholiday.JPHoliday().year_holidays(year)}


def holiday_name(day: date) -> str | None:
    """The name of the national holiday (国民の祝日, 振替休日, 国民の休日) on a day, or None.

    Equinoxes of coming years are calculated; the official date is announced in the February before.
    """
    return _holidays(day.year).get(day)


def is_working_day(day: date, *, calendar: WorkingCalendar = CITY_HALL) -> bool:
    """Whether the city hall is open on a day."""
    return calendar.is_working_day(day)


def next_working_day(day: date, *, calendar: WorkingCalendar = CITY_HALL) -> date:
    """The day itself if it is a working day, else the first one after it (民法142条)."""
    while not calendar.is_working_day(day):
        day += _DAY
    return day


def add_working_days(
    start: date, days: int, *, pauses: Iterable[Pause] = (), calendar: WorkingCalendar = CITY_HALL
) -> date:
    """The day on which `days` working days are over; the first day is not counted.

    `days` = 0 gives `start` itself. Negative `days` count backwards (a reminder three working days before).
    Days inside `pauses` are passed over; a pause that is still open and reached raises `PauseOpenError`.
    """
    taken_out = tuple(pauses)
    step = _DAY if days >= 0 else -_DAY
    day, left = start, abs(days)
    while left:
        day += step
        if any(pause.end is None and pause.covers(day) for pause in taken_out):
            raise PauseOpenError
        if calendar.is_working_day(day) and not any(pause.covers(day) for pause in taken_out):
            left -= 1
    return day


def working_days_between(
    start: date, end: date, *, pauses: Iterable[Pause] = (), calendar: WorkingCalendar = CITY_HALL
) -> int:
    """How many working days lie after `start` up to and including `end`, without those inside `pauses`.

    Zero on the same day; negative, by the same rule, when `end` lies before `start`. An open pause counts to `end`.
    """
    if end < start:
        return -working_days_between(end, start, pauses=pauses, calendar=calendar)
    taken_out = tuple(pauses)
    spans = (start + _DAY * offset for offset in range(1, (end - start).days + 1))
    return sum(1 for day in spans if calendar.is_working_day(day) and not any(one.covers(day) for one in taken_out))
