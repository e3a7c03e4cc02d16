"""Era dates (和暦): read, written, and refused with the fix when they never were.

Eras begin 明治 1868-01-25 (its first day counted back, in the Gregorian calendar), 大正 1912-07-30, 昭和 1926-12-25,
平成 1989-01-08, 令和 2019-05-01; the first year is 元年. Japan took the solar calendar on 明治6年1月1日 = 1873-01-01:
a written month and day of 明治1 to 5 belong to the old lunisolar calendar and are not converted by arithmetic.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from souto.kernel.errors import SoutoError
from souto.kernel.text.numerals import KANJI_NUMBER_CHARACTERS, from_kanji_number

SOLAR_CALENDAR = date(1873, 1, 1)
"""The day from which Japanese documents use the solar calendar (太陽暦)."""

_WEEKDAYS = "月火水木金土日"


class Era(Enum):
    """An era (年号); the value is its number in JPKI and in most city records."""

    MEIJI = 1
    TAISHO = 2
    SHOWA = 3
    HEISEI = 4
    REIWA = 5

    @property
    def kanji(self) -> str:
        """`令和`."""
        return _ERAS[self][0]

    @property
    def letter(self) -> str:
        """`R`, as forms abbreviate it."""
        return _ERAS[self][1]

    @property
    def first_day(self) -> date:
        """The first day of the era."""
        return _ERAS[self][2]

    @property
    def last_day(self) -> date | None:
        """The last day of the era; None for the present one."""
        after = _next_era(self)
        return after.first_day - timedelta(days=1) if after else None


_ERAS = {
    Era.MEIJI: ("明治", "M", date(1868, 1, 25)),
    Era.TAISHO: ("大正", "T", date(1912, 7, 30)),
    Era.SHOWA: ("昭和", "S", date(1926, 12, 25)),
    Era.HEISEI: ("平成", "H", date(1989, 1, 8)),
    Era.REIWA: ("令和", "R", date(2019, 5, 1)),
}


def _next_era(era: Era) -> Era | None:
    return Era(era.value + 1) if era.value < len(Era) else None


class DateError(SoutoError):
    """A date that never was or cannot be read. `part` is `era`, `year`, `month`, `day`, or "" for the whole."""

    part: str = ""


class DateUnreadableError(DateError):
    """The text is no date."""

    message = "日付は「2026年11月22日」か「令和8年11月22日」のように入力してください。"


class MonthError(DateError):
    """No such month."""

    message = "月は1から12までの数字で入力してください。"
    part = "month"


class DayNotInMonthError(DateError):
    """The month has no such day (2月30日)."""

    message = "%(month)sは%(last)s日までです。日を直してください。"
    part = "day"


class EraYearError(DateError):
    """The era has no such year (昭和65年)."""

    message = "%(era)sは%(last)s年までです。年号か年を直してください。"
    part = "year"


class EraEndedError(DateError):
    """The year is the era's last, and the day lies after its end (平成31年5月1日)."""

    message = "%(era)sは%(last)sまでです。この日は%(right)sです。年号か日付を直してください。"
    part = "era"


class EraNotBegunError(DateError):
    """The year is the era's first, and the day lies before its beginning (平成元年1月7日)."""

    message = "%(era)sは%(first)sからです。この日は%(right)sです。年号か日付を直してください。"
    part = "era"


class LunisolarDateError(DateError):
    """A month and day of 明治1 to 5 is in the old calendar; arithmetic would give a wrong day."""

    message = "明治5年までの日付は旧暦です。西暦の日付を調べて入力してください。"
    part = "era"


class BeforeErasError(DateError):
    """The day lies before 1868-01-25."""

    message = "1868年（明治元年）より前の日付は、和暦に直せません。"
    part = "year"


@dataclass(frozen=True, slots=True)
class EraDate:
    """A day in an era: `EraDate(Era.REIWA, 8, 11, 22)`. `str()` gives `令和8年11月22日`, year 1 is 元年."""

    era: Era
    year: int
    month: int
    day: int

    @property
    def year_text(self) -> str:
        """`令和8年`, `令和元年`."""
        return _year_text(self.era, self.year)

    @property
    def short(self) -> str:
        """`R8.11.22`, for dense tables."""
        return f"{self.era.letter}{self.year}.{self.month}.{self.day}"

    def __str__(self) -> str:
        return f"{self.year_text}{self.month}月{self.day}日"

    def to_date(self) -> date:
        """The same day as a date; raises `DateError` if it never was."""
        return from_era(self.era, self.year, self.month, self.day)


def _year_text(era: Era, year: int) -> str:
    return f"{era.kanji}{'元' if year == 1 else year}年"


def to_era(day: date) -> EraDate:
    """The era date of a day; for days before 1873 by Gregorian arithmetic, as civil records do today.

    Raises `BeforeErasError` before 1868-01-25.
    """
    for era in reversed(Era):
        if day >= era.first_day:
            return EraDate(era, day.year - era.first_day.year + 1, day.month, day.day)
    raise BeforeErasError


