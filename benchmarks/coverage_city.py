"""The city of the coverage benchmark, read from the files of a folder: towns with people, boundary, bus stops, stations."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from souto.foundation.registry.matching import place_key
from souto.services.transit.coverage import Grid, Kind, People, Stop, Town
from souto.services.transit.roads import RoadNetwork, Shape, around_places

FILES = ("population_choume.csv", "bus_stops_hachioji_bbox.csv", "stations_hachioji.csv")


class CityMissingError(Exception):
    """The folder does not hold the files of a city."""


@dataclass(frozen=True)
class City:
    """What the benchmark starts from."""

    towns: tuple[Town, ...]
    boundary: Any
    stops: tuple[Stop, ...]

    def people(self) -> People:
        """The people on 250 m squares of 4 × 4 samples."""
        return People.around_towns(Grid.of(self.boundary), self.towns)

    def network(self) -> RoadNetwork:
        """A made-up walking network: no extract of the city is at hand. Places: stops and towns."""
        places = [*self.stops, *self.towns]
        lat, lon = np.array([p.lat for p in places]), np.array([p.lon for p in places])
        hubs = [i for i, stop in enumerate(self.stops) if stop.kind is Kind.STATION]
        return around_places(lat, lon, hubs, Shape(block_m=120, spread_m=600))


def read(folder: Path, year: str = "2024") -> City:
    """Read a city.

    Raises:
        CityMissingError: a file is missing.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise CityMissingError(f"{folder} has no {', '.join(missing)}")
    points = {
        place_key(row["town"]): (row["lat"], row["lng"])
        for row in json.loads(next(folder.glob("geolonia_*_towns.json")).read_text(encoding="utf-8"))
    }
    towns = tuple(
        Town(row["town_name"], *points[place_key(row["town_name"])], float(row["num_population"]))
        for row in _rows(folder / FILES[0])
        if row["year"] == year
    )
    boundary = json.loads(next(folder.glob("*boundary*.json")).read_text(encoding="utf-8"))
    buses = [
        Stop(f"bus{i}", row["bus_stop_name"], float(row["latitude"]), float(row["longitude"]))
        for i, row in enumerate(_rows(folder / FILES[1]))
    ]
    stations = [
        Stop(f"station{i}", row["station_name"], float(row["lat"]), float(row["lon"]), Kind.STATION)
        for i, row in enumerate(_rows(folder / FILES[2]))
    ]
    return City(towns, boundary, (*buses, *stations))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
