"""The share of people within reach of a stop that is served well enough; and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from souto.services.transit.coverage import mesh
from souto.services.transit.coverage.mesh import Codes, Floats
from souto.services.transit.coverage.people import Grid, People
from souto.services.transit.coverage.service import Service, ServiceError, Standard, Stop, Zone
from souto.services.transit.coverage.walks import Reached, Walk

Flags = NDArray[np.bool_]


class State(IntEnum):
    """How a sample stands; of a cell it is the state of most of its people."""

    COVERED = 0
    THIN_SERVICE = 1  # a stop is within reach, but none is served well enough (交通不便)
    NO_STOP = 2  # no stop is within reach (交通空白)


@dataclass(frozen=True, slots=True)
class TownResult:
    """A town: its people, and how many of them are covered, live near a thinly served stop, or near none."""

    name: str
    people: float
    covered: float
    thin: float
    without: float

    @property
    def share(self) -> float | None:
        """Covered share of its people; None where nobody lives."""
        return self.covered / self.people if self.people else None


@dataclass(frozen=True)
class Assessment:
    """What a standard says of a city. `state`: shape (s,) of the samples; `nearest_m`: to the nearest stop of any service, `inf` beyond the horizon."""

    people: People
    state: NDArray[np.int8]
    nearest_m: Floats

    def counted(self, state: State) -> float:
        """People in a state."""
        return float(self.people.count[self.state == state].sum())

    @property
    def share(self) -> float | None:
        """Covered share of all people."""
        total = self.people.total
        return self.counted(State.COVERED) / total if total else None

    @property
    def area_share(self) -> float:
        """Covered share of the area, on the samples (`area.covered_area` measures it exactly)."""
        return float((self.state == State.COVERED).mean())

    @cached_property
    def towns(self) -> tuple[TownResult, ...]:
        """Every town, in the order of the population."""
        count, town, size = self.people.count, self.people.town, len(self.people.towns)
        by_state = [np.bincount(town, np.where(self.state == state, count, 0.0), minlength=size) for state in State]
        return tuple(
            TownResult(name, float(sum(column[i] for column in by_state)), *(float(column[i]) for column in by_state))
            for i, name in enumerate(self.people.towns)
        )

    @cached_property
    def cells(self) -> CellTable:
        """Every square of the grid."""
        grid, size = self.people.grid, len(self.people.grid.cells)
        weight: Floats = self.people.count + 1e-12  # where nobody lives, its area speaks
        by_state = np.stack([np.bincount(grid.cell, weight * (self.state == s), minlength=size) for s in State])
        nearest = np.full(size, np.inf)
        np.minimum.at(nearest, grid.cell, self.nearest_m)
        people: Floats = np.bincount(grid.cell, self.people.count, minlength=size).astype(np.float64)
        return CellTable(
            grid.cells, people, by_state[State.COVERED] / by_state.sum(axis=0), by_state.argmax(axis=0), nearest
        )


@dataclass(frozen=True, slots=True)
class CellTable:
    """Squares: code, people, covered share of them (of the area where nobody lives), state of most, metres from its nearest sample to a stop."""

    code: Codes
    people: Floats
    share: Floats
    state: Codes
    nearest_m: Floats

    def geojson(self) -> dict[str, Any]:
        """The squares as a GeoJSON collection for a map; people to one decimal, share to three."""
        features = []
        for i, (south, west, north, east) in enumerate(zip(*mesh.corners(self.code), strict=True)):
            w, s, e, n = (round(float(x), 7) for x in (west, south, east, north))
            nearest = self.nearest_m[i]
            features.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
                    "properties": {
                        "code": str(self.code[i]),
                        "people": round(float(self.people[i]), 1),
                        "share": round(float(self.share[i]), 3),
                        "state": State(self.state[i]).name.lower(),
                        "nearest_m": round(float(nearest)) if np.isfinite(nearest) else None,
                    },
                }
            )
        return {"type": "FeatureCollection", "features": features}


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried out: new stops, stops (ids) that go, other services at existing stops, areas of demand transit."""

    added: Sequence[Stop] = ()
    removed: frozenset[str] = frozenset()
    services: Mapping[str, Service] | None = None
    zones: Sequence[Zone] = ()


@dataclass(frozen=True)
class Comparison:
    """Before and after a change."""

    before: Assessment
    after: Assessment

    @property
    def newly_covered(self) -> float:
        """People who were not covered and now are."""
        return self._moved(self.before, self.after)

    @property
    def no_longer_covered(self) -> float:
        """People who were covered and are not any more."""
        return self._moved(self.after, self.before)

    @property
    def towns(self) -> tuple[tuple[TownResult, TownResult], ...]:
        """The towns in which anything changed, before and after."""
        pairs = zip(self.before.towns, self.after.towns, strict=True)
        return tuple((old, new) for old, new in pairs if old != new)

    def _moved(self, one: Assessment, other: Assessment) -> float:
        moved = (one.state != State.COVERED) & (other.state == State.COVERED)
        return float(one.people.count[moved].sum())