def from_era(era: Era, year: int, month: int, day: int) -> date:
    """The day that four typed parts mean. Raises a `DateError` whose message says how to mend the parts."""
    last = era.last_day
    last_year = last.year - era.first_day.year + 1 if last else 9999 - era.first_day.year
    if not 1 <= year <= last_year:
        raise (EraYearError(era=era.kanji, last=last_year) if year > 1 else DateUnreadableError())
    if era is Era.MEIJI and year <= SOLAR_CALENDAR.year - era.first_day.year:
        raise LunisolarDateError
    found = check_date(era.first_day.year + year - 1, month, day, shown_year=_year_text(era, year))
    if last and found > last:
        raise EraEndedError(era=era.kanji, last=_without_era(to_era(last)), right=str(to_era(found)))
    if found < era.first_day:
        raise EraNotBegunError(era=era.kanji, first=_without_era(to_era(era.first_day)), right=str(to_era(found)))
    return found


def _without_era(day: EraDate) -> str:
    return str(day).removeprefix(day.era.kanji)


def check_date(year: int, month: int, day: int, *, shown_year: str = "") -> date:
    """The day of a Gregorian year, month and day. Raises `DateUnreadableError`, `MonthError`, `DayNotInMonthError`."""
    if not 1 <= year <= 9999:
        raise DateUnreadableError
    if not 1 <= month <= 12:
        raise MonthError
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise DayNotInMonthError(month=f"{shown_year or f'{year}年'}{month}月", last=last)
    return date(year, month, day)


_NUMBER = f"元|[0-9]{{1,4}}|[{KANJI_NUMBER_CHARACTERS}]{{1,6}}"
_ERA_NAMES = {name.upper(): era for era, (kanji, letter, _) in _ERAS.items() for name in (kanji, letter)}
_ERA_DATE = re.compile(
    rf"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\.?(?P<year>{_NUMBER})(?:年|[-/.])"
    rf"(?P<month>{_NUMBER})(?:月|[-/.])(?P<day>{_NUMBER})日?",
    re.IGNORECASE,
)
_GREGORIAN = re.compile(
    rf"(?:西暦)?(?P<year>[0-9]{{4}}|[{KANJI_NUMBER_CHARACTERS}]{{4}})(?:年|[-/.])"
    rf"(?P<month>{_NUMBER})(?:月|[-/.])(?P<day>{_NUMBER})日?"
)
_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_AFTERTHOUGHT = re.compile(r"\([^)]*\)")
_DATE_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


def parse_era(text: str) -> date:
    """The day an era date means: `昭和64年1月7日`, `S64.1.7`, `令和元年５月１日`, `平成三十一年四月三十日`.

    Raises a `DateError` whose message says how to mend it; `DateUnreadableError` when it is no era date at all.
    """
    match = _ERA_DATE.fullmatch(_fold(text))
    if not match:
        raise DateUnreadableError
    era = _ERA_NAMES[match["era"].upper()]
    return from_era(era, *(_number(match[part]) for part in ("year", "month", "day")))


def parse_date(text: str) -> date:
    """The day that a typed date means, in either calendar: also `2026年11月22日`, `2026/11/22`, `20261122`.

    A year in brackets is left aside: `2026年（令和8年）11月22日（日）`. Raises `DateError` as `parse_era` does.
    """
    folded = _fold(text)
    match = _GREGORIAN.fullmatch(folded) or _COMPACT.fullmatch(folded)
    if not match:
        return parse_era(text)
    return check_date(*(_number(match[part]) for part in ("year", "month", "day")))


def _fold(text: str) -> str:
    if len(text) > 60:
        raise DateUnreadableError
    folded = unicodedata.normalize("NFKC", text).translate(_DATE_DASHES)
    return _AFTERTHOUGHT.sub("", re.sub(r"\s+", "", folded))


def _number(text: str) -> int:
    if text == "元":
        return 1
    value = int(text) if text.isdigit() else from_kanji_number(text)
    if value is None:
        raise DateUnreadableError
    return value


def format_era(day: date) -> str:
    """`令和8年11月22日`."""
    return str(to_era(day))


def format_date(day: date, *, weekday: bool = False) -> str:
    """`2026年11月22日`, with `weekday` `2026年11月22日（日）`."""
    return f"{day.year}年{day.month}月{day.day}日" + (f"（{_WEEKDAYS[day.weekday()]}）" if weekday else "")


def format_date_with_era(day: date) -> str:
    """`2026年（令和8年）11月22日`: both years, as papers of the city show them."""
    return f"{format_year(day)}{day.month}月{day.day}日"


def format_year(year: int | date) -> str:
    """`2026年（令和8年）`. Of a year that saw two eras both are named, of a day only its own. Before 1868 no era."""
    if isinstance(year, date):
        return f"{year.year}年（{to_era(year).year_text}）" if year >= Era.MEIJI.first_day else f"{year.year}年"
    if year < Era.MEIJI.first_day.year:
        return f"{year}年"
    first = to_era(max(date(year, 1, 1), Era.MEIJI.first_day)).year_text
    last = to_era(date(year, 12, 31)).year_text
    return f"{year}年（{first}）" if first == last else f"{year}年（{first}・{last}）"
