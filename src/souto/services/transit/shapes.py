"""Rings on the map: whether a place lies in a zone."""

from __future__ import annotations

from collections.abc import Sequence

from shapely import Point, Polygon

Ring = Sequence[tuple[float, float]]


def is_ring(ring: Ring) -> bool:
    """Whether the points `(lat, lon)` enclose an area without crossing themselves."""
    return len(ring) >= 3 and Polygon([(lon, lat) for lat, lon in ring]).is_valid


def contains(ring: Ring, lat: float, lon: float) -> bool:
    """Whether a place lies in the zone or on its border."""
    return bool(Polygon([(x, y) for y, x in ring]).covers(Point(lon, lat)))
