"""The fiscal year (年度): 1 April to 31 March, named after the year in which it begins."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from souto.kernel.calendar.era import Era, to_era
from souto.kernel.errors import SoutoError
from souto.kernel.text.numerals import from_kanji_number

_LABEL = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\.?(?P<count>元|\d{1,2}|[一-十〇]{1,4})|(?P<year>\d{4}))(?:年度?)?"
)


class FiscalYearUnreadableError(SoutoError):
    """The text names no fiscal year."""

    message = "年度は「2026年度」か「令和8年度」のように入力してください。"


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A fiscal year; `FiscalYear(2026)` runs from 2026-04-01 to 2027-03-31, both days included."""

    year: int

    @property
    def first_day(self) -> date:
        """1 April."""
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        """31 March of the following calendar year; it still belongs to the fiscal year."""
        return date(self.year + 1, 3, 31)

    @property
    def era_label(self) -> str:
        """`令和8年度`. The fiscal year 2019 is 令和元年度 as a whole, as the government agreed on the change of era."""
        if self.year == Era.REIWA.first_day.year:
            return "令和元年度"
        return f"{to_era(self.first_day).year_text}度"

    @property
    def label(self) -> str:
        """`2026年度（令和8年度）`."""
        return f"{self.year}年度（{self.era_label}）"

    @property
    def next(self) -> FiscalYear:
        """The year after."""
        return FiscalYear(self.year + 1)

    @property
    def previous(self) -> FiscalYear:
        """The year before."""
        return FiscalYear(self.year - 1)

    def months(self) -> tuple[date, ...]:
        """The first days of its twelve months, from April to March."""
        return tuple(date(self.year + (month < 4), month, 1) for month in (*range(4, 13), 1, 2, 3))

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.year}年度"


def fiscal_year(day: date) -> FiscalYear:
    """The fiscal year to which a day belongs."""
    return FiscalYear(day.year - (day.month < 4))


def parse_fiscal_year(text: str) -> FiscalYear:
    """Read `2026年度`, `令和8年度`, `R8`, `2026年度（令和8年度）`; raises `FiscalYearUnreadableError`."""
    folded = re.sub(r"\([^)]*\)|\s", "", unicodedata.normalize("NFKC", text[:60])).upper()
    match = _LABEL.fullmatch(folded)
    if not match:
        raise FiscalYearUnreadableError
    if match["year"]:
        return FiscalYear(int(match["year"]))
    count = 1 if match["count"] == "元" else int(match["count"]) if match["count"].isdigit() else None
    count = count or from_kanji_number(match["count"]) or 0
    era = next(one for one in Era if match["era"] in (one.kanji, one.letter))
    found = FiscalYear(era.first_day.year + count - 1)
    if not count or (era.last_day and found.first_day > era.last_day):
        raise FiscalYearUnreadableError
    return found
