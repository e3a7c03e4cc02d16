"""The timetable of vehicles (運行の図): one row for each, time from left to right, drawn as SVG on the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from souto.kernel import clock
from souto.services.transit import calendar
from souto.services.transit.models import ServiceDay
from souto.services.transit.queries import VehicleNow

if TYPE_CHECKING:
    from souto.services.transit.staff.dispatch_board import Line

#: Pixels: of an hour, of a row, of the names at the left, of the hours on top.
HOUR, ROW, NAMES, TOP = 72, 44, 112, 28
#: Half of a mark, and how near two marks may come before the second moves down.
HALF, NEAR = 7, 13
#: How far apart the minutes beside two marks have to be.
WORDS = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A call: `shape` is the path of its mark (▲ on, ▼ off); the promised window is a line of `width` from `left` on, where there is one. `says`: there is room for its minutes."""

    booking: UUID | None
    line: Line
    x: float
    y: float
    shape: str
    left: float | None
    width: float
    says: bool


@dataclass(frozen=True, slots=True)
class Track:
    """The row of a vehicle: its shift from `left` to `right`."""

    name: str
    code: str
    y: float
    middle: float
    left: float
    width: float
    marks: list[Mark]
    closed: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing. `now`: where the moment is; None where it is on another day."""

    width: float
    height: float
    hours: list[tuple[float, str]]
    tracks: list[Track]
    now: float | None
    top: int = TOP
    names: int = NAMES


def timeline(day: ServiceDay, vehicles: list[tuple[str, VehicleNow, list[Line]]]) -> Timeline:
    """Draw the day from the first shift to the end of the last one, or of what runs later."""
    rules = day.version.definition.vehicles
    first = min(rule.begins for rule in rules) // 3600
    moments = [calendar.seconds_into(day.date, line.expected) for _, _, lines in vehicles for line in lines]
    last = -(-int(max([*(rule.ends for rule in rules), *moments])) // 3600)

    def x(moment: datetime | float) -> float:
        seconds = moment if isinstance(moment, float | int) else calendar.seconds_into(day.date, moment)
        return round(NAMES + (min(max(seconds / 3600, first), last) - first) * HOUR, 1)

    shifts = {rule.code: rule for rule in rules}
    tracks = []
    for number, (name, vehicle, lines) in enumerate(vehicles):
        y = TOP + number * ROW
        rule = shifts.get(vehicle.code)
        left, right = (x(rule.begins), x(rule.ends)) if rule else (NAMES, NAMES)
        tracks.append(
            Track(
                name=name,
                code=vehicle.code,
                y=y,
                middle=y + ROW / 2,
                left=left,
                width=right - left,
                marks=_marks(lines, x, y),
                closed=vehicle.closed,
            )
        )
    now = clock.now()
    return Timeline(
        width=NAMES + (last - first) * HOUR + 24,
        height=TOP + len(vehicles) * ROW + 8,
        hours=[(x(hour * 3600.0), f"{hour}:00") for hour in range(first, last + 1)],
        tracks=tracks,
        now=x(now) if clock.local_date(now) == day.date else None,
    )


def _marks(lines: list[Line], x: Callable[[datetime], float], y: float) -> list[Mark]:
    found: list[Mark] = []
    said: dict[bool, float] = {}
    for line in lines:
        at = x(line.expected)
        lower = bool(found) and at - found[-1].x < NEAR and found[-1].y < y + ROW / 2
        middle = y + (0.7 if lower else 0.3) * ROW
        says = line.late > 0 and at - said.get(lower, 0.0) >= WORDS
        if says:
            said[lower] = at
        found.append(
            Mark(
                booking=line.booking,
                line=line,
                x=at,
                y=middle,
                shape=_shape(line.kind, at, middle),
                left=x(line.since) if line.since else None,
                width=max(6.0, x(line.until) - x(line.since)) if line.until and line.since else 0,
                says=says,
            )
        )
    return found


def _shape(kind: str, x: float, y: float) -> str:
    if kind == "pickup":
        return f"M{x} {y - HALF}L{x + HALF} {y + HALF}H{x - HALF}Z"
    if kind == "dropoff":
        return f"M{x} {y + HALF}L{x + HALF} {y - HALF}H{x - HALF}Z"
    return f"M{x - HALF} {y - HALF}H{x + HALF}V{y + HALF}H{x - HALF}Z"
