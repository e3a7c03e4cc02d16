"""What a city offers as demand transit, as plain values: the one source of GTFS-JP with GTFS-Flex and of GOFS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any

import shapely
from shapely.geometry import shape

from souto.kernel.errors import SoutoError

_ID = re.compile(r"\S+")
_PHONE = re.compile(r"\+\d{6,15}")


class OfferError(SoutoError):
    """An offer that contradicts itself: an id that does not exist or stands twice, hours that end before they begin, a booking rule that says too little."""

    message = "デマンド交通の公開データをつくれません（%(what)s）。"


class BookingKind(IntEnum):
    """When a ride must be booked (`booking_type`)."""

    REAL_TIME = 0
    SAME_DAY = 1
    PRIOR_DAYS = 2


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the feed: usually the city. `version` of the feed; it is valid from `start` to `end`, both included."""

    name: str
    url: str
    version: str
    start: date
    end: date
    email: str = ""
    lang: str = "ja"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the vehicles (運行事業者). `id`: in Japan the 13 digits of the corporate number. `phone` in international form (`+81426263111`)."""

    id: str
    name: str
    url: str
    kana: str = ""
    phone: str = ""
    email: str = ""
    timezone: str = "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class VirtualStop:
    """A place to get on and off (ミーティングポイント): name, its reading in hiragana, degrees."""

    id: str
    name: str
    kana: str
    lat: float
    lon: float
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class StopGroup:
    """Stops between which one may ride in any order."""

    id: str
    name: str
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """An area with pick-up at the door: GeoJSON Polygon in degrees (lon, lat)."""

    id: str
    name: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of running: weekdays (0 Monday … 6 Sunday) from `start` to `end`, with days added and taken away (holidays)."""

    id: str
    weekdays: frozenset[int]
    start: date
    end: date
    added: tuple[date, ...] = ()
    removed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class BookingRule:
    """How to book. Minutes before the ride for `SAME_DAY`; days before the ride and minutes of that day for `PRIOR_DAYS`; the earliest day for both.

    `prior_calendar`: on whose days the days before are counted; empty: calendar days.
    """

    id: str
    kind: BookingKind
    notice_min: int | None = None
    notice_max: int | None = None
    last_day: int | None = None
    last_minute: int | None = None
    start_day: int | None = None
    start_minute: int | None = None
    prior_calendar: str = ""
    message: str = ""
    phone: str = ""
    info_url: str = ""
    booking_url: str = ""

    def __post_init__(self) -> None:
        late = (self.last_day is not None, self.last_minute is not None)
        wrong = (
            (self.kind is BookingKind.SAME_DAY) != (self.notice_min is not None)
            or (self.notice_max is not None and (self.kind is not BookingKind.SAME_DAY or self.start_day is not None))
            or (self.kind is BookingKind.PRIOR_DAYS and late != (True, True))
            or (self.kind is not BookingKind.PRIOR_DAYS and (any(late) or bool(self.prior_calendar)))
            or (self.start_day is None) != (self.start_minute is None)
            or (self.kind is BookingKind.REAL_TIME and self.start_day is not None)
            or (self.notice_max is not None and self.notice_min is not None and self.notice_max < self.notice_min)
        )
        if wrong:
            raise OfferError(what=f"予約方法{self.id}の項目の組合せが正しくありません")
        if self.phone and not _PHONE.fullmatch(self.phone):
            raise OfferError(what=f"電話番号{self.phone}は+81から書いてください")


@dataclass(frozen=True, slots=True)
class Hours:
    """From one place (`StopGroup` or `Area`) to another or within it, on the days of a calendar; `opens` and `closes` in minutes of the service day."""

    origin: str
    destination: str
    calendar: str
    opens: int
    closes: int
    last_arrival: int | None = None
    """Until when one may still alight; None: until it closes."""


@dataclass(frozen=True, slots=True)
class VehicleType:
    """A kind of vehicle: seats for riders, and whether a wheelchair can board."""

    id: str
    capacity: int
    wheelchair: bool


