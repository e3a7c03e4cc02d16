"""How long a service's vehicles take from stop to stop, measured once when a version is published and kept with it."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from django.conf import settings

from souto.kernel.errors import SoutoError
from souto.services.transit.definition import ServiceDefinition


class Ways(TypedDict):
    """`seconds[a][b]` by vehicle at free flow and `metres[a][b]` on foot between the stops of `stops`; `factors`: by how much travel takes longer in each hour
    of the day; `source`: `"osm"` or `"synthetic"` (a made-up network, so the service is a sample).
    """

    stops: list[str]
    seconds: list[list[int]]
    metres: list[list[int]]
    factors: list[float]
    source: str


class StopCutOffError(SoutoError):
    """No road leads from one stop to another."""

    message = "停留所%(origin)sから%(goal)sへ行ける道がありません。停留所の位置を直してください。"


def extract() -> Path:
    """Where a city puts its extract of OpenStreetMap."""
    return Path(settings.CITY_DIR) / "transit" / "roads.osm.pbf"


def measure(definition: ServiceDefinition) -> Ways:
    """Measure the ways between all stops, on the city's extract where there is one, else on a network made up around the stops.

    Raises:
        StopCutOffError: some stop cannot be reached from another.
    """
    # Loading these takes every process of a server two seconds, and only publishing needs them.
    import numpy as np

    from souto.services.transit import roads

    lat = [stop.lat for stop in definition.stops]
    lon = [stop.lon for stop in definition.stops]
    codes = [stop.code for stop in definition.stops]
    real = extract().exists()
    network = roads.read_extract(extract()).network if real else roads.around_places(lat, lon)
    driven = network.usable_part(roads.Mode.DRIVE)
    walked = network.usable_part(roads.Mode.WALK)
    seconds = roads.Router.driving(driven).between(roads.snap(driven, lat, lon))
    metres = roads.Router.walking_metres(walked).between(roads.snap(walked, lat, lon))
    for table in (seconds, metres):
        if not np.isfinite(table).all():
            a, b = (int(number) for number in np.argwhere(~np.isfinite(table))[0])
            raise StopCutOffError(origin=codes[a], goal=codes[b])
    return Ways(
        stops=codes,
        seconds=np.ceil(seconds).astype(int).tolist(),
        metres=np.ceil(metres).astype(int).tolist(),
        factors=list(roads.DRIVING.factors),
        source="osm" if real else "synthetic",
    )


def driven_metres(definition: ServiceDefinition) -> list[list[int]]:
    """Metres of the shortest way by vehicle between all stops, on the network of `measure`; a stop that no road leads to is caught there."""
    import numpy as np

    from souto.services.transit import roads

    lat, lon = [stop.lat for stop in definition.stops], [stop.lon for stop in definition.stops]
    network = roads.read_extract(extract()).network if extract().exists() else roads.around_places(lat, lon)
    driven = network.usable_part(roads.Mode.DRIVE)
    metres = roads.Router(driven, roads.Mode.DRIVE, driven.length_m).between(roads.snap(driven, lat, lon))
    whole: list[list[int]] = np.ceil(metres).astype(int).tolist()
    return whole
