"""A made-up network around real places, for tests, demonstrations, and cities whose extract is not at hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from souto.services.transit.roads.network import Flags, Ints, NetworkError, RoadClass, RoadNetwork
from souto.services.transit.roads.plane import Floats, Plane


@dataclass(frozen=True, slots=True)
class Shape:
    """What a made-up network looks like.

    `block_m`: distance of crossings in the streets around places; `spread_m`: how far from a place there are streets; `winding`: by how much a road is
    longer than its straight line at most (0.25: up to 25 %); `one_way`: share of residential streets open in one direction; `seed` of all chance.
    """

    block_m: float = 160.0
    spread_m: float = 500.0
    winding: float = 0.25
    one_way: float = 0.12
    seed: int = 20260401


def around_places(lat: ArrayLike, lon: ArrayLike, hubs: ArrayLike = (), shape: Shape | None = None) -> RoadNetwork:
    """A network in which every place (degrees, shape (n,), at least 3 of them apart) is a crossing; the same input gives the same network.

    Method: the places and a shaken lattice of crossings near them are joined by their Gabriel graph (two points are neighbours when no third lies in the
    circle between them), which holds the shortest spanning tree and so is connected, crosses itself nowhere and looks like streets. Shortest ways
    between `hubs` (indices of places: stations) become primary roads, those between neighbouring places secondary, the rest residential streets.
    The first `n` nodes are the places (of places at one point the first). It is no picture of any real street.

    Raises:
        NetworkError: fewer than three places apart.
    """
    form = shape or Shape()
    chance = np.random.default_rng(form.seed)
    plane = Plane.around(lat, lon)
    places = _apart(plane.xy(lat, lon))
    if len(places) < 3:
        raise NetworkError(what="道路網を作るには、離れた3か所以上が必要です")
    points = np.concatenate([places, _lattice(places, form, chance)])
    pairs = _gabriel(points)
    straight = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    length = straight * (1 + form.winding * chance.random(len(pairs)))
    road_class = _classes(points, pairs, length, len(places), np.asarray(hubs, dtype=np.int64), plane.xy(lat, lon))
    quiet = road_class == RoadClass.RESIDENTIAL
    one_way = quiet & (chance.random(len(pairs)) < form.one_way) & ~_in_tree(pairs, length, len(points))
    lats, lons = plane.degrees(points)
    ones = np.ones(len(pairs), dtype=bool)
    return RoadNetwork(
        lat=lats,
        lon=lons,
        start=pairs[:, 0],
        end=pairs[:, 1],
        length_m=length,
        road_class=road_class,
        forward=ones,
        backward=~one_way,
        walkable=ones,
        speed_kmh=np.full(len(pairs), np.nan),
    )


def _apart(points: Floats) -> Floats:
    """The points without those within a metre of an earlier one."""
    near = cKDTree(points).query_pairs(1.0, output_type="ndarray")
    dropped = np.zeros(len(points), dtype=bool)
    if len(near):
        dropped[near.max(axis=1)] = True
    return points[~dropped]


def _lattice(places: Floats, form: Shape, chance: np.random.Generator) -> Floats:
    """Crossings on a shaken lattice, not nearer to a place than half a block and not farther than the spread."""
    low, high = places.min(axis=0) - form.spread_m, places.max(axis=0) + form.spread_m
    xs = np.arange(low[0], high[0], form.block_m)
    ys = np.arange(low[1], high[1], form.block_m)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    grid = grid + (chance.random(grid.shape) - 0.5) * form.block_m * 0.5
    distance, _ = cKDTree(places).query(grid)
    near: Floats = grid[(distance > form.block_m / 2) & (distance < form.spread_m)]
    return near


def _gabriel(points: Floats) -> Ints:
    """The pairs (k, 2) of the Gabriel graph, ascending, out of the Delaunay triangles."""
    triangles = Delaunay(points, qhull_options="QJ Qbb").simplices
    pairs = np.unique(np.sort(triangles[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2), axis=1), axis=0).astype(np.int64)
    middle = (points[pairs[:, 0]] + points[pairs[:, 1]]) / 2
    half = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) / 2
    nearest, _ = cKDTree(points).query(middle)
    empty: Ints = pairs[nearest >= half * (1 - 1e-9)]
    return empty


def _matrix(pairs: Ints, length: Floats, size: int) -> csr_matrix:
    return csr_matrix(coo_matrix((length, (pairs[:, 0], pairs[:, 1])), shape=(size, size)))


def _in_tree(pairs: Ints, length: Floats, size: int) -> Flags:
    """Links of the shortest spanning tree stay open both ways, so that every place reaches every other."""
    tree = coo_matrix(minimum_spanning_tree(_matrix(pairs, length, size)))
    chosen = tree.row.astype(np.int64) * size + tree.col
    return np.isin(pairs[:, 0] * size + pairs[:, 1], chosen)


def _classes(points: Floats, pairs: Ints, length: Floats, places: int, hubs: Ints, given: Floats) -> Ints:
    """Busier roads where the shortest ways between neighbouring places and between neighbouring hubs run."""
    road_class = np.full(len(pairs), int(RoadClass.RESIDENTIAL))
    size = len(points)
    graph = _matrix(pairs, length, size)
    key = pairs[:, 0] * size + pairs[:, 1]
    neighbours = _gabriel(points[:places]) if places > 3 else np.array([[0, 1], [1, 2]])
    road_class[np.isin(key, _ways(graph, neighbours, points))] = int(RoadClass.SECONDARY)
    if len(hubs) > 1:
        _, at = cKDTree(points[:places]).query(given[hubs])
        at = np.unique(at)
        joined = at[_gabriel(points[at])] if len(at) > 3 else np.stack([at[:-1], at[1:]], axis=1)
        road_class[np.isin(key, _ways(graph, joined, points))] = int(RoadClass.PRIMARY)
    return road_class


def _ways(graph: csr_matrix, wanted: Ints, points: Floats) -> Ints:
    """The links (low end * nodes + high end) on the shortest ways between pairs of nodes, if these are no more than 3 times as long as a straight line."""
    size = len(points)
    found: set[int] = set()
    for source in np.unique(wanted[:, 0]):
        goals = wanted[wanted[:, 0] == source, 1]
        farthest = float(np.hypot(*(points[goals] - points[source]).T).max())
        _, before = dijkstra(graph, directed=False, indices=source, return_predecessors=True, limit=3 * farthest)
        for goal in goals:
            node = int(goal)
            while node != source and before[node] >= 0:
                low, high = sorted((node, int(before[node])))
                found.add(low * size + high)
                node = int(before[node])
    return np.array(sorted(found), dtype=np.int64)
