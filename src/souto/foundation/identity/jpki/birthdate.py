"""Birth date (生年月日) as a JPKI certificate writes it: nine digits `EYYYYMMDD`.

E is the era (1 明治, 2 大正, 3 昭和, 4 平成, 5 令和, 0 unknown) and YYYY the *Gregorian* year: `319801231` is
31 December 1980, 昭和55年. Registers hold dates of which a part is unknown, written with zeros. Such a date is kept as it
is: no part is ever filled in, and it never equals a whole date.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final


class Era(IntEnum):
    """The era digit (元号)."""

    UNKNOWN = 0
    MEIJI = 1
    TAISHO = 2
    SHOWA = 3
    HEISEI = 4
    REIWA = 5


class Precision(StrEnum):
    """How much of a birth date is known."""

    EXACT = "exact"
    PARTIAL = "partial"
    UNREADABLE = "unreadable"


# First and last day that may carry an era, both included: the day of a change belonged to both (大正 and 昭和 began on the
# day the former emperor died). Meiji dates before the calendar reform of 1873 are taken as written.
_ERA_DAYS: Final = {
    Era.MEIJI: (date(1868, 1, 25), date(1912, 7, 30)),
    Era.TAISHO: (date(1912, 7, 30), date(1926, 12, 25)),
    Era.SHOWA: (date(1926, 12, 25), date(1989, 1, 7)),
    Era.HEISEI: (date(1989, 1, 8), date(2019, 4, 30)),
    Era.REIWA: (date(2019, 5, 1), date.max),
}
_LENGTH: Final = 9


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date and what is known of it; `raw` is what the certificate says, always kept.

    `year`, `month` and `day` are None where the certificate has zeros. All are None when the text cannot be a birth date
    (`precision` is UNREADABLE): not nine digits, a day that never was, an era that does not go with its year.
    """

    raw: str
    precision: Precision
    era: Era = Era.UNKNOWN
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> date | None:
        """The day, when year, month and day are all known; else None."""
        if self.precision is Precision.EXACT and self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        return None

    def contradicts(self, other: date) -> bool:
        """Whether a part that is known differs from `other`. An unreadable date contradicts nothing and proves nothing."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(mine is not None and mine != theirs for mine, theirs in pairs)

    @classmethod
    def parse(cls, raw: str) -> BirthDate:
        """Read nine digits. Never raises: what cannot be read says so in `precision`."""
        unreadable = cls(raw, Precision.UNREADABLE)
        if len(raw) != _LENGTH or not (raw.isascii() and raw.isdigit()) or int(raw[0]) not in set(Era):
            return unreadable
        era = Era(int(raw[0]))
        year, month, day = int(raw[1:5]) or None, int(raw[5:7]) or None, int(raw[7:9]) or None
        if not _possible(era, year, month, day):
            return unreadable
        precision = Precision.EXACT if year and month and day else Precision.PARTIAL
        return cls(raw, precision, era, year, month, day)

    @classmethod
    def of(cls, day: date) -> BirthDate:
        """The birth date of a known day, with the era that began last."""
        era = max((era for era, (first, _) in _ERA_DAYS.items() if day >= first), default=Era.UNKNOWN)
        return cls.parse(f"{era:d}{day.year:04d}{day:%m%d}")


def _possible(era: Era, year: int | None, month: int | None, day: int | None) -> bool:
    """Whether some day on the calendar, within the days of `era`, agrees with every known part."""
    some_year = year or 2000  # a leap year, so that 29 February of an unknown year can be
    first_month, last_month = (month, month) if month else (1, 12)
    if last_month > 12 or (day or 1) > monthrange(some_year, first_month)[1]:
        return False
    if year is None or era is Era.UNKNOWN:
        return True
    earliest = date(year, first_month, day or 1)
    latest = date(year, last_month, day or monthrange(year, last_month)[1])
    first, last = _ERA_DAYS[era]
    return earliest <= last and latest >= first
