"""Places on the network, and how long it takes between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from souto.services.transit.roads.network import DRIVING, WALKING, Flags, Ints, Mode, NetworkError, RoadNetwork, Speeds
from souto.services.transit.roads.plane import Floats

_ROWS = 128
"""Sources of one run of Dijkstra's algorithm: rows of n floats each."""


@dataclass(frozen=True, slots=True)
class Places:
    """Points snapped to the nearest point of the nearest link: `link` (index), `offset` (share of its length from its start, 0–1) and
    `access_m` (metres in a straight line from the point to the road); shape (n,) each.
    """

    link: Ints
    offset: Floats
    access_m: Floats

    def __len__(self) -> int:
        return len(self.link)

    def __getitem__(self, chosen: slice | Ints | Flags) -> Places:
        return Places(self.link[chosen], self.offset[chosen], self.access_m[chosen])


def snap(network: RoadNetwork, lat: ArrayLike, lon: ArrayLike) -> Places:
    """Points (degrees, shape (n,)) on the nearest roads of a network. Use the `usable_part` for the mode, or a place may be on an island.

    Raises:
        NetworkError: the network has no link, or a coordinate is not finite.
    """
    if not network.links:
        raise NetworkError(what="道路がありません")
    xy = network.plane.xy(lat, lon).reshape(-1, 2)
    if not np.isfinite(xy).all():
        raise NetworkError(what="緯度経度が不明の地点があります")
    points = shapely.points(xy)
    link = np.asarray(shapely.STRtree(network.lines).nearest(points), dtype=np.int64)
    lines = network.lines[link]
    along = shapely.line_locate_point(lines, points)
    length = shapely.length(lines)
    offset = np.divide(along, length, out=np.zeros(len(link)), where=length > 0)
    return Places(link, np.clip(offset, 0.0, 1.0), np.asarray(shapely.distance(lines, points)))


@dataclass(frozen=True)
class Router:
    """Least costs between places of one network: cost of each link, shape (m,), in seconds or metres."""

    network: RoadNetwork
    mode: Mode
    cost: Floats
    access_cost: float = 0.0
    """Cost of a metre between the point and the road, at either end; a vehicle stays on the road: 0."""

    @cached_property
    def graph(self) -> csr_matrix:
        """The costs between neighbouring nodes, (n, n)."""
        return self.network.graph(self.cost, self.mode)

    @classmethod
    def driving(cls, network: RoadNetwork, speeds: Speeds = DRIVING, hour: float | None = None) -> Router:
        """Seconds by vehicle at a time of day (hours; None: free flow)."""
        return cls(network, Mode.DRIVE, speeds.seconds(network, hour))

    @classmethod
    def walking_metres(cls, network: RoadNetwork) -> Router:
        """Metres on foot, the way to the road and from the road included."""
        return cls(network, Mode.WALK, network.length_m, 1.0)

    @classmethod
    def walking(cls, network: RoadNetwork, speeds: Speeds = WALKING) -> Router:
        """Seconds on foot, the way to the road and from the road included."""
        return cls(network, Mode.WALK, speeds.seconds(network), 3.6 / min(speeds.kmh.values()))

    def between(self, origins: Places, destinations: Places | None = None, limit: float = np.inf) -> Floats:
        """Least cost from each origin to each destination (the origins themselves by default), shape (n, k); `inf` where there is no way.

        Asymmetric where streets are one way. From a place to itself it is 0. With a `limit`, costs above it are `inf`, and only roads within it are
        searched. Complexity: one Dijkstra for each origin, O((m + n) log n) each.
        """
        goals = origins if destinations is None else destinations
        found = np.full((len(origins), len(goals)), np.inf)
        if not len(origins) or not len(goals):
            return found
        into, arrive = self._ends(goals, outwards=False)
        graph = self._with_origins(origins)
        for first in range(0, len(origins), _ROWS):
            rows = slice(first, min(first + _ROWS, len(origins)))
            sources = np.arange(rows.start, rows.stop) + self.network.nodes
            to_nodes = dijkstra(graph, directed=True, indices=sources, limit=limit)
            found[rows] = np.minimum(to_nodes[:, into[:, 0]] + arrive[:, 0], to_nodes[:, into[:, 1]] + arrive[:, 1])
        self._along_one_link(origins, goals, found)
        if self.access_cost:
            found += (origins.access_m[:, None] + goals.access_m[None, :]) * self.access_cost
        if destinations is None:
            np.fill_diagonal(found, 0.0)
        found[found > limit] = np.inf
        return found

    def _with_origins(self, origins: Places) -> csr_matrix:
        """The graph with a node for each origin behind the others, from which one can only leave: towards the ends of its link."""
        ends, leave = self._ends(origins, outwards=True)
        loop = ends[:, 0] == ends[:, 1]
        leave[loop] = np.stack([leave[loop].min(axis=1), np.full(int(loop.sum()), np.inf)], axis=1)
        usable = np.isfinite(leave)
        size = self.network.nodes + len(origins)
        return csr_matrix(
            (
                np.concatenate([self.graph.data, np.maximum(leave[usable], 1e-9)]),
                np.concatenate([self.graph.indices, ends[usable]]),
                np.concatenate([self.graph.indptr, self.graph.nnz + np.cumsum(usable.sum(axis=1))]),
            ),
            shape=(size, size),
        )

    def _ends(self, places: Places, *, outwards: bool) -> tuple[Ints, Floats]:
        """The two nodes of each place's link, (n, 2), and the cost between place and node in the direction asked for; `inf` against a one-way."""
        forward, backward = self.network.open_for(self.mode)
        link = places.link
        nodes = np.stack([self.network.start[link], self.network.end[link]], axis=1)
        with np.errstate(invalid="ignore"):  # no share of a link that nobody may use
            to_start, to_end = places.offset * self.cost[link], (1 - places.offset) * self.cost[link]
        start_open, end_open = (backward, forward) if outwards else (forward, backward)
        costs = np.stack(
            [np.where(start_open[link], to_start, np.inf), np.where(end_open[link], to_end, np.inf)], axis=1
        )
        costs[:, 0] = np.where(places.offset == 0, 0.0, costs[:, 0])  # it stands on the node itself
        costs[:, 1] = np.where(places.offset == 1, 0.0, costs[:, 1])
        return nodes, costs

    def _along_one_link(self, origins: Places, goals: Places, found: Floats) -> None:
        """Two places on one link need no node between them."""
        forward, backward = self.network.open_for(self.mode)
        order = np.argsort(goals.link, kind="stable")
        sorted_links = goals.link[order]
        low = np.searchsorted(sorted_links, origins.link, side="left")
        high = np.searchsorted(sorted_links, origins.link, side="right")
        for origin in np.flatnonzero(high > low):
            link = origins.link[origin]
            same = order[low[origin] : high[origin]]
            step = goals.offset[same] - origins.offset[origin]
            allowed = ((step > 0) & forward[link]) | ((step < 0) & backward[link])
            with np.errstate(invalid="ignore"):
                direct = np.where(allowed, np.abs(step) * self.cost[link], np.inf)
            direct[step == 0] = 0.0
            found[origin, same] = np.minimum(found[origin, same], direct)


def day_matrices(network: RoadNetwork, places: Places, hours: ArrayLike, speeds: Speeds = DRIVING) -> Floats:
    """Travel times by vehicle between places at several times of day, seconds, shape (hours, n, n): what a dispatch engine plans with."""
    return np.stack(
        [
            Router.driving(network, speeds, float(hour)).between(places)
            for hour in np.asarray(hours, dtype=np.float64).ravel()
        ]
    )
