"""A city of two towns 4 km apart for the planner's desks, as its folder holds it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

PLANNING = '[people]\ntowns = "people.csv"\nsource = "試験"\n[stops]\nfile = "stops.csv"\n[facilities]\nfile = "facilities.csv"\n'
PEOPLE = "name,lat,lon,people\n東町,35.660,139.340,1000\n西町,35.660,139.295,500\n"
#: A station of an unknown timetable in the one, a bus stop with three departures in the other.
STOPS = (
    "id,name,kind,lat,lon,departures,first,last\n"
    "mid,東町駅,station,35.660,139.340,,,\n"
    "rare,西町,bus,35.660,139.295,3,9:00,17:00\n"
)
FACILITIES = (
    "id,name,kind,lat,lon,attraction,weekdays,opens,closes\n"
    "clinic,西町の病院,hospital,35.660,139.297,2,mon tue wed thu fri,8:00,18:00\n"
    "shop,東町の店,shop,35.660,139.338,1,mon tue wed thu fri sat sun,9:00,20:00\n"
)
#: Virtual stops of a service between the two.
STOPS_OF_SERVICE: list[dict[str, Any]] = [
    {"code": "hall", "kana": "ひがし", "lat": 35.660, "lon": 139.340, "name": {"ja": "東町"}},
    {"code": "mid", "kana": "なか", "lat": 35.661, "lon": 139.318, "name": {"ja": "中町"}},
    {"code": "west", "kana": "にし", "lat": 35.660, "lon": 139.295, "name": {"ja": "西町"}},
]


def settle(settings: Any, tmp_path: Path) -> Path:
    """Make it the city of a test; the folder of its transit files."""
    folder = tmp_path / "city"
    shutil.copytree(settings.CITY_DIR, folder, ignore=shutil.ignore_patterns("procedures", "demo", "transit"))
    (folder / "transit").mkdir()
    files = {"planning.toml": PLANNING, "people.csv": PEOPLE, "stops.csv": STOPS, "facilities.csv": FACILITIES}
    for name, text in files.items():
        (folder / "transit" / name).write_text(text, encoding="utf-8")
    settings.CITY_DIR = folder
    return folder / "transit"
