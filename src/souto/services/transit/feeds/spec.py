"""The tables of GTFS Schedule with GTFS-Flex, and of GTFS-JP: fields, what they may hold, what they refer to.

One line a table: `file key,fields: field type`. A type ends with `!` where a value is required in every row; `a|b` are the only values; `>file.field` must exist
there. What only one edition of GTFS-JP asks for stands in `REQUIRED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """Whose rules a feed is held to."""

    GTFS = "gtfs"
    JP3 = "gtfs-jp-3"  # 標準的なバス情報フォーマット 第3版
    JP4 = "gtfs-jp-4"  # 第4版, 国土交通省, 19 March 2026


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its type, whether each row needs a value, the values allowed (empty: any), and what it refers to."""

    kind: str
    required: bool = False
    values: frozenset[str] = frozenset()
    refers_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A file: the fields that together name a row (empty: none), and its columns."""

    key: tuple[str, ...]
    fields: dict[str, Field]


_TABLES = """
agency.txt agency_id: agency_id id, agency_name text!, agency_url url!, agency_timezone zone!, agency_lang lang, agency_phone text, agency_fare_url url, agency_email email
stops.txt stop_id: stop_id id!, stop_code text, stop_name text, tts_stop_name text, stop_desc text, stop_lat lat, stop_lon lon, zone_id id, stop_url url, location_type 0|1|2|3|4, parent_station id>stops.txt.stop_id, stop_timezone zone, wheelchair_boarding 0|1|2, level_id id, platform_code text
routes.txt route_id: route_id id!, agency_id id>agency.txt.agency_id, route_short_name text, route_long_name text, route_desc text, route_type int!, route_url url, route_color color, route_text_color color, route_sort_order int, continuous_pickup 0|1|2|3, continuous_drop_off 0|1|2|3, network_id id, jp_parent_route_id id
trips.txt trip_id: route_id id!>routes.txt.route_id, service_id id!, trip_id id!, trip_headsign text, trip_short_name text, direction_id 0|1, block_id id, shape_id id>shapes.txt.shape_id, wheelchair_accessible 0|1|2, bikes_allowed 0|1|2, cars_allowed 0|1|2, jp_trip_desc text, jp_trip_desc_symbol text, jp_office_id id>office_jp.txt.office_id, jp_pattern_id id>pattern_jp.txt.jp_pattern_id
stop_times.txt trip_id,stop_sequence: trip_id id!>trips.txt.trip_id, arrival_time time, departure_time time, stop_id id>stops.txt.stop_id, location_group_id id>location_groups.txt.location_group_id, location_id id, stop_sequence int!, stop_headsign text, start_pickup_drop_off_window time, end_pickup_drop_off_window time, pickup_type 0|1|2|3, drop_off_type 0|1|2|3, continuous_pickup 0|1|2|3, continuous_drop_off 0|1|2|3, shape_dist_traveled number, timepoint 0|1, pickup_booking_rule_id id>booking_rules.txt.booking_rule_id, drop_off_booking_rule_id id>booking_rules.txt.booking_rule_id
calendar.txt service_id: service_id id!, monday 0|1!, tuesday 0|1!, wednesday 0|1!, thursday 0|1!, friday 0|1!, saturday 0|1!, sunday 0|1!, start_date date!, end_date date!, service_name text
calendar_dates.txt service_id,date: service_id id!, date date!, exception_type 1|2!, holiday_name text
fare_attributes.txt fare_id: fare_id id!, price number!, currency_type currency!, payment_method 0|1!, transfers 0|1|2, agency_id id>agency.txt.agency_id, transfer_duration int
fare_rules.txt : fare_id id!>fare_attributes.txt.fare_id, route_id id>routes.txt.route_id, origin_id id>stops.txt.zone_id, destination_id id>stops.txt.zone_id, contains_id id>stops.txt.zone_id
shapes.txt shape_id,shape_pt_sequence: shape_id id!, shape_pt_lat lat!, shape_pt_lon lon!, shape_pt_sequence int!, shape_dist_traveled number
frequencies.txt trip_id,start_time: trip_id id!>trips.txt.trip_id, start_time time!, end_time time!, headway_secs int!, exact_times 0|1
transfers.txt : from_stop_id id>stops.txt.stop_id, to_stop_id id>stops.txt.stop_id, from_route_id id>routes.txt.route_id, to_route_id id>routes.txt.route_id, from_trip_id id>trips.txt.trip_id, to_trip_id id>trips.txt.trip_id, transfer_type 0|1|2|3|4|5, min_transfer_time int
feed_info.txt : feed_publisher_name text!, feed_publisher_url url!, feed_lang lang!, default_lang lang, feed_start_date date, feed_end_date date, feed_version text, feed_contact_email email, feed_contact_url url
translations.txt : table_name text, field_name text, language lang, translation text, record_id id, record_sub_id id, field_value text, trans_id text, lang lang
attributions.txt : attribution_id id, organization_name text!, agency_id id>agency.txt.agency_id, route_id id>routes.txt.route_id, trip_id id>trips.txt.trip_id, is_producer 0|1, is_operator 0|1, is_authority 0|1, attribution_url url, attribution_email email, attribution_phone text
booking_rules.txt booking_rule_id: booking_rule_id id!, booking_type 0|1|2!, prior_notice_duration_min int, prior_notice_duration_max int, prior_notice_last_day int, prior_notice_last_time time, prior_notice_start_day int, prior_notice_start_time time, prior_notice_service_id id>calendar.txt.service_id, message text, pickup_message text, drop_off_message text, phone_number text, info_url url, booking_url url
location_groups.txt location_group_id: location_group_id id!, location_group_name text
location_group_stops.txt location_group_id,stop_id: location_group_id id!>location_groups.txt.location_group_id, stop_id id!>stops.txt.stop_id
agency_jp.txt agency_id: agency_id id!>agency.txt.agency_id, agency_official_name text, agency_zip_number text, agency_address text, agency_president_pos text, agency_president_name text
office_jp.txt office_id: office_id id!, office_name text!, office_url url, office_phone text
pattern_jp.txt jp_pattern_id: jp_pattern_id id!, route_update_date date, origin_stop text, via_stop text, destination_stop text
routes_jp.txt route_id: route_id id!>routes.txt.route_id, route_update_date date, origin_stop text, via_stop text, destination_stop text
"""


def _field(text: str) -> Field:
    text, _, reference = text.partition(">")
    required = text.endswith("!")
    kind = text.rstrip("!")
    refers_to = tuple(reference.rsplit(".", 1)) if reference else None
    if "|" in kind:
        return Field("enum", required, frozenset(kind.split("|")))
    return Field(kind, required, frozenset(), (refers_to[0], refers_to[1]) if refers_to else None)


def _parsed() -> dict[str, FileSpec]:
    found = {}
    for line in _TABLES.strip().splitlines():
        head, _, body = line.partition(":")
        name, _, key = head.partition(" ")
        columns = (entry.strip().split(" ", 1) for entry in body.split(","))
        found[name] = FileSpec(tuple(k for k in key.strip().split(",") if k), {n: _field(t) for n, t in columns})
    return found


SPEC: dict[str, FileSpec] = _parsed()

#: Files that a feed cannot be without; of the two calendars one is enough, `stops.txt` may be missing where there is `locations.geojson`.
CORE = ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt")

#: Files and columns (with a value in every row) that an edition of GTFS-JP asks for beyond GTFS.
REQUIRED: dict[Profile, tuple[str, ...]] = {
    Profile.GTFS: (),
    Profile.JP3: (
        "feed_info.txt",
        "translations.txt",
        "fare_attributes.txt",
        "agency.txt.agency_id",
        "feed_info.txt.feed_start_date",
        "feed_info.txt.feed_end_date",
        "feed_info.txt.feed_version",
    ),
    Profile.JP4: (
        "feed_info.txt",
        "translations.txt",
        "fare_attributes.txt",
        "agency.txt.agency_id",
        "agency.txt.agency_lang",
        "stops.txt.location_type",
        "feed_info.txt.feed_start_date",
        "feed_info.txt.feed_end_date",
        "feed_info.txt.feed_version",
    ),
}

#: Files that left the standard with the fourth edition.
GONE_IN_JP4 = frozenset({"agency_jp.txt", "office_jp.txt", "pattern_jp.txt", "routes_jp.txt"})
