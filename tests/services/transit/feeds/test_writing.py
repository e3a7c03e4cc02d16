import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema_rs
import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from souto.services.transit.feeds import (
    Alert,
    Area,
    BookingKind,
    BookingRule,
    Hours,
    Occupancy,
    OfferError,
    Position,
    Profile,
    StopGroup,
    VirtualStop,
    WaitQuery,
    alerts,
    gofs_documents,
    gtfs_files,
    gtfs_zip,
    read_feed,
    services_on,
    vehicle_positions,
    wait_times,
)
from souto.services.transit.feeds.gofs_schemas import SCHEMAS
from tests.services.transit.feeds.offers import OPERATOR, RULES, SERVICES, SQUARE, STOPS, WEEKDAYS, offer

NOW = datetime(2026, 5, 13, 3, 0, tzinfo=UTC)


def documents(**changes):
    return gofs_documents(offer(**changes), "https://www.example.jp/gofs/", NOW)


def test_our_own_feed_is_read_without_a_word():
    feed = read_feed(gtfs_zip(offer()), Profile.JP4)

    assert feed.notices == ()
    assert set(feed.locations) == {"zone"}
    assert services_on(feed, date(2026, 4, 30)) == {"weekdays"}
    assert services_on(feed, date(2026, 4, 29)) == frozenset()
    assert services_on(feed, date(2026, 8, 15)) == {"weekdays"}


def test_the_validator_of_the_field_finds_no_error(tmp_path):
    """`gtfs-validator` holds the canonical rules of GTFS Schedule with Flex; it was written by others."""
    (tmp_path / "feed.zip").write_bytes(gtfs_zip(offer()))

    ran = subprocess.run(
        [Path(sys.executable).with_name("gtfs-validator"), "-i", "feed.zip", "-o", "out", "--date", "2026-05-13"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [n for n in report["notices"] if n["severity"] == "ERROR"] == [], ran.stderr
    assert {n["code"] for n in report["notices"]} <= {"mixed_case_recommended_field"}  # Japanese has no capitals
    assert {"Booking Rules", "Fixed-Stops Demand Responsive Transit", "Zone-Based Demand Responsive Services"} <= set(
        report["summary"]["gtfsFeatures"]
    )


def test_the_same_offer_gives_the_same_bytes():
    assert gtfs_zip(offer()) == gtfs_zip(offer())


def test_a_service_is_a_trip_with_windows_and_its_booking_rule():
    rows = list(read_feed(gtfs_zip(offer())).tables["stop_times.txt"].records())

    boarding, alighting = rows[0], rows[1]
    assert (boarding["location_group_id"], boarding["pickup_type"], boarding["drop_off_type"]) == ("group", "2", "1")
    assert (alighting["pickup_type"], alighting["drop_off_type"]) == ("1", "2")
    assert (boarding["start_pickup_drop_off_window"], boarding["end_pickup_drop_off_window"]) == (
        "08:00:00",
        "18:00:00",
    )
    assert alighting["end_pickup_drop_off_window"] == "18:30:00"
    assert (boarding["pickup_booking_rule_id"], alighting["drop_off_booking_rule_id"]) == ("same-day", "same-day")
    assert (rows[4]["location_id"], rows[5]["location_group_id"]) == ("zone", "group")


def test_names_have_their_reading_and_english():
    rows = {
        (r["table_name"], r["record_id"], r["language"]): r["translation"]
        for r in read_feed(gtfs_zip(offer())).tables["translations.txt"].records()
    }

    assert rows["stops", "s2", "ja-Hrkt"] == "しみんびょういん"
    assert rows["routes", "south", "en"] == "South on demand"
    assert rows["agency", OPERATOR.id, "ja-Hrkt"] == "そうとこうつう"
    assert ("stops", "s2", "en") not in rows


def test_files_that_would_be_empty_are_left_out():
    files = gtfs_files(offer(services=(replace(SERVICES[1], fare_yen=None),), groups=(), stops=()))

    assert not {"stops.txt", "location_groups.txt", "fare_attributes.txt"} & set(files)


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {"wait_time"}))
def test_gofs_files_obey_their_schemas(name):
    jsonschema_rs.validator_for(SCHEMAS[name]).validate(documents()[name])


def test_gofs_leads_to_every_file_and_to_the_query():
    made = documents()

    feeds = {feed["name"]: feed["url"] for feed in made["gofs"]["data"]["ja"]["feeds"]}
    assert set(feeds) == set(made) - {"gofs"} | {"wait_time"}
    assert feeds["zones"] == "https://www.example.jp/gofs/ja/zones.json"
    assert made["gofs"]["last_updated"] == int(NOW.timestamp())


