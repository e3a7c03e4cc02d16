"""Retention periods (保存期間) as Japanese municipal rules on documents count them: in whole fiscal years (年度), from 1 April of the fiscal year
after the one in which the record was completed.

A record completed on 10 May 2026 (令和8年度) with a period of five years is kept from 1 April 2027 to 31 March 2032.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from souto.kernel.calendar.fiscal import FiscalYear, fiscal_year
from souto.kernel.errors import SoutoError

#: The periods that the rules name, in years; 永年 (for ever) stands beside them.
YEARS = (1, 3, 5, 10, 30)
PERMANENT = "permanent"


class UnknownRetentionError(SoutoError):
    """No period of the rules."""

    message = "保存期間は1、3、5、10、30（年）か permanent（永年）のどれかです（いま：%(found)s）。"


@dataclass(frozen=True, slots=True)
class Retention:
    """A period in years; None is 永年."""

    years: int | None

    @classmethod
    def read(cls, value: object) -> Retention:
        """From data: a number of years of the rules, or `"permanent"`. Raises `UnknownRetentionError`."""
        if value == PERMANENT:
            return cls(None)
        if isinstance(value, int) and not isinstance(value, bool) and value in YEARS:
            return cls(value)
        raise UnknownRetentionError(found=str(value)[:20])

    def starts_on(self, completed_on: date) -> date:
        """The first day that counts: 1 April after the fiscal year of completion."""
        return fiscal_year(completed_on).next.first_day

    def ends_on(self, completed_on: date) -> date | None:
        """The last day on which the record is kept, a 31 March; None where it is kept for ever."""
        if self.years is None:
            return None
        return FiscalYear(fiscal_year(completed_on).year + self.years).last_day
