"""GTFS-Realtime: where the vehicles are, and what riders should know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from google.protobuf import json_format
from google.transit import gtfs_realtime_pb2 as pb

from souto.services.transit.feeds.model import OfferError


class Occupancy(StrEnum):
    """How full a vehicle is, by the names of the specification that a vehicle with seats only can use."""

    EMPTY = "EMPTY"
    MANY_SEATS = "MANY_SEATS_AVAILABLE"
    FEW_SEATS = "FEW_SEATS_AVAILABLE"
    FULL = "FULL"
    NOT_IN_SERVICE = "NOT_BOARDABLE"

    @classmethod
    def of(cls, aboard: int, seats: int) -> Occupancy:
        """Of riders aboard and seats: few means a third of them or less."""
        if aboard <= 0:
            return cls.EMPTY
        if aboard >= seats:
            return cls.FULL
        return cls.FEW_SEATS if (seats - aboard) * 3 <= seats else cls.MANY_SEATS


@dataclass(frozen=True, slots=True)
class Position:
    """A vehicle at a moment: degrees, heading in degrees from north, speed in m/s, the trip that it serves (GTFS ids) and the day on which that began.

    A vehicle tells its place, never who is aboard.
    """

    vehicle: str
    label: str
    lat: float
    lon: float
    at: datetime
    bearing: float | None = None
    speed: float | None = None
    trip: str = ""
    route: str = ""
    day: date | None = None
    occupancy: Occupancy | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A message to riders, by language, from a moment to another (None: until it is taken back); for whole services (route ids) and stops, or all.

    `cause`, `effect`: names of the specification (`ACCIDENT`, `WEATHER`; `NO_SERVICE`, `SIGNIFICANT_DELAYS`, `MODIFIED_SERVICE`).
    """

    id: str
    header: Mapping[str, str]
    text: Mapping[str, str]
    start: datetime
    end: datetime | None = None
    cause: str = "OTHER_CAUSE"
    effect: str = "OTHER_EFFECT"
    routes: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    agency: str = ""
    url: str = ""


def vehicle_positions(positions: Iterable[Position], at: datetime) -> bytes:
    """All vehicles as a full data set (protobuf), of the moment `at` (aware).

    Raises:
        OfferError: a vehicle stands twice or nowhere on earth.
    """
    message = _message(at)
    seen: set[str] = set()
    for position in positions:
        if position.vehicle in seen or not (-90 <= position.lat <= 90 and -180 <= position.lon <= 180):
            raise OfferError(what=f"車両{position.vehicle}の位置が2つあるか、正しくありません")
        seen.add(position.vehicle)
        entity = message.entity.add(id=position.vehicle)
        vehicle = entity.vehicle
        vehicle.vehicle.id, vehicle.vehicle.label = position.vehicle, position.label
        vehicle.position.latitude, vehicle.position.longitude = position.lat, position.lon
        vehicle.timestamp = int(position.at.timestamp())
        if position.bearing is not None:
            vehicle.position.bearing = position.bearing % 360
        if position.speed is not None:
            vehicle.position.speed = max(0.0, position.speed)
        if position.trip:
            vehicle.trip.trip_id = position.trip
        if position.route:
            vehicle.trip.route_id = position.route
        if position.trip and position.day:
            vehicle.trip.start_date = f"{position.day:%Y%m%d}"
        if position.occupancy:
            vehicle.occupancy_status = pb.VehiclePosition.OccupancyStatus.Value(position.occupancy.value)
    return bytes(message.SerializeToString())


def alerts(messages: Iterable[Alert], at: datetime, agency: str) -> bytes:
    """All messages as a full data set (protobuf). An alert for no route and no stop is for the whole `agency`.

    Raises:
        OfferError: a message without text, a cause or effect that the specification does not know.
    """
    message = _message(at)
    for alert in messages:
        if not alert.header:
            raise OfferError(what=f"お知らせ{alert.id}に見出しがありません")
        entity = message.entity.add(id=alert.id).alert
        period = entity.active_period.add(start=int(alert.start.timestamp()))
        if alert.end:
            period.end = int(alert.end.timestamp())
        try:
            entity.cause = pb.Alert.Cause.Value(alert.cause)
            entity.effect = pb.Alert.Effect.Value(alert.effect)
        except ValueError as fault:
            raise OfferError(what=f"お知らせ{alert.id}の原因または影響が正しくありません") from fault
        for route in alert.routes:
            entity.informed_entity.add(route_id=route)
        for stop in alert.stops:
            entity.informed_entity.add(stop_id=stop)
        if not alert.routes and not alert.stops:
            entity.informed_entity.add(agency_id=alert.agency or agency)
        _translated(entity.header_text, alert.header)
        _translated(entity.description_text, alert.text)
        if alert.url:
            _translated(entity.url, {"ja": alert.url})
    return bytes(message.SerializeToString())


def readable(message: bytes) -> bytes:
    """A message as JSON, names as in the specification, for people and for programs without protobuf."""
    found = pb.FeedMessage.FromString(message)
    text = json_format.MessageToJson(found, preserving_proto_field_name=True, ensure_ascii=False)
    return str(text).encode()


def _message(at: datetime) -> Any:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.incrementality = pb.FeedHeader.FULL_DATASET
    message.header.timestamp = int(at.timestamp())
    return message


def _translated(target: Any, texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        target.translation.add(text=text, language=language)