@dataclass(frozen=True, slots=True)
class DemandService:
    """A service by name, with its hours, booking rule, vehicles, and flat fare in yen (None: not published)."""

    id: str
    name: str
    kana: str
    hours: tuple[Hours, ...]
    booking_rule: str
    vehicle_types: tuple[str, ...]
    fare_yen: int | None = None
    name_en: str = ""
    color: str = ""
    text_color: str = ""
    url: str = ""


@dataclass(frozen=True)
class Offer:
    """Everything that is published.

    Raises:
        OfferError: it contradicts itself.
    """

    publisher: Publisher
    operator: Operator
    services: tuple[DemandService, ...]
    calendars: tuple[Calendar, ...]
    booking_rules: tuple[BookingRule, ...]
    vehicle_types: tuple[VehicleType, ...]
    stops: tuple[VirtualStop, ...] = ()
    groups: tuple[StopGroup, ...] = ()
    areas: tuple[Area, ...] = ()
    _polygons: dict[str, shapely.Polygon] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        places = self._unique([*self.stops, *self.groups, *self.areas])
        groups = {group.id for group in self.groups} | {area.id for area in self.areas}
        calendars, rules = self._unique(self.calendars), self._unique(self.booking_rules)
        vehicles = self._unique(self.vehicle_types)
        self._unique(self.services)
        if not self.services:
            raise OfferError(what="サービスがありません")
        for group in self.groups:
            _there(group.stops, {stop.id for stop in self.stops}, "停留所")
            if not group.stops:
                raise OfferError(what=f"停留所のない組{group.id}があります")
        _there([rule.prior_calendar for rule in self.booking_rules if rule.prior_calendar], calendars, "運行日")
        for service in self.services:
            _there([service.booking_rule], rules, "予約方法")
            _there(service.vehicle_types, vehicles, "車両")
            for hours in service.hours:
                _there([hours.origin, hours.destination], groups & places, "区域")
                _there([hours.calendar], calendars, "運行日")
                if not 0 <= hours.opens < hours.closes or (hours.last_arrival or hours.closes) < hours.opens:
                    raise OfferError(what=f"{service.id}の時間帯が逆です")
            if not service.hours or not service.vehicle_types:
                raise OfferError(what=f"{service.id}に時間帯か車両がありません")
        for calendar in self.calendars:
            if calendar.end < calendar.start or not calendar.weekdays <= set(range(7)):
                raise OfferError(what=f"運行日{calendar.id}が正しくありません")
        if self.operator.phone and not _PHONE.fullmatch(self.operator.phone):
            raise OfferError(what=f"電話番号{self.operator.phone}は+81から書いてください")
        for area in self.areas:
            self._polygons[area.id] = _polygon(area)

    @staticmethod
    def _unique(things: Iterable[Any]) -> set[str]:
        found: set[str] = set()
        for thing in things:
            if thing.id in found or not _ID.fullmatch(thing.id):
                raise OfferError(what=f"識別子「{thing.id}」が2回あるか、空白があります")
            found.add(thing.id)
        return found

    def polygon(self, area: str) -> shapely.Polygon:
        """The polygon of an area, its outer ring counter-clockwise (RFC 7946)."""
        return self._polygons[area]


def _there(names: Iterable[str], known: set[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise OfferError(what=f"{what}「{name}」がありません")


def _polygon(area: Area) -> shapely.Polygon:
    try:
        made = shape(area.geometry)
    except (shapely.errors.ShapelyError, KeyError, TypeError, ValueError, AttributeError) as fault:
        raise OfferError(what=f"区域{area.id}の形を読めません") from fault
    if not isinstance(made, shapely.Polygon) or made.is_empty or not made.is_valid:
        raise OfferError(what=f"区域{area.id}は、辺の交わらない1つの多角形にしてください")
    return shapely.geometry.polygon.orient(made, 1.0)
