"""The peers of the coverage benchmark, each given the same people, stops and network as Souto, in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contest import cpu_seconds
from benchmarks.coverage_city import City, read
from souto.services.transit.coverage import Kind, Standard


class PeerMissingError(Exception):
    """A peer is not installed."""


def _reach(standard: Standard, city: City) -> Any:
    return np.array([standard.reach_m[stop.kind] for stop in city.stops])


def geopandas_buffers(folder: str, standard: Standard) -> Callable[[], Any]:
    """The usual method of a GIS: circles around stops, their union, which homes lie in it, by town. Straight lines only."""
    try:
        import geopandas
    except ImportError as missing:
        raise PeerMissingError(f"{missing}. Install it with: uv sync --group bench") from missing
    city = read(Path(folder))
    people = city.people()
    homes = geopandas.GeoDataFrame(
        {"people": people.count, "town": people.town},
        geometry=geopandas.points_from_xy(people.grid.lon, people.grid.lat, crs=4326),
    )
    stops = geopandas.GeoDataFrame(
        {"reach": _reach(standard, city)},
        geometry=geopandas.points_from_xy([s.lon for s in city.stops], [s.lat for s in city.stops], crs=4326),
    )
    homes, stops = homes.to_crs(6677), stops.to_crs(6677)  # JGD2011 plane rectangular IX, of Tokyo

    def work() -> Any:
        circles = stops.buffer(stops["reach"], resolution=16)
        covered = geopandas.GeoDataFrame(geometry=[circles.union_all()], crs=6677)
        inside = homes.sjoin(covered, predicate="within")
        return {
            "people": float(inside["people"].sum()),
            "towns": inside.groupby("town")["people"].sum().to_dict(),
        }

    work()
    return work


def pandana_nearest(folder: str, standard: Standard) -> Callable[[], Any]:
    """Nearest stops on the walking network by contraction hierarchies; homes and stops stand on the nearest crossing, as pandana places them.

    Building the hierarchies is not counted with the work (a network changes seldom) and reported apart.
    """
    try:
        import pandana
        import pandas as pd
    except ImportError as missing:
        raise PeerMissingError(f"{missing}. Install it with: uv sync --group bench") from missing
    city = read(Path(folder))
    people, roads = city.people(), city.network()
    edges = pd.DataFrame({"from": roads.start, "to": roads.end, "metres": roads.length_m})
    lon = {kind: np.array([s.lon for s in city.stops if s.kind is kind]) for kind in (Kind.BUS, Kind.STATION)}
    lat = {kind: np.array([s.lat for s in city.stops if s.kind is kind]) for kind in (Kind.BUS, Kind.STATION)}

    before = cpu_seconds()
    network = pandana.Network(
        pd.Series(roads.lon), pd.Series(roads.lat), edges["from"], edges["to"], edges[["metres"]], twoway=True
    )
    built = cpu_seconds() - before
    home = network.get_node_ids(pd.Series(people.grid.lon), pd.Series(people.grid.lat)).to_numpy()

    def work() -> Any:
        covered = np.zeros(len(home), dtype=bool)
        for kind, metres in standard.reach_m.items():
            if kind in lon:
                network.set_pois(kind.value, metres, 1, pd.Series(lon[kind]), pd.Series(lat[kind]))
                nearest = network.nearest_pois(metres, kind.value, num_pois=1)[1]
                covered |= nearest.to_numpy()[home] < metres
        return {
            "people": float(people.count[covered].sum()),
            "towns": dict(enumerate(np.bincount(people.town, people.count * covered))),
            "built": built,
        }

    return work
