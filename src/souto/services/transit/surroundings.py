"""What the city's folder says about the city that a planner plans for: its people, its stops with and without timetables, its facilities, its timetables.

`planning.toml` in `cities/<city>/transit` names the files; timetables are zips in `feeds/` beside it. Formats: `docs/how-to/look-at-coverage.md`. Everything is read
once and again when a file changes.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from souto.kernel.errors import SoutoError
from souto.services.transit import ways
from souto.services.transit.definition import Weekday, seconds_of

if TYPE_CHECKING:
    from souto.services.transit import coverage, demand, feeds
    from souto.services.transit.roads import RoadNetwork

Row = TypeVar("Row")


class PlanningFileError(SoutoError):
    """A file of the city's folder cannot be read."""

    message = "%(file)sの%(line)s行目を読めません（%(reason)s）。"


class NoPlanningDataError(SoutoError):
    """The city's folder says nothing about its people yet."""

    message = "人口のデータがありません。市のフォルダーにplanning.tomlを置いてください。"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from, in words; `as_of` as the file says it. `sample`: made up or estimated (見本)."""

    people: str
    as_of: str
    stops: str
    facilities: str
    sample: bool


def folder() -> Path:
    """The folder of the city's transit files."""
    return Path(settings.CITY_DIR) / "transit"


def stamp() -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file of the folder: changes when anything of it does."""
    found = [path for path in sorted(folder().rglob("*")) if path.is_file()]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found)


def _told() -> dict[str, Any]:
    path = folder() / "planning.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoPlanningDataError from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PlanningFileError(file=path.name, line=0, reason=error) from error


def source() -> Source:
    """Where the figures come from.

    Raises:
        NoPlanningDataError, PlanningFileError
    """
    told = _told()
    parts = {name: told.get(name, {}) for name in ("people", "stops", "facilities")}
    return Source(
        people=str(parts["people"].get("source", "")),
        as_of=str(parts["people"].get("as_of", "")),
        stops=str(parts["stops"].get("source", "")),
        facilities=str(parts["facilities"].get("source", "")),
        sample=bool(told.get("sample", False)),
    )


def usual_standard() -> tuple[str, int]:
    """The city's own standard: the name of its distances (`coverage.DISTANCES`) and the least departures a day.

    Raises:
        NoPlanningDataError, PlanningFileError
    """
    from souto.services.transit import coverage

    told = _told().get("standard", {})
    distances, departures = str(told.get("distances", "300/500")), told.get("departures", 1)
    if distances not in coverage.DISTANCES or not isinstance(departures, int) or departures < 0:
        raise PlanningFileError(file="planning.toml", line=0, reason=f"[standard] {distances} {departures}")
    return distances, departures


def _rows(name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines of a CSV of the folder with their number as an editor counts; UTF-8 or Shift_JIS (cp932)."""
    path = folder() / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanningFileError(file=name, line=0, reason=error.strerror or error) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp932", errors="replace")
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        yield number, {str(key): (value or "").strip() for key, value in row.items() if isinstance(value, str | None)}


def _read(name: str, read: Callable[[Mapping[str, str]], Row]) -> list[Row]:
    found = []
    for number, row in _rows(name):
        try:
            found.append(read(row))
        except (KeyError, ValueError, SoutoError) as error:
            raise PlanningFileError(file=name, line=number, reason=error) from error
    return found


@lru_cache(maxsize=2)
def _people(_stamp: object) -> coverage.People:
    import shapely

    from souto.services.transit import coverage
    from souto.services.transit.roads import Plane

    told = _told().get("people", {})
    towns = _read(
        str(told.get("towns", "people.csv")),
        lambda row: coverage.Town(row["name"], float(row["lat"]), float(row["lon"]), float(row["people"])),
    )
    if not towns:
        raise NoPlanningDataError
    boundary: Any
    if told.get("boundary"):
        path = folder() / str(told["boundary"])
        try:
            boundary = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PlanningFileError(file=path.name, line=0, reason=error) from error
    else:
        plane = Plane.around([town.lat for town in towns], [town.lon for town in towns])
        points = shapely.points(plane.xy([town.lat for town in towns], [town.lon for town in towns]))
        around = shapely.union_all(shapely.buffer(points, float(told.get("around_m", 1500))))
        boundary = shapely.transform(around, lambda xy: _lon_lat(plane, xy))
    grid = coverage.Grid.of(boundary)
    if not told.get("census"):
        return coverage.People.around_towns(grid, towns)
    path = folder() / str(told["census"])
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanningFileError(file=path.name, line=0, reason=error.strerror or error) from error
    census = coverage.read_census(data, str(told.get("column", "")))
    return coverage.People.of_squares(grid, census.people, towns)


def _lon_lat(plane: Any, xy: Any) -> Any:
    import numpy as np

    lat, lon = plane.degrees(xy)
    return np.stack([lon, lat], axis=-1)


def people() -> coverage.People:
    """Where people live.

    Raises:
        NoPlanningDataError, PlanningFileError, PeopleError
    """
    return _people(stamp())


def _minute(text: str) -> int | None:
    return seconds_of(text) // 60 if text else None


def listed_stops() -> list[coverage.Stop]:
    """The stops of `[stops]`, whose timetable no feed holds.

    Raises:
        NoPlanningDataError, PlanningFileError
    """
    from souto.services.transit import coverage

    def read(row: Mapping[str, str]) -> coverage.Stop:
        departures = int(row["departures"]) if row.get("departures") else None
        service = coverage.Service(departures, _minute(row.get("first", "")), _minute(row.get("last", "")))
        kind = coverage.Kind(row["kind"])
        return coverage.Stop(f"own:{row['id']}", row["name"], float(row["lat"]), float(row["lon"]), kind, service)

    name = _told().get("stops", {}).get("file", "")
    return _read(str(name), read) if name else []


def facilities() -> list[demand.Facility]:
    """The facilities of `[facilities]`, to which people ride.

    Raises:
        NoPlanningDataError, PlanningFileError
    """
    from souto.services.transit import demand

    days = {day.value: number for number, day in enumerate(Weekday)}

    def read(row: Mapping[str, str]) -> demand.Facility:
        closes = 24 * 60 if row["closes"] == "24:00" else seconds_of(row["closes"]) // 60
        hours = {days[day]: (seconds_of(row["opens"]) // 60, closes) for day in row["weekdays"].split()}
        return demand.Facility(
            row["id"],
            row["name"],
            demand.Kind(row["kind"]),
            float(row["lat"]),
            float(row["lon"]),
            float(row["attraction"]),
            hours,
        )

    name = _told().get("facilities", {}).get("file", "")
    return _read(str(name), read) if name else []


def feed_files() -> list[Path]:
    """The timetables of the city's folder: zips of GTFS-JP, by name."""
    return sorted((folder() / "feeds").glob("*.zip"))


@lru_cache(maxsize=16)
def _feed(path: Path, _changed: int) -> feeds.Feed:
    from souto.services.transit import feeds

    return feeds.read_feed(path)


def feed(path: Path) -> feeds.Feed:
    """A timetable, read whole.

    Raises:
        ArchiveError: the zip cannot be read.
    """
    return _feed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _streets(_changed: int, path: Path) -> RoadNetwork:
    from souto.services.transit import roads

    return roads.read_extract(path).network


def streets() -> RoadNetwork | None:
    """The city's streets from its extract of OpenStreetMap; None where it has none."""
    path = ways.extract()
    return _streets(path.stat().st_mtime_ns, path) if path.exists() else None
