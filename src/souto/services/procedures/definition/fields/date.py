"""A date, typed in either calendar (西暦・和暦)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from souto.kernel.calendar import (
    DateError,
    DateUnreadableError,
    Era,
    PartialDate,
    check_date,
    format_date_with_era,
    from_era,
    parse_date,
    to_era,
)
from souto.kernel.errors import SoutoError
from souto.kernel.text import fold_code, from_kanji_number
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Facts, Kind, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.problems import FieldProblem
from souto.services.procedures.definition.scope import Findings

#: The names of the calendars in the posted form; "" and `gregorian` are 西暦.
ERAS = {era.name.lower(): era for era in Era}
_PARTS = (("year", messages.DATE_YEAR), ("month", messages.DATE_MONTH), ("day", messages.DATE_DAY))
_WHEN: dict[str, tuple[str, Callable[[date, date], bool]]] = {
    "past": (messages.DATE_PAST, operator.lt),
    "past_or_today": (messages.DATE_PAST_OR_TODAY, operator.le),
    "future": (messages.DATE_FUTURE, operator.gt),
}


def _iso(value: str) -> str:
    date.fromisoformat(value)
    return value


IsoDate = Annotated[str, AfterValidator(_iso)]


class DateField(FieldBase):
    """An ISO date. Three controls and a calendar's name are read; so is one text (`令和8年11月22日`, `2026/11/22`).

    `when` bounds it by the business date, `earliest` and `latest` by fixed days. With `partial`, day or month and day may be unknown
    (不詳), as some birth records have it: `1980-05`, `1980`.
    """

    kind: ClassVar[Kind] = Kind.DATE
    type: Literal["date"]
    when: Literal["any", "past", "past_or_today", "future"] = "any"
    earliest: IsoDate | None = None
    latest: IsoDate | None = None
    partial: bool = False
    autocomplete: Literal["bday"] | None = None

    def read(self, raw: RawData, *, path: str) -> Value | None:
        typed = {part: fold_code(first(raw, f"{path}.{part}")[:20]) for part, _ in _PARTS}
        if not any(typed.values()):
            whole = first(raw, path)
            return self._readable(lambda: parse_date(whole).isoformat()) if whole.strip() else None
        numbers: dict[str, int] = {}
        for part, message in _PARTS:
            if typed[part]:
                numbers[part] = self._number(typed[part], part)
            elif not self.partial or part == "year":
                raise self.problem(message, part=part)
        if "day" in numbers and "month" not in numbers:
            raise self.problem(messages.DATE_MONTH, part="month")
        era = ERAS.get(first(raw, f"{path}.era"))
        if len(numbers) == 3:
            year, month, day = numbers["year"], numbers["month"], numbers["day"]
            return self._readable(lambda: _day(era, year, month, day).isoformat())
        year = numbers["year"] + (era.first_day.year - 1 if era else 0)
        return self._readable(lambda: str(PartialDate(year, numbers.get("month"), era=era)))

    def _number(self, typed: str, part: str) -> int:
        if part == "year" and typed == "元":
            return 1
        number = int(typed) if typed.isascii() and typed.isdigit() else from_kanji_number(typed)
        if number is None:
            raise self.problem(messages.DATE_NUMBER, part=part)
        if number > 9999:
            raise self.problem(messages.UNREADABLE, part=part)
        return number

    def _readable(self, read: Callable[[], str]) -> str:
        try:
            return read()
        except DateError as error:
            part = "" if isinstance(error, DateUnreadableError) else error.part
            raise FieldProblem(error.message, part=part, **error.params) from None
        except SoutoError:
            raise self.problem(messages.UNREADABLE) from None

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, str):
            raise self.problem(messages.UNREADABLE)
        try:
            found = PartialDate.parse(value)
        except SoutoError:
            raise self.problem(messages.UNREADABLE) from None
        if not found.year or (not found.complete and not self.partial):
            raise self.problem(messages.UNREADABLE)
        self._check_bounds(found, today)
        return str(found)

    def _check_bounds(self, found: PartialDate, today: date) -> None:
        # Of a partial date, the day that speaks for it decides: it is refused only where no day of it would do.
        first_day, last_day = found.earliest, found.latest
        if first_day is None or last_day is None:
            return
        message, fits = _WHEN.get(self.when, ("", None))
        if fits and not (fits(first_day, today) or fits(last_day, today)):
            raise self.problem(message, part="year")
        if self.earliest and last_day < date.fromisoformat(self.earliest):
            raise self.problem(messages.DATE_EARLIEST, part="year", bound=_bound(self.earliest))
        if self.latest and first_day > date.fromisoformat(self.latest):
            raise self.problem(messages.DATE_LATEST, part="year", bound=_bound(self.latest))

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        name, found = path or self.key, PartialDate.parse(value)
        parts = {"year": found.year, "month": found.month, "day": found.day}
        return {f"{name}.{part}": [str(number)] for part, number in parts.items() if number is not None}

    def display(self, value: Value, *, language: str) -> list[str]:
        found = PartialDate.parse(value)
        day = found.complete
        if language == "en" and day:
            return [f"{day.day} {_MONTHS[day.month - 1]} {day.year}"]
        return [found.text]

    def json_schema(self) -> JsonSchema:
        if self.partial:
            return {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
        return {"type": "string", "format": "date"}

    def from_fact(self, fact: Value, facts: Facts) -> Value | None:
        if not isinstance(fact, str) or not fact:
            return None
        try:
            found = PartialDate.from_jpki(fact) if fact.isdigit() and len(fact) == 9 else PartialDate.parse(fact)
        except SoutoError:
            return None
        return str(found) if found.complete or (self.partial and found.year) else None

    def findings(self) -> Findings:
        if self.earliest and self.latest and self.earliest > self.latest:
            yield "最も早い日付が、最も遅い日付より後になっています"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _day(era: Era | None, year: int, month: int, day: int) -> date:
    return from_era(era, year, month, day) if era else check_date(year, month, day)


def _bound(iso: str) -> dict[str, str]:
    day = date.fromisoformat(iso)
    return {"ja": format_date_with_era(day), "en": f"{day.day} {_MONTHS[day.month - 1]} {day.year}"}


def era_of(value: str) -> tuple[str, int]:
    """The calendar's name in the form and the year in it: `("reiwa", 8)`, for a control that shows 和暦."""
    day = date.fromisoformat(value)
    era = to_era(day)
    return era.era.name.lower(), era.year
