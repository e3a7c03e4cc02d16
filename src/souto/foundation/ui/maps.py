"""Maps: the base map of the city (`[map]` of `city.toml`) and what a page lays on it.

The base map is what the city configures under its own origin (raster tiles or a style), or else a sketch (略図) drawn from the GeoJSON that
the city folder ships. Degrees are WGS 84 (for a map the same as JGD2011). What a page lays on the map is a frozen `MapContent`; `{% map %}`
hands it to the script, whose types in `frontend/ts/map/api.ts` mirror these.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from souto.foundation.ui.city import CityFileError
from souto.kernel.language import LocalText

#: What a shape means, as a colour of the design tokens: the key colour, danger, a good state, a warning, or in the background.
Tone = Literal["key", "error", "success", "warning", "muted"]
Shape = Literal["pin", "circle", "square", "diamond", "triangle"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Marker:
    """A point on the map. `label` is said and shown beside it; `letter` (one or two characters) stands in the shape."""

    lat: float
    lng: float
    label: str = ""
    shape: Shape = "pin"
    letter: str = ""
    tone: Tone = "key"
    #: Where a press on the marker leads.
    url: str = ""
    #: What it stands for: on a live page, a marker of the same key moves instead of being drawn anew.
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through `(lat, lng)` points."""

    points: tuple[tuple[float, float], ...]
    tone: Tone = "key"
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area: its outline as `(lat, lng)` points, first and last the same or not."""

    points: tuple[tuple[float, float], ...]
    tone: Tone = "key"
    label: str = ""


@dataclass(frozen=True, slots=True)
class MapContent:
    """What a page lays on the base map.

    `label` says in words what there is to see: the accessible name. `fit` moves the map to it; `max_zoom` is how near that may come.
    """

    label: str
    markers: tuple[Marker, ...] = ()
    lines: tuple[Line, ...] = ()
    polygons: tuple[Polygon, ...] = ()
    fit: bool = True
    max_zoom: float = 15.0

    def as_json(self) -> str:
        """As the script reads it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The base map of the city.

    `kind`: `raster` (`source` is a tile address with `{z}/{x}/{y}`), `style` (`source` is the address of a MapLibre style) or `sketch`
    (`sketch` is a GeoJSON FeatureCollection). All addresses are on Souto's own origin.
    """

    kind: Literal["raster", "style", "sketch"]
    source: str
    bounds: Bounds
    #: Where a map begins; the middle of the bounds where the city names none.
    center: Point | None
    min_zoom: float
    max_zoom: float
    #: The zoom up to which tiles exist; nearer, they are enlarged.
    tile_zoom: int
    attribution: LocalText
    attribution_url: str
    sketch: dict[str, Any] = field(repr=False, default_factory=dict)

    def as_json(self) -> str:
        """As the script reads it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @property
    def version(self) -> str:
        """Changes when anything of it changes, so that browsers may keep it for long."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:12]


@cache
def base_map() -> BaseMap | None:
    """The base map of `settings.CITY_DIR`; None when its `city.toml` has no `[map]`. Raises `CityFileError`."""
    return load(Path(settings.CITY_DIR) / "city.toml")


def load(path: Path) -> BaseMap | None:
    """Read `[map]` of a `city.toml`. Raises `CityFileError`, which says what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8")).get("map")
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CityFileError(path=path, reason=error) from error
    if data is None:
        return None
    try:
        return _base_map(data, path)
    except KeyError as error:
        raise CityFileError(path=path, reason=f"[map] に「{error.args[0]}」がありません") from error
    except (TypeError, ValueError) as error:
        raise CityFileError(path=path, reason=f"[map]：{error}") from error


def _base_map(data: dict[str, Any], path: Path) -> BaseMap:
    kinds: list[Literal["raster", "style"]] = [kind for kind in ("raster", "style") if kind in data]
    if len(kinds) > 1:
        reason = "raster と style は、どちらかだけを書いてください"
        raise ValueError(reason)
    bounds = Bounds(**{edge: float(degrees) for edge, degrees in data["bounds"].items()})
    if not (-90 <= bounds.south < bounds.north <= 90 and -180 <= bounds.west < bounds.east <= 180):
        reason = "bounds は south < north、west < east の度で書いてください"
        raise ValueError(reason)
    return BaseMap(
        kind=kinds[0] if kinds else "sketch",
        source=_own_address(data[kinds[0]]) if kinds else "",
        bounds=bounds,
        center=Point(**{axis: float(degrees) for axis, degrees in data["center"].items()})
        if "center" in data
        else None,
        min_zoom=float(data.get("min_zoom", 9)),
        max_zoom=float(data.get("max_zoom", 18)),
        tile_zoom=int(data.get("tile_zoom", 18)),
        attribution={
            "ja": data["attribution"],
            "ja-easy": data.get("attribution_easy", ""),
            "en": data.get("attribution_en", ""),
        },
        attribution_url=data.get("attribution_url", ""),
        sketch={} if kinds else _sketch(path.parent / data["sketch"]),
    )


def _own_address(address: str) -> str:
    """An address on Souto's own origin: pages ask nobody else, and the content security policy would refuse it."""
    if not address.startswith("/") or address.startswith("//"):
        reason = f"「{address}」は、Souto と同じサーバーのアドレス（/ で始まる）にしてください"
        raise ValueError(reason)
    return address


def _sketch(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise CityFileError(path=path, reason=error) from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise CityFileError(path=path, reason="GeoJSON の FeatureCollection にしてください")
    return found
