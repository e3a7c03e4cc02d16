"""What counts as being served: stops, how often they are, and the thresholds of a city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from souto.kernel.errors import SoutoError


class ServiceError(SoutoError):
    """A stop or standard that contradicts itself."""

    message = "停留所または基準の設定に誤りがあります（%(what)s）。"


class Kind(StrEnum):
    """Kinds of stops; each has a reach of its own."""

    BUS = "bus"
    STATION = "station"
    DEMAND = "demand"  # a virtual stop of demand transit (ミーティングポイント)


@dataclass(frozen=True, slots=True)
class Service:
    """How a stop is served on the kind of day in question (one day, both directions together).

    `departures`: on that day; None where nobody knows. `first`, `last`: of the first and last departure, minutes since midnight (1,470 = 24:30); for demand
    transit the hours in which one may be picked up. None: not known.
    """

    departures: int | None = None
    first: int | None = None
    last: int | None = None

    def __post_init__(self) -> None:
        if (self.departures or 0) < 0 or (self.first is not None and self.last is not None and self.last < self.first):
            raise ServiceError(what="本数が負か、最終が始発より前です")

    def with_more(self, other: Service) -> Service:
        """Both services at one stop."""
        known = [n for n in (self.departures, other.departures) if n is not None]
        firsts = [t for t in (self.first, other.first) if t is not None]
        lasts = [t for t in (self.last, other.last) if t is not None]
        return Service(sum(known) if known else None, min(firsts, default=None), max(lasts, default=None))


UNKNOWN = Service()


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop: degrees, kind, service."""

    id: str
    name: str
    lat: float
    lon: float
    kind: Kind = Kind.BUS
    service: Service = UNKNOWN


@dataclass(frozen=True, slots=True)
class Zone:
    """An area of demand transit with pick-up at the door: GeoJSON polygon (degrees) and its hours."""

    id: str
    name: str
    geometry: Any
    service: Service = UNKNOWN


@dataclass(frozen=True, slots=True)
class Standard:
    """The thresholds of a city. No law sets one distance: each city states its own, so everything is a parameter.

    `reach_m`: how far a stop of each kind reaches, metres of the way that the analysis measures. `departures`: least departures a day (0: any). `first_by`,
    `last_from`: the first departure is at that minute of the day or earlier, the last then or later. `unknown_counts`: whether a stop whose service nobody
    knows counts as served well enough. `zones_count`: whether demand transit at the door counts.
    """

    reach_m: Mapping[Kind, float] = field(default_factory=lambda: {Kind.BUS: 300, Kind.STATION: 500, Kind.DEMAND: 300})
    departures: int = 0
    first_by: int | None = None
    last_from: int | None = None
    unknown_counts: bool = True
    zones_count: bool = True

    def __post_init__(self) -> None:
        if any(not metres >= 0 for metres in self.reach_m.values()):
            raise ServiceError(what="距離が負です")

    def serves(self, service: Service, kind: Kind | None = None) -> bool:
        """Whether a service is enough. Departures are not asked of demand transit (a zone, or `Kind.DEMAND`), which comes when called."""
        asked = [(self.first_by, service.first, -1), (self.last_from, service.last, 1)]
        if kind not in {None, Kind.DEMAND}:
            asked.append((self.departures or None, service.departures, 1))
        for least, found, sign in asked:
            if least is None:
                continue
            if found is None:
                if not self.unknown_counts:
                    return False
            elif (found - least) * sign < 0:
                return False
        return True


#: Distances that are in use in Japan, by the name under which a page offers them: see the page of documentation for their sources.
DISTANCES: Mapping[str, Mapping[Kind, float]] = {
    "300/500": {Kind.BUS: 300, Kind.STATION: 500, Kind.DEMAND: 300},
    "300/800": {Kind.BUS: 300, Kind.STATION: 800, Kind.DEMAND: 300},
    "500/800": {Kind.BUS: 500, Kind.STATION: 800, Kind.DEMAND: 500},
    "500/1000": {Kind.BUS: 500, Kind.STATION: 1000, Kind.DEMAND: 500},
    "1000/1000": {Kind.BUS: 1000, Kind.STATION: 1000, Kind.DEMAND: 1000},
}