def test_gofs_references_lead_somewhere():
    made = {name: document["data"] for name, document in documents().items()}
    zones = {feature["zone_id"] for feature in made["zones"]["zones"]["features"]}
    calendars = {calendar["calendar_id"] for calendar in made["calendars"]["calendars"]}

    for rule in made["operating_rules"]["operating_rules"]:
        assert {rule["from_zone_id"], rule["to_zone_id"]} <= zones
        assert set(rule["calendars"]) == calendars == {"weekdays", "weekdays-20260815"}
        assert rule.get("fare_id") in {None, *(fare["fare_id"] for fare in made["fares"]["fares"])}
    for rule in made["booking_rules"]["booking_rules"]:
        assert {*rule["from_zone_ids"], *rule["to_zone_ids"]} <= zones
    assert made["operating_rules"]["operating_rules"][0]["end_dropoff_window"] == "18:30:00"


def test_zones_run_counter_clockwise_and_hold_their_stops():
    import shapely

    zones = {
        f["zone_id"]: shapely.geometry.shape(f["geometry"]) for f in documents()["zones"]["data"]["zones"]["features"]
    }

    assert all(zone.exterior.is_ccw for zone in zones.values())
    assert all(zones["group"].contains(shapely.Point(stop.lon, stop.lat)) for stop in STOPS)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("booking_rules", lambda data: data["booking_rules"][0].update(prior_notice_duration_max=10)),
        ("booking_rules", lambda data: data["booking_rules"][0].pop("prior_notice_duration_min")),
        ("booking_rules", lambda data: data["booking_rules"][1].update(prior_notice_last_day=1)),
        ("booking_rules", lambda data: data["booking_rules"][2].pop("prior_notice_last_time")),
        ("operating_rules", lambda data: data["operating_rules"][0].pop("start_pickup_window")),
        ("operating_rules", lambda data: data["operating_rules"].clear()),
        ("zones", lambda data: data["zones"]["features"][0].pop("zone_id")),
        ("calendars", lambda data: data["calendars"][0].update(days=["monday"])),
        ("system_information", lambda data: data.update(phone_number="042-600-0000")),
        ("fares", lambda data: data["fares"][0]["rider"][0].update(amount=-1)),
        ("gofs", lambda data: data["ja"]["feeds"][0].update(name="timetable")),
    ],
)
def test_the_schemas_refuse_what_the_reference_forbids(name, spoil):
    made = deepcopy(documents()[name])
    spoil(made["data"])

    assert not jsonschema_rs.is_valid(SCHEMAS[name], made)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_schemas(name):
    assert jsonschema_rs.meta.is_valid(SCHEMAS[name])
    assert not jsonschema_rs.is_valid(SCHEMAS[name], {"data": {}})


@given(st.dictionaries(st.sampled_from(["south", "door"]), st.integers(0, 10_000)))
def test_waits_are_told_as_they_are(waits):
    made = wait_times(waits, NOW)

    jsonschema_rs.validator_for(SCHEMAS["wait_time"]).validate(made)
    assert {row["brand_id"]: row["wait_time"] for row in made["data"]["wait_times"]} == waits
    assert made["ttl"] == 0


def test_a_wait_below_zero_is_refused():
    with pytest.raises(OfferError):
        wait_times({"south": -1}, NOW)


def test_a_query_says_where_from_where_to_and_which_services():
    query = WaitQuery.parse(
        {
            "pickup_lat": "35.65",
            "pickup_lon": "139.33",
            "drop_off_lat": "35.66",
            "drop_off_lon": "139.34",
            "brand_id": "south, door",
        }
    )

    assert (query.pickup.lat, query.drop_off.lon, query.brands) == (35.65, 139.34, {"south", "door"})
    assert WaitQuery.parse({"pickup_lat": "35.65", "pickup_lon": "139.33"}).drop_off is None


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"pickup_lat": "35.65"},
        {"pickup_lat": "nan", "pickup_lon": "139.33"},
        {"pickup_lat": "139.33", "pickup_lon": "35.65"},
        {"pickup_lat": "35.65", "pickup_lon": "139.33", "drop_off_lat": "35.6"},
        {"pickup_lat": "北", "pickup_lon": "139.33"},
    ],
)
def test_a_query_without_a_place_is_refused(parameters):
    with pytest.raises(OfferError):
        WaitQuery.parse(parameters)


