"""A place on the map (地図の場所)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from souto.kernel.language import say
from souto.kernel.text import fold_code, strip_outer
from souto.services.procedures.definition import messages
from souto.services.procedures.definition.base import Code, Kind, Model, RawData, Value, first
from souto.services.procedures.definition.fields.base import FieldBase, JsonSchema
from souto.services.procedures.definition.fields.near import near
from souto.services.procedures.definition.scope import Findings
from souto.services.procedures.definition.wording import Wording

_NOTE_LIMIT = 300
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Landmark(Model):
    """A place that people know, for those who cannot point at a map (`lat`, `lng`: degrees, JGD2011)."""

    code: Code
    label: Wording
    lat: Latitude
    lng: Longitude


class Box(Model):
    """The area in which a point may lie, in degrees."""

    south: Latitude
    west: Longitude
    north: Latitude
    east: Longitude

    def holds(self, lat: float, lng: float) -> bool:
        """True for a point inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= lng <= self.east


class MapPointField(FieldBase):
    """`{lat, lng, landmark?, note?}`: degrees with six decimals (a hand's breadth), a landmark nearby, and words (「橋の北側」).

    Either coordinates or a landmark are enough; without coordinates the landmark's stand in and `landmark` says so.
    """

    kind: ClassVar[Kind] = Kind.RECORD
    missing: ClassVar[str] = messages.CHOOSE_POINT
    type: Literal["map_point"]
    box: Box | None = None
    landmarks: Annotated[tuple[Landmark, ...], Field(max_length=300)] = ()
    ask_note: bool = True

    def read(self, raw: RawData, *, path: str) -> Value | None:
        lat, lng = (fold_code(first(raw, f"{path}.{part}")[:40]) for part in ("lat", "lng"))
        landmark, typed = first(raw, f"{path}.landmark"), first(raw, f"{path}.note")
        self.check_length(typed, limit=_NOTE_LIMIT, part="note")
        note = strip_outer(typed) if self.ask_note else ""
        value: dict[str, Value] = {}
        if lat or lng:
            value |= {"lat": self._degrees(lat, "lat"), "lng": self._degrees(lng, "lng")}
        elif landmark:
            known = next((place for place in self.landmarks if place.code == landmark), None)
            if known is None:
                raise self.problem(messages.OPTION_GONE, part="landmark")
            value |= {"lat": known.lat, "lng": known.lng, "landmark": known.code}
        elif note:
            raise self.problem(messages.CHOOSE_POINT, part="landmark")
        return value | {"note": note} if value and note else value or None

    def _degrees(self, text: str, part: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise self.problem(messages.POINT_NUMBERS, part=part) from None
        if not math.isfinite(number):
            raise self.problem(messages.POINT_NUMBERS, part=part)
        return number

    def check(self, value: Value, *, today: date) -> Value:
        if not isinstance(value, dict) or not {"lat", "lng"} <= set(value) <= {"lat", "lng", "landmark", "note"}:
            raise self.problem(messages.UNREADABLE)
        lat, lng = value["lat"], value["lng"]
        if any(isinstance(n, bool) or not isinstance(n, int | float) or not math.isfinite(n) for n in (lat, lng)):
            raise self.problem(messages.UNREADABLE)
        inside = self.box.holds(lat, lng) if self.box else abs(lat) <= 90 and abs(lng) <= 180
        if not inside:
            raise self.problem(messages.POINT_OUTSIDE, part="landmark")
        checked: dict[str, Value] = {"lat": round(float(lat), 6), "lng": round(float(lng), 6)}
        if "landmark" in value:
            if all(place.code != value["landmark"] for place in self.landmarks):
                raise self.problem(messages.OPTION_GONE, part="landmark")
            checked["landmark"] = value["landmark"]
        if value.get("note"):
            if not isinstance(value["note"], str):
                raise self.problem(messages.UNREADABLE, part="note")
            self.check_length(value["note"], limit=_NOTE_LIMIT, part="note")
            checked["note"] = self.check_characters(value["note"], multiline=True, emoji=True, part="note")
        return checked

    def raw_of(self, value: Value, path: str | None = None) -> dict[str, list[str]]:
        name = path or self.key
        if "landmark" in value:
            raw = {f"{name}.landmark": [str(value["landmark"])]}
        else:
            raw = {f"{name}.lat": [repr(value["lat"])], f"{name}.lng": [repr(value["lng"])]}
        return raw | ({f"{name}.note": [value["note"]]} if value.get("note") else {})

    def display(self, value: Value, *, language: str) -> list[str]:
        note = str(value["note"]).split("\n") if value.get("note") else []
        chosen = next((say(p.label, language) for p in self.landmarks if p.code == value.get("landmark")), None)
        if chosen:
            return [chosen, *note]
        told = self.near(value["lat"], value["lng"], language=language)
        return [*([told] if told else []), f"{value['lat']:.6f}, {value['lng']:.6f}", *note]

    def near(self, lat: float, lng: float, *, language: str) -> str:
        """The point told from the nearest landmark (「JR八王子駅から北東へ約200m」); "" without landmarks."""
        places = ((place.lat, place.lng, say(place.label, language)) for place in self.landmarks)
        return near(lat, lng, places, language=language)

    def json_schema(self) -> JsonSchema:
        properties: JsonSchema = {
            "lat": {"type": "number", "minimum": self.box.south, "maximum": self.box.north}
            if self.box
            else {"type": "number"},
            "lng": {"type": "number", "minimum": self.box.west, "maximum": self.box.east}
            if self.box
            else {"type": "number"},
            "landmark": {"enum": [place.code for place in self.landmarks]} if self.landmarks else False,
            "note": {"type": "string", "maxLength": _NOTE_LIMIT},
        }
        return {"type": "object", "properties": properties, "required": ["lat", "lng"], "additionalProperties": False}

    def wordings(self) -> Mapping[str, Wording | None]:
        places: dict[str, Wording | None] = {f"landmarks.{place.code}": place.label for place in self.landmarks}
        return {"label": self.label, "help": self.help, **places}

    def findings(self) -> Findings:
        for place in self.landmarks:
            if self.box and not self.box.holds(place.lat, place.lng):
                yield f"目印「{place.code}」が、選べる範囲の外にあります"
        codes = [place.code for place in self.landmarks]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield f"目印のコード「{code}」が2回あります"
