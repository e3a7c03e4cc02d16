"""Dates and times as pages write them (Japanese 2026年11月22日（日）, staff tables 2026/11/22, English 22 November 2026)."""

from __future__ import annotations

from datetime import date, datetime

from souto.kernel import clock
from souto.kernel.calendar import format_date, format_date_with_era, format_year

Moment = date | datetime

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_WEEKDAYS = "月火水木金土日"


def day_of(value: Moment) -> date:
    """The calendar date in Asia/Tokyo."""
    return clock.local_date(value) if isinstance(value, datetime) else value


def day_text(value: Moment, language: str) -> str:
    """`2026年11月22日（日）`, `2026年11月22日（日曜日）`, `22 November 2026 (Sun)`."""
    day = day_of(value)
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year} ({_DAYS[day.weekday()]})"
    if language == "ja-easy":
        return f"{format_date(day)}（{_WEEKDAYS[day.weekday()]}曜日）"
    return format_date(day, weekday=True)


def time_text(value: datetime, language: str) -> str:
    """`14:05`, `午後2時5分`, `14:05`."""
    local = clock.local(value)
    if language != "ja-easy":
        return f"{local:%H:%M}"
    half, hour = ("午前", local.hour) if local.hour < 12 else ("午後", local.hour - 12)
    return f"{half}{hour}時" + (f"{local.minute}分" if local.minute else "")


def datetime_text(value: datetime, language: str) -> str:
    """The day and the time."""
    return f"{day_text(value, language)} {time_text(value, language)}"


def staff_text(value: Moment) -> str:
    """`2026/11/22`, with a time `2026/11/22 14:05`: for tables."""
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y/%m/%d %H:%M}"
    return f"{value:%Y/%m/%d}"


def era_text(value: Moment | int) -> str:
    """`2026年（令和8年）` of a year, `2026年（令和8年）11月22日` of a day."""
    return format_year(value) if isinstance(value, int) else format_date_with_era(day_of(value))