@pytest.mark.parametrize(
    "changes",
    [
        {"services": ()},
        {"services": (SERVICES[0], SERVICES[0])},
        {"services": (replace(SERVICES[0], booking_rule="none"),)},
        {"services": (replace(SERVICES[0], vehicle_types=("bus",)),)},
        {"services": (replace(SERVICES[0], hours=()),)},
        {"services": (replace(SERVICES[0], hours=(Hours("group", "s1", "weekdays", 480, 600),)),)},
        {"services": (replace(SERVICES[0], hours=(Hours("group", "group", "weekdays", 600, 480),)),)},
        {"services": (replace(SERVICES[0], id="with blank"),)},
        {"calendars": (replace(WEEKDAYS, end=date(2025, 1, 1)),)},
        {"groups": (StopGroup("group", "組", ("s9",)),)},
        {"groups": (StopGroup("group", "組", ()),)},
        {"stops": (*STOPS, VirtualStop("zone", "同じ名", "", 35.6, 139.3))},
        {"areas": (Area("zone", "南部", {"type": "Point", "coordinates": [139, 35]}),)},
        {"areas": (Area("zone", "南部", {**SQUARE, "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}),)},
        {"operator": replace(OPERATOR, phone="042-600-0000")},
    ],
)
def test_an_offer_that_contradicts_itself_is_refused(changes):
    with pytest.raises(OfferError):
        offer(**changes)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": BookingKind.SAME_DAY},
        {"kind": BookingKind.REAL_TIME, "notice_min": 30},
        {"kind": BookingKind.PRIOR_DAYS, "last_day": 1},
        {"kind": BookingKind.SAME_DAY, "notice_min": 30, "notice_max": 10},
        {"kind": BookingKind.SAME_DAY, "notice_min": 30, "start_day": 7},
        {"kind": BookingKind.SAME_DAY, "notice_min": 30, "last_day": 1, "last_minute": 60},
        {"kind": BookingKind.REAL_TIME, "prior_calendar": "weekdays"},
    ],
)
def test_a_booking_rule_says_what_its_kind_asks_for(fields):
    with pytest.raises(OfferError):
        BookingRule("rule", **fields)


def test_vehicles_are_told_with_their_place_and_no_rider():
    one = Position(
        "v1", "1号車", 35.65, 139.33, NOW, bearing=370, speed=8.3, trip="south-1", route="south", day=date(2026, 5, 13),
        occupancy=Occupancy.of(6, 8),
    )  # fmt: skip
    message = pb.FeedMessage.FromString(vehicle_positions([one, Position("v2", "2号車", 35.66, 139.34, NOW)], NOW))

    assert message.IsInitialized()
    assert message.header.gtfs_realtime_version == "2.0"
    vehicle = message.entity[0].vehicle
    assert (vehicle.trip.trip_id, vehicle.trip.start_date, vehicle.position.bearing) == ("south-1", "20260513", 10)
    assert vehicle.occupancy_status == pb.VehiclePosition.FEW_SEATS_AVAILABLE
    assert vehicle.timestamp == int(NOW.timestamp())
    assert not message.entity[1].vehicle.HasField("trip")


@pytest.mark.parametrize(
    ("aboard", "name"), [(0, "EMPTY"), (3, "MANY_SEATS"), (6, "FEW_SEATS"), (8, "FULL"), (9, "FULL")]
)
def test_how_full_a_vehicle_is(aboard, name):
    assert Occupancy.of(aboard, 8) is Occupancy[name]


def test_a_vehicle_is_in_one_place():
    here = Position("v1", "1号車", 35.65, 139.33, NOW)

    with pytest.raises(OfferError):
        vehicle_positions([here, here], NOW)
    with pytest.raises(OfferError):
        vehicle_positions([replace(here, lat=139.0)], NOW)


def test_alerts_speak_several_languages_and_know_whom_they_concern():
    snow = Alert(
        "a1", {"ja": "大雪", "en": "Snow"}, {"ja": "本日は運休します。"}, NOW, cause="WEATHER", effect="NO_SERVICE"
    )
    south = replace(snow, id="a2", routes=("south",), stops=("s1",), end=NOW, url="https://www.example.jp/a2")
    message = pb.FeedMessage.FromString(alerts([snow, south], NOW, OPERATOR.id))

    assert message.IsInitialized()
    first, second = (entity.alert for entity in message.entity)
    assert {t.language: t.text for t in first.header_text.translation} == {"ja": "大雪", "en": "Snow"}
    assert [e.agency_id for e in first.informed_entity] == [OPERATOR.id]
    assert [(e.route_id, e.stop_id) for e in second.informed_entity] == [("south", ""), ("", "s1")]
    assert (first.cause, first.effect) == (pb.Alert.WEATHER, pb.Alert.NO_SERVICE)
    with pytest.raises(OfferError):
        alerts([replace(snow, cause="AVALANCHE_OF_PAPER")], NOW, OPERATOR.id)
    with pytest.raises(OfferError):
        alerts([replace(snow, header={})], NOW, OPERATOR.id)


def test_the_rules_of_the_sample_are_three_kinds():
    assert {rule.kind for rule in RULES} == set(BookingKind)