class Analysis:
    """A city with its stops: the ways from stops to samples are measured once, then any standard and any change is a matter of milliseconds.

    `horizon_m`: the longest reach of a standard that may be asked; ways up to it are kept (12 bytes a pair).
    """

    def __init__(
        self,
        people: People,
        stops: Sequence[Stop],
        walk: Walk,
        *,
        zones: Sequence[Zone] = (),
        horizon_m: float = 1_000.0,
    ) -> None:
        if len({stop.id for stop in stops}) != len(stops):
            raise ServiceError(what="同じIDの停留所があります")
        self.people, self.walk, self.horizon_m = people, walk, horizon_m
        self.stops, self.zones = tuple(stops), tuple(zones)
        self.reached = self._reach(self.stops)
        self.number = {stop.id: number for number, stop in enumerate(self.stops)}

    @property
    def grid(self) -> Grid:
        """The grid of samples."""
        return self.people.grid

    def _reach(self, stops: Sequence[Stop]) -> Reached:
        lat, lon = np.array([stop.lat for stop in stops]), np.array([stop.lon for stop in stops])
        return self.walk.reach(lat, lon, self.horizon_m)

    def assess(self, standard: Standard) -> Assessment:
        """What a standard says of the city as it is.

        Raises:
            ServiceError: the standard reaches beyond the horizon.
        """
        return self._assess(standard, self.stops, self.zones, self.reached)

    def what_if(self, standard: Standard, change: Change) -> Comparison:
        """What a change would do: new stops are measured, everything else is known.

        Raises:
            ServiceError: a stop that does not exist, an id that does already, or a reach beyond the horizon.
        """
        services = change.services or {}
        unknown = (change.removed | services.keys()) - self.number.keys()
        if unknown:
            raise ServiceError(what=f"停留所{min(unknown)}はありません")
        if any(stop.id in self.number for stop in change.added):
            raise ServiceError(what="同じIDの停留所があります")
        changed = [replace(stop, service=services.get(stop.id, stop.service)) for stop in self.stops]
        gone = np.zeros(len(self.stops) + len(change.added), dtype=bool)
        gone[[self.number[name] for name in change.removed]] = True
        reached = self.reached
        if change.added:
            new = self._reach(change.added)
            reached = Reached.joined([reached, replace(new, stop=new.stop + len(self.stops))])
        after = self._assess(standard, [*changed, *change.added], [*self.zones, *change.zones], reached, gone)
        return Comparison(self.assess(standard), after)

    def line(self, points: Sequence[Stop], join_m: float = 50.0) -> Change:
        """A new line as a change: stops that stand within `join_m` (straight) of an existing one of their kind add their service to it, others are new."""
        services: dict[str, Service] = {}
        added = []
        xy = self.grid.plane.xy([s.lat for s in self.stops], [s.lon for s in self.stops]).reshape(-1, 2)
        for point in points:
            away = np.hypot(*(xy - self.grid.plane.xy([point.lat], [point.lon])[0]).T)
            near = [
                i for i in np.argsort(away, kind="stable") if away[i] <= join_m and self.stops[i].kind is point.kind
            ]
            if not near:
                added.append(point)
                continue
            known = self.stops[near[0]]
            services[known.id] = services.get(known.id, known.service).with_more(point.service)
        return Change(added=tuple(added), services=services)

    def _assess(
        self,
        standard: Standard,
        stops: Sequence[Stop],
        zones: Sequence[Zone],
        reached: Reached,
        gone: Flags | None = None,
    ) -> Assessment:
        if max(standard.reach_m.values(), default=0) > self.horizon_m:
            raise ServiceError(what=f"距離が{self.horizon_m:g}mを超えています")
        samples = len(self.people.count)
        reach = np.array([standard.reach_m.get(stop.kind, -1.0) for stop in stops], dtype=np.float64)
        if gone is not None:
            reach[gone] = -1.0
        good = np.array([standard.serves(stop.service, stop.kind) for stop in stops], dtype=bool)
        near = reached.metres <= reach[reached.stop]
        nearest = np.full(samples, np.inf)
        standing = reach[reached.stop] >= 0
        np.minimum.at(nearest, reached.sample[standing], reached.metres[standing])
        state = np.full(samples, State.NO_STOP, dtype=np.int8)
        state[reached.sample[near]] = State.THIN_SERVICE
        state[reached.sample[near & good[reached.stop]]] = State.COVERED
        for zone in zones if standard.zones_count else ():
            inside = self._inside(zone)
            if standard.serves(zone.service):
                state[inside] = State.COVERED
            else:
                state[inside & (state == State.NO_STOP)] = State.THIN_SERVICE
        return Assessment(self.people, state, nearest)

    def _inside(self, zone: Zone) -> Flags:
        try:
            area = shape(zone.geometry)
        except (shapely.errors.ShapelyError, KeyError, TypeError, ValueError, AttributeError) as fault:
            raise ServiceError(what=f"区域{zone.id}の形を読めません") from fault
        shapely.prepare(area)
        return np.asarray(shapely.contains_xy(area, self.grid.lon, self.grid.lat), dtype=bool)
