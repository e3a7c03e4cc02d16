"""GTFS-JP fourth edition with GTFS-Flex out of an offer."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import shapely

from souto.services.transit.feeds.model import BookingRule, Calendar, DemandService, Hours, Offer
from souto.services.transit.feeds.values import clock

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BOOK = 2  # must be arranged with the agency
_NO = 1  # not here
_BUS = 3

Rows = Iterable[Sequence[object]]


def gtfs_files(offer: Offer) -> dict[str, bytes]:
    """The files of the feed by name, UTF-8 with CR LF, each with at least one row.

    Each span of hours of a service is a trip of two rows in `stop_times.txt`: boarding within the window at the origin, alighting within the window at the
    destination (which may be the same place), both by arrangement. Readings in kana and English names stand in `translations.txt`.
    """
    tables = {
        **_who(offer),
        **_places(offer),
        **_services(offer),
        **_days(offer.calendars),
        "booking_rules.txt": (_RULE_FIELDS, [_rule(rule) for rule in offer.booking_rules]),
        "translations.txt": (
            ("table_name", "field_name", "language", "translation", "record_id", "record_sub_id", "field_value"),
            list(_translations(offer)),
        ),
    }
    files = {name: _csv(header, rows) for name, (header, rows) in tables.items() if rows}
    if offer.areas:
        files["locations.geojson"] = json.dumps(_locations(offer), ensure_ascii=False).encode()
    return files


def gtfs_zip(offer: Offer) -> bytes:
    """The feed as a zip; the same offer gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(gtfs_files(offer).items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _csv(header: Sequence[str], rows: Rows) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(header)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return target.getvalue().encode()


def _minute(value: int | None) -> str:
    return "" if value is None else clock(value * 60)


def _who(offer: Offer) -> dict[str, tuple[Sequence[str], list[Sequence[object]]]]:
    publisher, operator = offer.publisher, offer.operator
    return {
        "agency.txt": (
            (
                "agency_id",
                "agency_name",
                "agency_url",
                "agency_timezone",
                "agency_lang",
                "agency_phone",
                "agency_email",
            ),
            [
                (
                    operator.id,
                    operator.name,
                    operator.url,
                    operator.timezone,
                    publisher.lang,
                    operator.phone,
                    operator.email,
                )
            ],
        ),
        "feed_info.txt": (
            (
                "feed_publisher_name",
                "feed_publisher_url",
                "feed_lang",
                "feed_start_date",
                "feed_end_date",
                "feed_version",
                "feed_contact_email",
                "feed_contact_url",
            ),
            [
                (
                    publisher.name,
                    publisher.url,
                    publisher.lang,
                    f"{publisher.start:%Y%m%d}",
                    f"{publisher.end:%Y%m%d}",
                    publisher.version,
                    publisher.email,
                    publisher.url,
                )
            ],
        ),
    }


def _places(offer: Offer) -> dict[str, tuple[Sequence[str], list[Sequence[object]]]]:
    return {
        "stops.txt": (
            ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type"),
            [(stop.id, stop.name, f"{stop.lat:.7f}", f"{stop.lon:.7f}", 0) for stop in offer.stops],
        ),
        "location_groups.txt": (
            ("location_group_id", "location_group_name"),
            [(group.id, group.name) for group in offer.groups],
        ),
        "location_group_stops.txt": (
            ("location_group_id", "stop_id"),
            [(group.id, stop) for group in offer.groups for stop in group.stops],
        ),
    }


def _services(offer: Offer) -> dict[str, tuple[Sequence[str], list[Sequence[object]]]]:
    groups = {group.id for group in offer.groups}
    trips: list[Sequence[object]] = []
    times: list[Sequence[object]] = []
    for service in offer.services:
        accessible = any(v.wheelchair for v in offer.vehicle_types if v.id in service.vehicle_types)
        for number, hours in enumerate(service.hours, 1):
            trip = f"{service.id}-{number}"
            trips.append((service.id, hours.calendar, trip, 1 if accessible else 2))
            times += _calls(trip, service, hours, groups)
    fares: list[Sequence[object]] = [
        (f"fare-{service.id}", service.fare_yen, "JPY", 0, 0, offer.operator.id)
        for service in offer.services
        if service.fare_yen is not None
    ]
    return {
        "routes.txt": (
            ("route_id", "agency_id", "route_long_name", "route_type", "route_url", "route_color", "route_text_color"),
            [
                (service.id, offer.operator.id, service.name, _BUS, service.url, service.color, service.text_color)
                for service in offer.services
            ],
        ),
        "trips.txt": (("route_id", "service_id", "trip_id", "wheelchair_accessible"), trips),
        "stop_times.txt": (_TIME_FIELDS, times),
        "fare_attributes.txt": (
            ("fare_id", "price", "currency_type", "payment_method", "transfers", "agency_id"),
            fares,
        ),
        "fare_rules.txt": (
            ("fare_id", "route_id"),
            [(f"fare-{s.id}", s.id) for s in offer.services if s.fare_yen is not None],
        ),
    }


_TIME_FIELDS = (
    "trip_id",
    "stop_sequence",
    "location_group_id",
    "location_id",
    "start_pickup_drop_off_window",
    "end_pickup_drop_off_window",
    "pickup_type",
    "drop_off_type",
    "pickup_booking_rule_id",
    "drop_off_booking_rule_id",
)


def _calls(trip: str, service: DemandService, hours: Hours, groups: set[str]) -> list[Sequence[object]]:
    ends = _minute(hours.closes), _minute(max(hours.closes, hours.last_arrival or 0))
    rows: list[Sequence[object]] = []
    for sequence, (place, end) in enumerate(zip((hours.origin, hours.destination), ends, strict=True), 1):
        boarding = sequence == 1
        rows.append(
            (
                trip,
                sequence,
                place if place in groups else "",
                "" if place in groups else place,
                _minute(hours.opens),
                end,
                _BOOK if boarding else _NO,
                _NO if boarding else _BOOK,
                service.booking_rule if boarding else "",
                "" if boarding else service.booking_rule,
            )
        )
    return rows


def _days(calendars: Sequence[Calendar]) -> dict[str, tuple[Sequence[str], list[Sequence[object]]]]:
    return {
        "calendar.txt": (
            ("service_id", *_WEEKDAYS, "start_date", "end_date"),
            [
                (c.id, *(int(day in c.weekdays) for day in range(7)), f"{c.start:%Y%m%d}", f"{c.end:%Y%m%d}")
                for c in calendars
            ],
        ),
        "calendar_dates.txt": (
            ("service_id", "date", "exception_type"),
            [
                (calendar.id, f"{day:%Y%m%d}", kind)
                for calendar in calendars
                for kind, days in ((1, calendar.added), (2, calendar.removed))
                for day in days
            ],
        ),
    }


_RULE_FIELDS = (
    "booking_rule_id",
    "booking_type",
    "prior_notice_duration_min",
    "prior_notice_duration_max",
    "prior_notice_last_day",
    "prior_notice_last_time",
    "prior_notice_start_day",
    "prior_notice_start_time",
    "prior_notice_service_id",
    "message",
    "phone_number",
    "info_url",
    "booking_url",
)


def _rule(rule: BookingRule) -> Sequence[object]:
    return (
        rule.id,
        int(rule.kind),
        rule.notice_min,
        rule.notice_max,
        rule.last_day,
        _minute(rule.last_minute),
        rule.start_day,
        _minute(rule.start_minute),
        rule.prior_calendar,
        rule.message,
        rule.phone,
        rule.info_url,
        rule.booking_url,
    )


def _translations(offer: Offer) -> Iterable[Sequence[object]]:
    names = [
        *(("stops", "stop_name", stop.id, stop.kana, stop.name_en) for stop in offer.stops),
        *(("routes", "route_long_name", s.id, s.kana, s.name_en) for s in offer.services),
        ("agency", "agency_name", offer.operator.id, offer.operator.kana, ""),
    ]
    for table, name, record, kana, english in names:
        for language, text in (("ja-Hrkt", kana), ("en", english)):
            if text:
                yield (table, name, language, text, record, "", "")


def _locations(offer: Offer) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": area.id,
                "properties": {"stop_name": area.name},
                "geometry": shapely.geometry.mapping(offer.polygon(area.id)),
            }
            for area in offer.areas
        ],
    }
