"""Where a point lies, told from a place that people know: 「JR八王子駅から北東へ約200m」.

Distances are measured on a flat earth around the known place (a few parts in a thousand over a city) and rounded to what one walks by:
ten metres, from a kilometre on a hundred. `frontend/ts/map/near.ts` says the same while a person still moves the marker.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import atan2, cos, hypot, pi, radians
from typing import TypedDict

#: The mean radius of the earth in metres (IUGG).
_RADIUS_M = 6_371_008.8
#: Nearer than this, the point is at the place.
_AT_M = 50


class NearWords(TypedDict):
    """The words of a language. `ways` begin in the north and go clockwise."""

    at: str
    of: str
    ways: tuple[str, ...]


_WORDS: dict[str, NearWords] = {
    "ja": {
        "at": "{place}の近く",
        "of": "{place}から{way}へ約{distance}",
        "ways": ("北", "北東", "東", "南東", "南", "南西", "西", "北西"),
    },
    "ja-easy": {
        "at": "{place}の 近く",
        "of": "{place}から {way}へ {distance}くらい",
        "ways": ("北", "北東", "東", "南東", "南", "南西", "西", "北西"),
    },
    "en": {
        "at": "near {place}",
        "of": "about {distance} {way} of {place}",
        "ways": ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"),
    },
}


def words(language: str) -> NearWords:
    """The words of `language`; Japanese ones where it has none."""
    return _WORDS.get(language, _WORDS["ja"])


def near(lat: float, lng: float, places: Iterable[tuple[float, float, str]], *, language: str) -> str:
    """The point told from the nearest of `places` (`lat`, `lng`, name); "" where there is none. Degrees WGS 84."""
    best: tuple[float, float, str] | None = None
    for at_lat, at_lng, name in places:
        east = radians(lng - at_lng) * cos(radians(at_lat)) * _RADIUS_M
        north = radians(lat - at_lat) * _RADIUS_M
        metres = hypot(east, north)
        if best is None or metres < best[0]:
            best = (metres, atan2(east, north), name)
    if best is None:
        return ""
    metres, bearing, name = best
    said = words(language)
    if metres < _AT_M:
        return said["at"].format(place=name)
    way = said["ways"][round(bearing / (pi / 4)) % 8]
    return said["of"].format(place=name, way=way, distance=_walk(metres))


def _walk(metres: float) -> str:
    rounded = int(metres / 10 + 0.5) * 10
    return f"{rounded}m" if rounded < 1000 else f"{metres / 1000:.1f}km"
