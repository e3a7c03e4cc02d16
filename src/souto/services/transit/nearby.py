"""The stop nearest to a place."""

from __future__ import annotations

from souto.services.transit.definition import ServiceDefinition


def nearest_stop(
    definition: ServiceDefinition, lat: float, lon: float, *, within: float | None, other_than: str = ""
) -> str | None:
    """The code of the stop nearest to a place (degrees) as the crow flies; None where it is farther away than `within` metres."""
    from souto.services.transit.roads import Plane

    plane = Plane(lat, lon)
    stops = [stop for stop in definition.stops if stop.code != other_than]
    metres = (plane.xy([stop.lat for stop in stops], [stop.lon for stop in stops]) ** 2).sum(axis=1) ** 0.5
    nearest = int(metres.argmin())
    return stops[nearest].code if within is None or metres[nearest] <= within else None
