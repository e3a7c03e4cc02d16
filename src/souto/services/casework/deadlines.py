"""The deadline of a case: working days of the 標準処理期間 after receipt, without the days in which the applicant was asked to correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from souto.kernel.calendar import Pause, PauseOpenError, add_working_days, working_days_between


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due_on`: the last day, None while it is not known. `days_left`: working days that remain once a pause ends, only while one stands."""

    due_on: date | None = None
    days_left: int | None = None


def deadline(*, received: date, days: int | None, pauses: Sequence[Pause]) -> Deadline:
    """The deadline of what was received on `received` with `days` working days to handle it (None: no period is set)."""
    if days is None:
        return Deadline()
    try:
        return Deadline(due_on=add_working_days(received, days, pauses=pauses))
    except PauseOpenError:
        since = min(pause.start for pause in pauses if pause.end is None)
        return Deadline(days_left=days - working_days_between(received, since, pauses=pauses))


def days_until(due_on: date, *, today: date) -> int:
    """Working days from today to the last day: 0 on that day (or when only days off lie between), negative once it has passed."""
    if due_on >= today:
        return working_days_between(today, due_on)
    # The first day off after the deadline is late already, though no working day has gone by.
    return min(working_days_between(today, due_on), -1)
