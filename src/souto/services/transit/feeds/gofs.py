"""GOFS (General On-Demand Feed Specification, version 1.0 of MobilityData) out of an offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely

from souto.services.transit.feeds.model import BookingRule, Calendar, Hours, Offer, OfferError
from souto.services.transit.feeds.values import clock
from souto.services.transit.roads import Plane

VERSION = "1.0"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AROUND_STOP_M = 50.0

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a query, degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class WaitQuery:
    """What a rider asks: where from, where to (or nobody says), which services (empty: all)."""

    pickup: Place
    drop_off: Place | None
    brands: frozenset[str]

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> WaitQuery:
        """The query parameters of `wait_time` and `realtime_booking`.

        Raises:
            OfferError: a coordinate is missing, is none, or stands alone.
        """
        pickup = _place(parameters, "pickup")
        if pickup is None:
            raise OfferError(what="pickup_latとpickup_lonが必要です", field="pickup_lat")
        brands = frozenset(name.strip() for name in parameters.get("brand_id", "").split(",") if name.strip())
        return cls(pickup, _place(parameters, "drop_off"), brands)


def _place(parameters: Mapping[str, str], name: str) -> Place | None:
    texts = [parameters.get(f"{name}_{axis}", "") for axis in ("lat", "lon")]
    if not any(texts):
        return None
    try:
        lat, lon = (float(text) for text in texts)
    except ValueError:
        raise OfferError(what=f"{name}_latと{name}_lonは数で指定してください", field=f"{name}_lat") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise OfferError(what=f"{name}_latと{name}_lonの範囲が正しくありません", field=f"{name}_lat")
    return Place(lat, lon)


def document(data: Document, updated: datetime, ttl: int) -> Document:
    """Data with the header that every file has. `updated`: aware; `ttl`: seconds until the next look is worth it."""
    return {"last_updated": int(updated.timestamp()), "ttl": ttl, "version": VERSION, "data": data}


def gofs_documents(offer: Offer, base_url: str, updated: datetime, ttl: int = 3600) -> dict[str, Document]:
    """All static files by name without ending: `gofs` and `gofs_versions` lead to the others at `base_url/LANGUAGE/NAME.json`, and to the query `wait_time`."""
    language = offer.publisher.lang
    files = {
        "system_information": _system(offer),
        "service_brands": {"service_brands": list(_brands(offer))},
        "vehicle_types": {
            "vehicle_types": [
                {
                    "vehicle_type_id": vehicle.id,
                    "max_capacity": vehicle.capacity,
                    "wheelchair_boarding": "boarding_accessible" if vehicle.wheelchair else "boarding_inaccessible",
                }
                for vehicle in offer.vehicle_types
            ]
        },
        "zones": {"zones": _zones(offer)},
        "operating_rules": {"operating_rules": list(_operating_rules(offer))},
        "calendars": {"calendars": [part for calendar in offer.calendars for part in _calendar(calendar)]},
        "booking_rules": {"booking_rules": list(_booking_rules(offer))},
    }
    fares = list(_fares(offer))
    if fares:
        files["fares"] = {"fares": fares}
    root = base_url.rstrip("/")
    listed = ["gofs_versions", *sorted(files)]
    feeds = [{"name": name, "url": f"{root}/{language}/{name}.json"} for name in listed]
    feeds.append({"name": "wait_time", "url": f"{root}/{language}/wait_time"})
    files["gofs_versions"] = {"versions": [{"version": VERSION, "url": f"{root}/gofs.json"}]}
    files["gofs"] = {language: {"feeds": feeds}}
    return {name: document(data, updated, ttl) for name, data in files.items()}


def wait_times(waits: Mapping[str, int], updated: datetime) -> Document:
    """The answer to `wait_time`: seconds until pick-up by service; a service that cannot come is left out. It is not to be kept (ttl 0).

    Raises:
        OfferError: a time below zero.
    """
    if any(seconds < 0 for seconds in waits.values()):
        raise OfferError(what="待ち時間が負です")
    rows = [{"brand_id": brand, "wait_time": int(seconds)} for brand, seconds in waits.items()]
    return document({"wait_times": rows}, updated, 0)


def _system(offer: Offer) -> Document:
    optional = {
        "operator": offer.operator.name,
        "url": offer.publisher.url,
        "phone_number": offer.operator.phone,
        "email": offer.operator.email,
        "feed_contact_email": offer.publisher.email,
    }
    return {
        "language": offer.publisher.lang,
        "timezone": offer.operator.timezone,
        "name": offer.publisher.name,
        **{name: value for name, value in optional.items() if value},
    }


def _brands(offer: Offer) -> Iterator[Document]:
    for service in offer.services:
        colors = {"brand_color": service.color.upper(), "brand_text_color": service.text_color.upper()}
        yield {"brand_id": service.id, "brand_name": service.name, **{k: v for k, v in colors.items() if v}}


def _zones(offer: Offer) -> Document:
    """Areas as they are; a group of stops, for which GOFS has no word, as the hull of circles of 50 m around its stops."""
    zones = [(area.id, area.name, offer.polygon(area.id)) for area in offer.areas]
    places = {stop.id: stop for stop in offer.stops}
    for group in offer.groups:
        stops = [places[name] for name in group.stops]
        plane = Plane.around([stop.lat for stop in stops], [stop.lon for stop in stops])
        points = shapely.points(plane.xy([stop.lat for stop in stops], [stop.lon for stop in stops]))
        hull = shapely.convex_hull(shapely.union_all(shapely.buffer(points, _AROUND_STOP_M, quad_segs=4)))
        lat, lon = plane.degrees(shapely.get_coordinates(hull))
        ring = shapely.Polygon(zip(lon.round(6).tolist(), lat.round(6).tolist(), strict=True))
        zones.append((group.id, group.name, shapely.geometry.polygon.orient(ring, 1.0)))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "zone_id": name,
                "properties": {"name": title},
                "geometry": shapely.geometry.mapping(polygon),
            }
            for name, title, polygon in zones
        ],
    }


def _operating_rules(offer: Offer) -> Iterator[Document]:
    calendars = {calendar.id: [part["calendar_id"] for part in _calendar(calendar)] for calendar in offer.calendars}
    for service in offer.services:
        fare = {} if service.fare_yen is None else {"fare_id": f"fare-{service.id}"}
        for hours in service.hours:
            yield {
                "from_zone_id": hours.origin,
                "to_zone_id": hours.destination,
                "start_pickup_window": clock(hours.opens * 60),
                "end_pickup_window": clock(hours.closes * 60),
                "end_dropoff_window": clock(_until(hours) * 60),
                "calendars": calendars[hours.calendar],
                "brand_id": service.id,
                "vehicle_type_id": list(service.vehicle_types),
                **fare,
            }


def _until(hours: Hours) -> int:
    return max(hours.closes, hours.last_arrival or 0)


def _calendar(calendar: Calendar) -> list[Document]:
    """A calendar with its excepted dates; GOFS knows no added dates, so each is a calendar of one day."""
    parts: list[Document] = []
    if calendar.weekdays:
        main: Document = {
            "calendar_id": calendar.id,
            "days": [_DAYS[day] for day in sorted(calendar.weekdays)],
            "start_date": _date(calendar.start),
            "end_date": _date(calendar.end),
        }
        if calendar.removed:
            main["excepted_dates"] = [_date(day) for day in sorted(calendar.removed)]
        parts.append(main)
    return parts + [
        {"calendar_id": f"{calendar.id}-{_date(day)}", "start_date": _date(day), "end_date": _date(day)}
        for day in sorted(calendar.added)
    ]


def _date(day: date) -> str:
    return f"{day:%Y%m%d}"


def _fares(offer: Offer) -> Iterator[Document]:
    for service in offer.services:
        if service.fare_yen is not None:
            yield {"fare_id": f"fare-{service.id}", "currency": "JPY", "rider": [{"amount": service.fare_yen}]}


def _booking_rules(offer: Offer) -> Iterator[Document]:
    rules = {rule.id: rule for rule in offer.booking_rules}
    for service in offer.services:
        pairs: Sequence[tuple[str, str]] = sorted({(hours.origin, hours.destination) for hours in service.hours})
        for origin, destination in pairs:
            yield {"from_zone_ids": [origin], "to_zone_ids": [destination], **_rule(rules[service.booking_rule])}


def _rule(rule: BookingRule) -> Document:
    values: Document = {
        "booking_type": int(rule.kind),
        "prior_notice_duration_min": rule.notice_min,
        "prior_notice_duration_max": rule.notice_max,
        "prior_notice_last_day": rule.last_day,
        "prior_notice_last_time": None if rule.last_minute is None else clock(rule.last_minute * 60),
        "prior_notice_start_day": rule.start_day,
        "prior_notice_start_time": None if rule.start_minute is None else clock(rule.start_minute * 60),
        "prior_notice_calendar_id": rule.prior_calendar or None,
        "message": rule.message or None,
        "phone_number": rule.phone or None,
        "info_url": rule.info_url or None,
        "booking_url": rule.booking_url or None,
    }
    return {name: value for name, value in values.items() if value is not None}
