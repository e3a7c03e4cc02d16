"""Birth dates, some of which are known in part only, and ages."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from souto.kernel.calendar.era import Era, format_date_with_era, format_year
from souto.kernel.errors import SoutoError


class BirthDateUnreadableError(SoutoError):
    """A recorded birth date has a shape that is not known: it goes to a person, it is never guessed."""

    message = "生年月日を読み取れませんでした。職員が書類で確認します。"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, the month, or all may be unknown (不詳): never filled up with a guess.

    `era` is the era that the source stated; it matters only where the year alone does not tell it (1989).
    `str()` gives `1980`, `1980-05`, `1980-05-12` or "" (unknown): the form to store.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    era: Era | None = None

    def __post_init__(self) -> None:
        """Refuse a day without a month, a month without a year, and dates that never were."""
        if (self.month is not None and self.year is None) or (self.day is not None and self.month is None):
            raise BirthDateUnreadableError
        try:
            date(self.year or 2000, self.month or 1, self.day or 1)
        except ValueError as wrong:
            raise BirthDateUnreadableError from wrong
        if any(part == 0 for part in (self.year, self.month, self.day)):
            raise BirthDateUnreadableError
        if self.era and self.year is not None and not self._touches(self.era):
            raise BirthDateUnreadableError

    def _touches(self, era: Era) -> bool:
        earliest, latest = self.earliest, self.latest
        begun = latest is None or latest >= era.first_day
        return begun and (era.last_day is None or earliest is None or earliest <= era.last_day)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """A date known in full."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read the stored form back: `1980-05`, ""; raises `BirthDateUnreadableError`."""
        if not text:
            return cls()
        match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII)
        if not match:
            raise BirthDateUnreadableError
        year, month, day = (int(part) if part else None for part in match.groups())
        return cls(year, month, day)

    @classmethod
    def from_jpki(cls, text: str) -> PartialDate:
        """Read the nine digits `EYYYYMMDD` of a JPKI certificate: `319801231`.

        E is the era's number, 0 if unknown; YYYY is the Gregorian year; an unknown part is all zeros. A known part
        below an unknown one, and an era that the year contradicts, raise `BirthDateUnreadableError`.
        """
        if not re.fullmatch(r"[0-5]\d{8}", text, re.ASCII):
            raise BirthDateUnreadableError
        year, month, day = (int(part) or None for part in (text[1:5], text[5:7], text[7:9]))
        return cls(year, month, day, Era(int(text[0])) if text[0] != "0" else None)

    def to_jpki(self) -> str:
        """The nine digits `EYYYYMMDD`; the era is the stated one, else the one that the known parts tell, else 0."""
        era = self.era or self._only_era()
        return f"{era.value if era else 0}{self.year or 0:04}{self.month or 0:02}{self.day or 0:02}"

    def _only_era(self) -> Era | None:
        fitting = [era for era in Era if self.year is not None and self._touches(era)]
        return fitting[0] if len(fitting) == 1 else None

    @property
    def complete(self) -> date | None:
        """The day, if it is known in full."""
        return date(self.year, self.month, self.day) if self.year and self.month and self.day else None

    @property
    def earliest(self) -> date | None:
        """The first day it can be; None if nothing is known."""
        return date(self.year, self.month or 1, self.day or 1) if self.year else None

    @property
    def latest(self) -> date | None:
        """The last day it can be; None if nothing is known."""
        if not self.year:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def ages_on(self, on: date) -> tuple[int, int] | None:
        """The youngest and the oldest age the person can have on a day; None if nothing is known."""
        first, last = self.earliest, self.latest
        return (age_on(last, on), age_on(first, on)) if first and last else None

    @property
    def text(self) -> str:
        """For a page: `1980年（昭和55年）5月12日`, `1980年（昭和55年）5月（日は不詳）`, `不詳`."""
        if self.complete:
            return format_date_with_era(self.complete)
        if not self.year:
            return "不詳"
        if self.era:
            number = self.year - self.era.first_day.year + 1
            shown = f"{self.year}年（{self.era.kanji}{'元' if number == 1 else number}年）"
        else:
            shown = format_year(self.year)
        return f"{shown}{self.month}月（日は不詳）" if self.month else f"{shown}（月日は不詳）"

    def __str__(self) -> str:
        parts = [f"{self.year:04}" if self.year else "", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(part for part in parts if part)


def age_on(birth: date, on: date) -> int:
    """The age on a day, as people count: it rises on the birthday (29 February: on 1 March of a common year).

    Negative before birth.
    """
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def legal_age_day(birth: date, age: int) -> date:
    """The day at whose end a person reaches an age in law: the day before the birthday (年齢計算ニ関スル法律).

    A child born on 1 April is therefore six on 31 March, and enters school with the year before.
    """
    try:
        birthday = birth.replace(year=birth.year + age)
    except ValueError:
        birthday = date(birth.year + age, 3, 1)
    return birthday - timedelta(days=1)
