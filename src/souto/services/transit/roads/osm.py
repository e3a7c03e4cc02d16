"""Road networks out of OpenStreetMap extracts (`.osm.pbf`, `.osm`, `.osm.gz`, `.osm.bz2`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium

from souto.kernel.errors import SoutoError
from souto.services.transit.roads.network import RoadClass, RoadNetwork
from souto.services.transit.roads.plane import Floats, Plane

_MPH = 1.609344
_CAR = ("motorcar", "motor_vehicle", "vehicle", "access")
_FOOT = ("foot", "access")
_CLOSED = frozenset({"no", "private", "agricultural", "forestry", "emergency"})
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|mph)?$")

_CLASSES: dict[str, RoadClass] = {
    **{road_class.name.lower(): road_class for road_class in RoadClass},
    **{f"{name}_link": RoadClass[name.upper()] for name in ("motorway", "trunk", "primary", "secondary", "tertiary")},
    "road": RoadClass.UNCLASSIFIED,
    "pedestrian": RoadClass.PATH,
    "footway": RoadClass.PATH,
    "cycleway": RoadClass.PATH,
    "bridleway": RoadClass.PATH,
    "corridor": RoadClass.PATH,
}


class ExtractError(SoutoError):
    """The file is no OpenStreetMap extract that can be read, or holds no road."""

    message = (
        "地図データを読み取れません（%(what)s）。OpenStreetMapの抽出ファイル（.osm.pbfまたは.osm）を指定してください。"
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """The network, and what was left out, counted by reason (`no_location`: a node that the extract does not hold)."""

    network: RoadNetwork
    left_out: Mapping[str, int]


@dataclass(slots=True)
class _Way:
    nodes: list[int]
    road_class: RoadClass
    forward: bool
    backward: bool
    walkable: bool
    speed_kmh: float


@dataclass(slots=True)
class _Reading:
    """Ways in the order of the file, the places of their nodes, and how many ways end at or pass each."""

    ways: list[_Way] = field(default_factory=list)
    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    uses: Counter[int] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def read_extract(path: Path) -> Imported:
    """All roads and ways of an extract. Nodes are crossings and ends; bends are kept as the shape of links.

    Read: `highway`, `oneway` (also of roundabouts and motorways), `access` and its kin for vehicles and for walkers, `maxspeed`. Not read: turn
    restrictions, traffic lights. Areas (squares) are left out.

    Raises:
        ExtractError: the file is missing, damaged, or holds no road.
    """
    if not path.is_file():
        raise ExtractError(what="ファイルがありません")
    reading = _Reading()
    try:
        for element in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations():
            if isinstance(element, osmium.osm.Way):
                _take(reading, element)
    except (RuntimeError, ValueError) as fault:
        raise ExtractError(what=str(fault)) from fault
    if not reading.ways:
        raise ExtractError(what="道路がありません")
    return Imported(_network(reading), dict(reading.left_out))


def _take(reading: _Reading, way: osmium.osm.Way) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    kind = _CLASSES.get(tags.get("highway", ""))
    if kind is None:
        if "highway" in tags:
            reading.left_out["other_highway"] += 1
        return
    if tags.get("area") == "yes":
        reading.left_out["area"] += 1
        return
    forward, backward = _directions(tags, kind)
    walkable = _may_walk(tags, kind)
    if not (forward or backward or walkable):
        reading.left_out["closed"] += 1
        return
    nodes: list[int] = []
    for node in way.nodes:
        if not node.location.valid():
            reading.left_out["no_location"] += 1
            continue
        reading.places[node.ref] = (node.location.lat, node.location.lon)
        if not nodes or nodes[-1] != node.ref:
            nodes.append(node.ref)
    if len(nodes) < 2:
        reading.left_out["too_short"] += 1
        return
    reading.uses.update(nodes)
    reading.uses.update((nodes[0], nodes[-1]))  # ends are nodes of the network even where no other way meets them
    reading.ways.append(_Way(nodes, kind, forward, backward, walkable, _speed(tags.get("maxspeed", ""))))


def _directions(tags: Mapping[str, str], kind: RoadClass) -> tuple[bool, bool]:
    """Whether vehicles may drive along the way and against it."""
    if kind >= RoadClass.PATH or next((tags[key] for key in _CAR if key in tags), "") in _CLOSED:
        return False, False
    oneway = tags.get("oneway", "")
    if oneway in {"-1", "reverse"}:
        return False, True
    if oneway in {"yes", "true", "1"}:
        return True, False
    if oneway == "reversible":
        return False, False  # open in one direction at a time, and nobody tells which
    if oneway == "" and (tags.get("junction") in {"roundabout", "circular"} or kind is RoadClass.MOTORWAY):
        return True, False
    return True, True


def _may_walk(tags: Mapping[str, str], kind: RoadClass) -> bool:
    rule = next((tags[key] for key in _FOOT if key in tags), "")
    if rule:
        return rule not in _CLOSED
    if tags.get("motorroad") == "yes" or tags.get("highway") == "cycleway":
        return False
    return kind is not RoadClass.MOTORWAY


def _speed(value: str) -> float:
    """km/h of a `maxspeed` tag; NaN where it says nothing that counts (`none`, `signals`, `JP:urban`)."""
    found = _SPEED.match(value.strip())
    if not found:
        return float("nan")
    return float(found[1]) * (_MPH if found[2] == "mph" else 1.0)


def _pieces(way: _Way, uses: Counter[int]) -> Iterator[list[int]]:
    """A way cut where it meets others or itself."""
    piece = [way.nodes[0]]
    for node in way.nodes[1:]:
        piece.append(node)
        if uses[node] > 1:
            yield piece
            piece = [node]


def _network(reading: _Reading) -> RoadNetwork:
    number: dict[int, int] = {}
    links: list[tuple[int, int, _Way]] = []
    lengths, bends, bend_of = [], [], []
    plane = Plane.around([p[0] for p in reading.places.values()], [p[1] for p in reading.places.values()])
    for way in reading.ways:
        for piece in _pieces(way, reading.uses):
            shape = np.array([reading.places[node] for node in piece])
            lengths.append(_length(plane, shape))
            for bend in shape[1:-1]:
                bends.append(bend)
                bend_of.append(len(links))
            ends = (number.setdefault(piece[0], len(number)), number.setdefault(piece[-1], len(number)))
            links.append((*ends, way))
    places = np.array([reading.places[node] for node in number])
    ways = [way for _, _, way in links]
    return RoadNetwork(
        lat=places[:, 0],
        lon=places[:, 1],
        start=np.array([start for start, _, _ in links], dtype=np.int64),
        end=np.array([end for _, end, _ in links], dtype=np.int64),
        length_m=np.array(lengths),
        road_class=np.array([way.road_class for way in ways], dtype=np.int64),
        forward=np.array([way.forward for way in ways]),
        backward=np.array([way.backward for way in ways]),
        walkable=np.array([way.walkable for way in ways]),
        speed_kmh=np.array([way.speed_kmh for way in ways]),
        corners=np.array(bends).reshape(-1, 2),
        corner_of=np.array(bend_of, dtype=np.int64),
    )


def _length(plane: Plane, shape: Floats) -> float:
    steps = np.diff(plane.xy(shape[:, 0], shape[:, 1]), axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())
