"""Gaps in the city's public transport (交通空白): the city's timetable, its demand services, and what a planner tries out on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from souto.kernel import clock
from souto.kernel.calendar import holiday_name
from souto.services.transit import surroundings
from souto.services.transit.definition import ServiceDefinition, Weekday

if TYPE_CHECKING:
    from souto.services.transit import coverage, feeds

#: The longest reach that a standard may ask for, metres.
FARTHEST = 2_000
#: Ways up to here are measured for every standard; farther ones when somebody asks.
USUAL = 1_000
#: How many days are tried to find one on which a timetable runs.
_DAYS = 28


class DayKind(StrEnum):
    """The kind of day in question."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class WalkKind(StrEnum):
    """How the way to a stop is measured."""

    STRAIGHT = "straight"
    STREETS = "streets"


@dataclass(frozen=True, slots=True)
class Timetable:
    """A timetable of the folder: its file, whose it is, the day that stands for the kind of day (None: it runs on none), and how many faults it has."""

    file: str
    operator: str
    on: date | None
    stops: int
    errors: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a timetable: `key` is `file/route_id`."""

    key: str
    name: str


@dataclass(frozen=True)
class Trial:
    """What is tried out: new stops, ids of stops that go, a new line through stops, keys of lines that go, demand services by id."""

    added: Sequence[coverage.Stop] = ()
    removed: frozenset[str] = frozenset()
    line: Sequence[coverage.Stop] = ()
    without: frozenset[str] = frozenset()
    services: Mapping[str, ServiceDefinition] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.line or self.without or self.services)


def _days_of(kind: DayKind, first: date) -> list[date]:
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    if kind is DayKind.WEEKDAY:
        return [day for day in days if day.weekday() < 5 and holiday_name(day) is None]
    return [day for day in days if day.weekday() == (5 if kind is DayKind.SATURDAY else 6)]


def _day_for(feed: feeds.Feed, kind: DayKind, today: date) -> date | None:
    """The busiest day of its kind in the next weeks; where the timetable is over or not yet valid, in its own first weeks."""
    from souto.services.transit import feeds

    found = feeds.busiest_day(feed, _days_of(kind, today))
    if found is not None:
        return found
    texts = [*feed.table("calendar.txt").column("start_date"), *feed.table("calendar_dates.txt").column("date")]
    firsts = sorted(day for text in texts if (day := _date(text)))
    return feeds.busiest_day(feed, _days_of(kind, firsts[0])) if firsts else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:8]}")
    except ValueError:
        return None


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int, kind: DayKind, today: date) -> tuple[Timetable, tuple[coverage.Stop, ...]]:
    from souto.services.transit import feeds

    feed = surroundings.feed(path)
    on = _day_for(feed, kind, today)
    stops = tuple(feeds.served_stops(feed, on, prefix=f"{path.stem}:")) if on else ()
    operator = "、".join(dict.fromkeys(feed.table("agency.txt").column("agency_name")))
    return Timetable(path.name, operator, on, len(stops), len(feed.errors)), stops


def _all(kind: DayKind) -> list[tuple[Timetable, tuple[coverage.Stop, ...]]]:
    today = clock.today()
    return [_read(path, path.stat().st_mtime_ns, kind, today) for path in surroundings.feed_files()]


def timetables(kind: DayKind) -> list[Timetable]:
    """The timetables of the city's folder.

    Raises:
        ArchiveError: a zip cannot be read.
    """
    return [timetable for timetable, _ in _all(kind)]


def lines() -> list[Line]:
    """Every line of every timetable, by name."""
    found = []
    for path in surroundings.feed_files():
        for row in surroundings.feed(path).table("routes.txt").records():
            name = row.get("route_short_name") or row.get("route_long_name") or row.get("route_id", "")
            found.append(Line(f"{path.stem}/{row.get('route_id', '')}", name))
    return sorted(found, key=lambda line: line.name)


def stops(kind: DayKind) -> list[coverage.Stop]:
    """All stops of the city: those of its timetables on this kind of day, and those that are listed without one."""
    return [*(stop for _, stops in _all(kind) for stop in stops), *surroundings.listed_stops()]


def service_stops(key: str, definition: ServiceDefinition, kind: DayKind) -> list[coverage.Stop]:
    """The virtual stops of a demand service with its hours; none where it does not run on this kind of day."""
    from souto.services.transit import coverage

    runs = {Weekday.SAT} if kind is DayKind.SATURDAY else {Weekday.SUN}
    if kind is DayKind.WEEKDAY:
        runs = set(Weekday) - {Weekday.SAT, Weekday.SUN}
    if not runs & set(definition.hours.weekdays):
        return []
    service = coverage.Service(None, definition.hours.opens // 60, definition.hours.closes // 60)
    return [
        coverage.Stop(f"{key}:{stop.code}", stop.name["ja"], stop.lat, stop.lon, coverage.Kind.DEMAND, service)
        for stop in definition.stops
        if "ja" in stop.name
    ]


@lru_cache(maxsize=2)
def _walk(_stamp: object, kind: WalkKind) -> coverage.Walk:
    from souto.services.transit import coverage

    grid = surroundings.people().grid
    streets = surroundings.streets() if kind is WalkKind.STREETS else None
    return coverage.StraightWalk(grid) if streets is None else coverage.NetworkWalk(grid, streets)


@lru_cache(maxsize=4)
def _analysis(stamp: object, kind: DayKind, walk: WalkKind, horizon: float, _today: date) -> coverage.Analysis:
    from souto.services.transit import coverage

    return coverage.Analysis(surroundings.people(), stops(kind), _walk(stamp, walk), horizon_m=horizon)


def analysis(kind: DayKind, walk: WalkKind = WalkKind.STRAIGHT, reach: float = USUAL) -> coverage.Analysis:
    """The city with its timetables, without demand services; measured once, until a file of the folder changes.

    Raises:
        NoPlanningDataError, PlanningFileError, PeopleError, ServiceError, ArchiveError
    """
    horizon = USUAL if reach <= USUAL else FARTHEST
    return _analysis(surroundings.stamp(), kind, walk, horizon, clock.today())


def changes(city: coverage.Analysis, trial: Trial, kind: DayKind) -> coverage.Change:
    """A trial as the change that the analysis understands. Stops that do not exist are none to remove."""
    from souto.services.transit import coverage

    by_line = city.line(trial.line) if trial.line else coverage.Change()
    services = {**_without(city, trial.without, kind), **(by_line.services or {})}
    demand = [stop for key, service in trial.services.items() for stop in service_stops(key, service, kind)]
    return coverage.Change(
        added=[*trial.added, *by_line.added, *demand],
        removed=frozenset(trial.removed & city.number.keys()),
        services=services,
    )


def _without(city: coverage.Analysis, keys: Iterable[str], kind: DayKind) -> dict[str, coverage.Service]:
    """The services of the stops that some lines leave, as they are without them."""
    from souto.services.transit import feeds

    found: dict[str, coverage.Service] = {}
    for path in surroundings.feed_files():
        gone = {key.split("/", 1)[1] for key in keys if key.startswith(f"{path.stem}/")}
        on = _read(path, path.stat().st_mtime_ns, kind, clock.today())[0].on
        if not gone or on is None:
            continue
        feed = surroundings.feed(path)
        trips = feed.table("trips.txt")
        kept = [n for n, route in enumerate(trips.column("route_id")) if route not in gone]
        fewer = replace(trips, rows=tuple(trips.rows[n] for n in kept), lines=tuple(trips.lines[n] for n in kept))
        rest = replace(feed, tables={**feed.tables, "trips.txt": fewer})
        known = {stop.id: stop.service for stop in city.stops}
        for stop in feeds.served_stops(rest, on, prefix=f"{path.stem}:"):
            if known.get(stop.id) != stop.service:
                found[stop.id] = stop.service
    return found
