"""Stops near a place that somebody names or stands at.

Distances are straight lines lengthened by a third, as streets are; minutes at 80 metres a minute (不動産の表示に関する公正競争規約施行規則).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from souto.foundation.registry import queries as registry
from souto.foundation.ui.maps import base_map
from souto.kernel.text import search_key
from souto.services.transit.definition import ServiceDefinition, Stop
from souto.services.transit.typed import stops_like

#: Streets are so much longer than straight lines, and people walk so many metres a minute.
DETOUR, PACE = 1.33, 80.0
#: Stops farther away on foot are not proposed, metres; nor more than so many.
FARTHEST, SHOWN = 2500.0, 5
_EARTH = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its name, in degrees."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Near:
    """A stop with the way to it on foot: metres in steps of 50, minutes."""

    stop: Stop
    metres: int

    @property
    def minutes(self) -> int:
        """How long one walks."""
        return minutes(self.metres)


def nearest(definition: ServiceDefinition, lat: float, lon: float) -> list[Near]:
    """The stops to which one can walk from a place, nearest first."""
    found = []
    for stop in definition.stops:
        north = math.radians(stop.lat - lat)
        east = math.radians(stop.lon - lon) * math.cos(math.radians(lat))
        metres = DETOUR * _EARTH * math.hypot(north, east)
        if metres <= FARTHEST:
            found.append((metres, stop))
    found.sort(key=lambda pair: pair[0])
    return [Near(stop, max(50, -(-int(m) // 50) * 50)) for m, stop in found[:SHOWN]]


def minutes(metres: int) -> int:
    """How long one walks."""
    return max(1, math.ceil(metres / PACE))


def find_place(definition: ServiceDefinition, text: str) -> Place | None:
    """What a typed address, town, facility or stop means: the register's towns, the names on the city's map, the service's stops. None: nobody knows it."""
    key = search_key(text)
    if not key:
        return None
    marks = _landmarks()
    mark = next((place for place in marks if search_key(place.name) == key), None)
    if mark is not None:
        return mark
    address = registry.normalise_address(text)
    if address.point is not None:
        return Place(f"{address.town}{f'{address.chome}丁目' if address.chome else ''}", *address.point)
    town = next((t for t in registry.list_towns() if search_key(t.full_name).startswith(key)), None)
    if town is not None:
        return Place(town.full_name, town.lat, town.lon)
    mark = next((place for place in marks if key in search_key(place.name)), None)
    stop = next(iter(stops_like(definition, text)), None)
    return mark or (Place(stop.name["ja"], stop.lat, stop.lon) if stop else None)


def _landmarks() -> list[Place]:
    base = base_map()
    features = base.sketch.get("features", []) if base else []
    return [
        Place(
            str(feature["properties"]["name"]),
            feature["geometry"]["coordinates"][1],
            feature["geometry"]["coordinates"][0],
        )
        for feature in features
        if feature["geometry"]["type"] == "Point" and feature["properties"].get("name")
    ]
