"""The road network as a value: nodes, links between them, what may move on them and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from souto.kernel.errors import SoutoError
from souto.services.transit.roads.plane import Floats, Plane

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class NetworkError(SoutoError):
    """Arrays that are no road network: other lengths, numbers of nodes that do not exist, lengths below zero."""

    message = "道路網のデータに誤りがあります（%(what)s）。"


class RoadClass(IntEnum):
    """Kinds of road, after the values of OpenStreetMap's `highway` tag; what cars may not use comes last."""

    MOTORWAY = 0
    TRUNK = 1
    PRIMARY = 2
    SECONDARY = 3
    TERTIARY = 4
    UNCLASSIFIED = 5
    RESIDENTIAL = 6
    LIVING_STREET = 7
    SERVICE = 8
    TRACK = 9
    PATH = 10
    STEPS = 11


class Mode(StrEnum):
    """Who moves: a vehicle, which obeys one-way streets, or a person on foot, who does not."""

    DRIVE = "drive"
    WALK = "walk"


@dataclass(frozen=True)
class RoadNetwork:
    """Nodes and links with arrays of one entry each; a link lies between two nodes and may be open one way or both.

    `lat`, `lon`: nodes, degrees, shape (n,). For links, shape (m,): `start`, `end` (indices of nodes), `length_m` (along the road),
    `road_class` (`RoadClass`), `forward`, `backward` (a vehicle may drive from start to end, from end to start), `walkable`,
    `speed_kmh` (posted limit, NaN where unknown). `corners` and `corner_of` hold the bends between the two ends: degrees (lat, lon) of
    shape (k, 2) in order, and the link of each, ascending.

    Raises:
        NetworkError: the arrays do not fit together.
    """

    lat: Floats
    lon: Floats
    start: Ints
    end: Ints
    length_m: Floats
    road_class: Ints
    forward: Flags
    backward: Flags
    walkable: Flags
    speed_kmh: Floats
    corners: Floats = field(default_factory=lambda: np.empty((0, 2)))
    corner_of: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        nodes, links = len(self.lat), len(self.start)
        per_link = (
            self.end,
            self.length_m,
            self.road_class,
            self.forward,
            self.backward,
            self.walkable,
            self.speed_kmh,
        )
        if len(self.lon) != nodes or any(len(array) != links for array in per_link):
            raise NetworkError(what="配列の長さがそろっていません")
        ends = np.concatenate([self.start, self.end])
        if links and (ends.min() < 0 or ends.max() >= nodes):
            raise NetworkError(what="存在しない地点を結ぶ道路があります")
        if not (np.isfinite(self.length_m).all() and (self.length_m >= 0).all()):
            raise NetworkError(what="長さが負または不明の道路があります")
        if not (np.isfinite(self.lat).all() and np.isfinite(self.lon).all()):
            raise NetworkError(what="緯度経度が不明の地点があります")

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.lat)

    @property
    def links(self) -> int:
        """How many links there are; a street open both ways is one."""
        return len(self.start)

    @cached_property
    def plane(self) -> Plane:
        """The flat map on which points are snapped to roads."""
        return Plane.around(self.lat, self.lon) if self.nodes else Plane(0.0, 0.0)

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """Each link as a line of the flat map (metres), with its bends; shape (m,)."""
        own = np.arange(self.links)
        owner = np.concatenate([own, self.corner_of, own])
        rank = np.concatenate([np.zeros(self.links), np.ones(len(self.corner_of)), np.full(self.links, 2.0)])
        lat = np.concatenate([self.lat[self.start], self.corners[:, 0], self.lat[self.end]])
        lon = np.concatenate([self.lon[self.start], self.corners[:, 1], self.lon[self.end]])
        order = np.lexsort((rank, owner))  # a stable sort: bends keep their order
        return np.asarray(shapely.linestrings(self.plane.xy(lat, lon)[order], indices=owner[order]))

    def open_for(self, mode: Mode) -> tuple[Flags, Flags]:
        """Whether each link may be used from start to end, and from end to start."""
        return (self.walkable, self.walkable) if mode is Mode.WALK else (self.forward, self.backward)

    def graph(self, cost: Floats, mode: Mode) -> csr_matrix:
        """The links as a sparse matrix of costs, (n, n); of parallel links the cheapest counts.

        A cost of zero becomes a billionth of its unit, since scipy takes a stored zero for no link.
        """
        forward, backward = self.open_for(mode)
        tail = np.concatenate([self.start[forward], self.end[backward]])
        head = np.concatenate([self.end[forward], self.start[backward]])
        weight = np.maximum(np.concatenate([cost[forward], cost[backward]]), 1e-9)
        usable = np.isfinite(weight)
        tail, head, weight = tail[usable], head[usable], weight[usable]
        order = np.lexsort((weight, head, tail))
        tail, head, weight = tail[order], head[order], weight[order]
        first = np.ones(len(tail), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return csr_matrix((weight[first], (tail[first], head[first])), shape=(self.nodes, self.nodes))

    def usable_part(self, mode: Mode) -> RoadNetwork:
        """The largest part in which every place reaches every other (strongly connected), without what this mode may not use.

        Places are snapped to this part, so that none is on an island: a car park behind a barrier, a path inside a park.
        """
        forward, backward = self.open_for(mode)
        usable = forward | backward
        if not usable.any():
            return self.part(usable)
        _, label = connected_components(self.graph(np.ones(self.links), mode), directed=True, connection="strong")
        inside = label[self.start] == label[self.end]
        largest = (
            np.bincount(label[self.start[usable & inside]], minlength=1).argmax() if (usable & inside).any() else -1
        )
        return self.part(usable & inside & (label[self.start] == largest))

    def part(self, chosen: Flags) -> RoadNetwork:
        """Only the chosen links, shape (m,), and the nodes at their ends, numbered anew in their order."""
        kept = np.zeros(self.nodes, dtype=bool)
        kept[self.start[chosen]] = True
        kept[self.end[chosen]] = True
        number = np.cumsum(kept) - 1
        link_number = np.cumsum(chosen) - 1
        bends = chosen[self.corner_of]
        return replace(
            self,
            lat=self.lat[kept],
            lon=self.lon[kept],
            start=number[self.start[chosen]],
            end=number[self.end[chosen]],
            length_m=self.length_m[chosen],
            road_class=self.road_class[chosen],
            forward=self.forward[chosen],
            backward=self.backward[chosen],
            walkable=self.walkable[chosen],
            speed_kmh=self.speed_kmh[chosen],
            corners=self.corners[bends],
            corner_of=link_number[self.corner_of[bends]],
        )


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast one gets along, lights and crossings included.

    `kmh`: average speed by class of road, km/h. `limit_share`: where a limit is posted, what share of it is reached on average.
    `crossing_s`: seconds lost at the end of each link. `factors`: for each hour of the day (0–23) by how much travel takes longer than in
    free flow (1.0), shape (24,), for the classes in `slowed`.
    """

    kmh: Mapping[RoadClass, float]
    limit_share: float = 0.75
    crossing_s: float = 0.0
    factors: tuple[float, ...] = (1.0,) * 24
    slowed: frozenset[RoadClass] = frozenset(
        {RoadClass.TRUNK, RoadClass.PRIMARY, RoadClass.SECONDARY, RoadClass.TERTIARY}
    )

    def __post_init__(self) -> None:
        if len(self.factors) != 24 or min(self.factors) <= 0 or min(self.kmh.values()) <= 0:
            raise NetworkError(what="速度または時間帯の係数が正しくありません")

    def seconds(self, network: RoadNetwork, hour: float | None = None) -> Floats:
        """Seconds along each link, shape (m,). `hour`: time of day, 0 ≤ hour < 24, between two hours by proportion; None for free flow."""
        table = np.full(len(RoadClass), np.nan)
        for road_class, kmh in self.kmh.items():
            table[road_class] = kmh
        posted = network.speed_kmh * self.limit_share
        speed = np.where(np.isfinite(posted) & (posted > 0), posted, table[network.road_class])
        seconds = network.length_m / (speed / 3.6) + self.crossing_s
        if hour is not None:
            slow = np.isin(network.road_class, [int(c) for c in self.slowed])
            seconds = np.where(slow, seconds * self.factor(hour), seconds)
        return np.where(np.isfinite(seconds), seconds, np.inf)

    def factor(self, hour: float) -> float:
        """By how much travel on the slowed classes takes longer at a time of day, hours."""
        before = int(hour) % 24
        share = hour - int(hour)
        return self.factors[before] * (1 - share) + self.factors[(before + 1) % 24] * share


WALKING_KMH = 4.8
"""80 metres a minute, as the rules for advertising real estate in Japan count walking (不動産の表示に関する公正競争規約施行規則)."""

WALKING = Speeds(kmh=dict.fromkeys(RoadClass, WALKING_KMH), limit_share=0.0)

DRIVING = Speeds(
    kmh={
        RoadClass.MOTORWAY: 70,
        RoadClass.TRUNK: 32,
        RoadClass.PRIMARY: 28,
        RoadClass.SECONDARY: 26,
        RoadClass.TERTIARY: 24,
        RoadClass.UNCLASSIFIED: 20,
        RoadClass.RESIDENTIAL: 16,
        RoadClass.LIVING_STREET: 10,
        RoadClass.SERVICE: 10,
        RoadClass.TRACK: 10,
    },
    limit_share=0.6,
    crossing_s=2.0,
    factors=(*(1.0,) * 6, 1.1, 1.3, 1.4, 1.2, 1.1, 1.1, 1.15, 1.1, 1.1, 1.15, 1.25, 1.4, 1.4, 1.2, 1.1, *(1.0,) * 3),
)
"""A small bus in a Japanese city. Our assumptions, to be replaced by speeds that the city has measured."""
