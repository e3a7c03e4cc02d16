"""Engine: roads. How long a vehicle or a person on foot takes from one place to another.

Problem: dispatch needs travel times between stops for every hour of the day, the analysis of gaps in public transport (交通空白) needs walking distances
between homes and stops, and both must work offline, on any city. Method: a network of nodes and links as numpy arrays (one-way streets, classes of road with
their speeds, factors by time of day), points snapped onto the nearest link, Dijkstra's algorithm of scipy from each place to the ends of those links.
Networks come from OpenStreetMap extracts (`read_extract`, with libosmium) or are made up around given stops (`around_places`: Gabriel graph).
Sources: OpenStreetMap wiki (Key:highway, Key:oneway, Key:access, Key:maxspeed); Gabriel & Sokal 1969 for the graph; Dijkstra 1959.
Units: degrees (JGD2011 or WGS 84), metres along roads, seconds, hours of the day (0–24); `inf` where there is no way. No Django, no network access.
"""

from souto.services.transit.roads.network import (
    DRIVING,
    WALKING,
    WALKING_KMH,
    Mode,
    NetworkError,
    RoadClass,
    RoadNetwork,
    Speeds,
)
from souto.services.transit.roads.osm import ExtractError, Imported, read_extract
from souto.services.transit.roads.places import Places, Router, day_matrices, snap
from souto.services.transit.roads.plane import Plane
from souto.services.transit.roads.synthetic import Shape, around_places

__all__ = [
    "DRIVING",
    "WALKING",
    "WALKING_KMH",
    "ExtractError",
    "Imported",
    "Mode",
    "NetworkError",
    "Places",
    "Plane",
    "RoadClass",
    "RoadNetwork",
    "Router",
    "Shape",
    "Speeds",
    "around_places",
    "day_matrices",
    "read_extract",
    "snap",
]
