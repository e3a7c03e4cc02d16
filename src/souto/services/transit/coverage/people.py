"""Where people live: sample points of a city with the people who live around each."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import shape

from souto.kernel.errors import SoutoError
from souto.services.transit.coverage import mesh
from souto.services.transit.coverage.mesh import Codes, Floats, MeshLevel
from souto.services.transit.roads import Plane


class PeopleError(SoutoError):
    """Boundary or population that cannot be used."""

    message = "人口または境界のデータを使えません（%(what)s）。"


@dataclass(frozen=True, slots=True)
class Town:
    """A town (町丁目): its name, a point that stands for where its people live (degrees), and how many live there."""

    name: str
    lat: float
    lon: float
    people: float


@dataclass(frozen=True)
class Grid:
    """A city cut into squares of JIS X 0410, each into `side` × `side` equal parts whose middles are the sample points; those inside the boundary are kept.

    `cells`: codes, ascending, shape (c,). For samples, shape (s,): `lat`, `lon` (degrees), `cell` (index into `cells`). `boundary` in degrees, (lon, lat).
    """

    boundary: shapely.Geometry
    level: MeshLevel
    side: int
    cells: Codes
    lat: Floats
    lon: Floats
    cell: Codes

    @classmethod
    def of(cls, boundary: Any, level: MeshLevel = MeshLevel.QUARTER, side: int = 4) -> Grid:
        """The grid of a boundary: a GeoJSON geometry, feature or collection (degrees), or a shapely geometry.

        Raises:
            PeopleError: the boundary holds no area, or no sample point.
        """
        area = _area(boundary)
        west, south, east, north = area.bounds
        row, column = mesh.positions([south, north], [west, east], level)
        height, width = mesh.size_degrees(level)
        rows = np.arange(row[0] * side, (row[1] + 1) * side)
        columns = np.arange(column[0] * side, (column[1] + 1) * side)
        lat, lon = ((rows + 0.5) * height / side), (100 + (columns + 0.5) * width / side)
        lats, lons = (array.ravel() for array in np.meshgrid(lat, lon, indexing="ij"))
        shapely.prepare(area)
        inside = shapely.contains_xy(area, lons, lats)
        if not inside.any():
            raise PeopleError(what="境界の中に地点がありません")
        lats, lons = lats[inside], lons[inside]
        cells, cell = np.unique(mesh.codes(lats, lons, level), return_inverse=True)
        return cls(area, level, side, cells, lats, lons, np.asarray(cell, dtype=np.int64))

    @cached_property
    def plane(self) -> Plane:
        """The flat map of the city."""
        return Plane.around(self.lat, self.lon)

    @cached_property
    def xy(self) -> Floats:
        """The samples on the flat map, metres, shape (s, 2)."""
        return self.plane.xy(self.lat, self.lon)

    @cached_property
    def tree(self) -> cKDTree:
        """The samples on the flat map, for searches."""
        return cKDTree(self.xy)

    @property
    def sample_m2(self) -> float:
        """The area for which a sample stands, m² (of the middle of the city; it differs by less than 0.2 % over 20 km)."""
        north, east = self.plane.metres_per_degree
        height, width = mesh.size_degrees(self.level)
        return height * north * width * east / self.side**2


@dataclass(frozen=True)
class People:
    """People on the samples of a grid: `count` (may be a fraction) and `town` (index into `towns`), shape (s,)."""

    grid: Grid
    towns: tuple[str, ...]
    count: Floats
    town: Codes

    @property
    def total(self) -> float:
        """All people."""
        return float(self.count.sum())

    @classmethod
    def around_towns(cls, grid: Grid, towns: Sequence[Town], density: float = 4_000.0) -> People:
        """Spread each town's people around its point: an estimate, until a census by square is at hand.

        A sample belongs to the town whose point is nearest. People fill the samples of their town from its point outward, at most `density` people to a
        km² (4,000: from there on the census speaks of a densely inhabited district, 人口集中地区); who does not fit is spread evenly over them. So a
        hamlet in a large forest stays near its point, and no town loses anybody. A town without any sample inside gives its people to the nearest one.

        Raises:
            PeopleError: no towns, or a number of people below zero.
        """
        if not towns or any(not town.people >= 0 for town in towns):
            raise PeopleError(what="町丁目がないか、人口が負です")
        points = grid.plane.xy([town.lat for town in towns], [town.lon for town in towns])
        distance, owner = cKDTree(points).query(grid.xy)
        count = np.zeros(len(owner))
        room = density * grid.sample_m2 / 1e6
        order = np.lexsort((distance, owner))
        start = np.searchsorted(owner[order], np.arange(len(towns) + 1))
        for number, town in enumerate(towns):
            own = order[start[number] : start[number + 1]]
            if not len(own):
                count[grid.tree.query(points[number])[1]] += town.people
                continue
            placed = np.clip(town.people - room * np.arange(len(own)), 0, room)
            count[own] += placed + max(0.0, town.people - placed.sum()) / len(own)
        return cls(grid, tuple(town.name for town in towns), count, np.asarray(owner, dtype=np.int64))

    @classmethod
    def of_squares(cls, grid: Grid, squares: dict[int, float], towns: Sequence[Town]) -> People:
        """The people of a census by square (code to people, of the grid's level), evenly over the samples of each square inside the boundary.

        Squares outside are left out; a square that the boundary cuts gives all its people to its inner part. Towns are the nearest to each sample.

        Raises:
            PeopleError: squares of another level, no towns.
        """
        if not towns or any(mesh.level_of(code) is not grid.level for code in squares):
            raise PeopleError(what="町丁目がないか、メッシュの大きさが違います")
        points = grid.plane.xy([town.lat for town in towns], [town.lon for town in towns])
        _, owner = cKDTree(points).query(grid.xy)
        in_cell = np.bincount(grid.cell, minlength=len(grid.cells))
        each = np.array([squares.get(int(code), 0.0) for code in grid.cells]) / in_cell
        return cls(grid, tuple(town.name for town in towns), each[grid.cell], np.asarray(owner, dtype=np.int64))


def _area(boundary: Any) -> shapely.Geometry:
    if not isinstance(boundary, shapely.Geometry):
        parts = [feature["geometry"] for feature in boundary.get("features", [])] or [
            boundary.get("geometry", boundary)
        ]
        try:
            boundary = shapely.union_all([shape(part) for part in parts])
        except (shapely.errors.ShapelyError, KeyError, TypeError, ValueError, AttributeError) as fault:
            raise PeopleError(what=f"境界を読めません: {fault}") from fault
    area = boundary if boundary.is_valid else shapely.make_valid(boundary)
    if not area.area > 0:
        raise PeopleError(what="境界に広さがありません")
    return area


@dataclass(frozen=True, slots=True)
class SquareCensus:
    """People by square as e-Stat gives them, and how many squares hide the value asked for (秘匿)."""

    people: dict[int, float]
    hidden: int
    column: str


def read_census(data: bytes, column: str = "") -> SquareCensus:
    """Read a file of the census by square from e-Stat (地域メッシュ統計, `tblT…Q5339.txt`).

    Text in cp932 or UTF-8; a row of keys (`KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T…001,…`), a row of labels, then a row for each square. `column`: the key to
    read; without one the first after the four fixed ones, which is the total of people. `*` is a hidden value: such a square counts 0 here, its people
    stand in the square named by HTKSAKI (totals are not hidden in the files of 2015 and 2020).

    Raises:
        PeopleError: no such table, no such column, a line that is none.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp932", errors="replace")
    rows = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(rows, [])]
    if "KEY_CODE" not in header:
        raise PeopleError(what="KEY_CODEの列がありません")
    key = header.index("KEY_CODE")
    fixed = {"KEY_CODE", "HTKSYORI", "HTKSAKI", "GASSAN"}
    wanted = column or next((name for name in header if name not in fixed), "")
    if wanted not in header:
        raise PeopleError(what=f"{column or '人口'}の列がありません")
    place = header.index(wanted)
    people: dict[int, float] = {}
    hidden = 0
    for line, row in enumerate(rows, 2):
        if not row or not row[key].strip():
            continue  # the row of labels has no code
        try:
            value = row[place].strip()
            hidden += value == "*"
            people[int(row[key])] = 0.0 if value in {"*", "-", ""} else float(value)
        except (ValueError, IndexError):
            raise PeopleError(what=f"{line}行目を読めません") from None
    return SquareCensus(people, hidden, wanted)
