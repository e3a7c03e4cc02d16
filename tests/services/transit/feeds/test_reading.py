import csv
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.services.transit.feeds import (
    MEANINGS,
    ArchiveError,
    Limits,
    Profile,
    Severity,
    busiest_day,
    departures,
    read_feed,
    served_stops,
    services_on,
)
from souto.services.transit.feeds.spec import SPEC
from souto.services.transit.feeds.values import clock, seconds
from tests.samples import samples
from tests.services.transit.feeds.zips import FILES, STOP_TIMES, STOPS, TRANSLATIONS, TRIPS, pack, zipped

FEEDS = (
    "city-toyama-oyama-gtfs",
    "gtfs.1017.yajima_taxi",
    "gtfs.1019.maebashishi_com",
    "gtfs.1034.uenomura_com",
    "ryobi",
    "yamanashi",
)
WEDNESDAY, HOLIDAY = date(2026, 5, 13), date(2026, 4, 29)


def found(data, profile=Profile.JP3):
    return [(n.code, n.file, n.line, n.field) for n in read_feed(data, profile).notices]


def test_a_good_feed_has_nothing_to_say():
    assert read_feed(zipped()).notices == ()
    assert read_feed(zipped(), Profile.JP4).notices == ()


@pytest.mark.parametrize("name", FEEDS)
def test_real_feeds_are_read_whole(name):
    path = samples("gtfs_jp", f"{name}.zip")

    feed = read_feed(path)

    with zipfile.ZipFile(path) as archive:
        for file in archive.namelist():
            with archive.open(file) as stream:
                rows = [row for row in csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline="")) if row]
            assert len(feed.tables[file]) == len(rows) - 1
            assert feed.tables[file].rows[-1:] == tuple(tuple(value.strip() for value in row) for row in rows[1:][-1:])
    assert all(feed.tables[n.file].lines and n.line for n in feed.errors)


def test_a_real_broken_reference_is_found_on_its_line():
    path = samples("gtfs_jp", "ryobi.zip")

    errors = read_feed(path).errors

    with zipfile.ZipFile(path) as archive:
        lines = archive.read("fare_rules.txt").decode("utf-8-sig").splitlines()
    assert {notice.code for notice in errors} == {"broken_reference"}
    assert all(notice.value in lines[notice.line - 1] for notice in errors)


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"stops": STOPS.replace("P2,駅前,35.6549", "P2,駅前,北緯35度")}, ("not_a_coordinate", "stops.txt", 4, "stop_lat")),
        ({"stops": STOPS.replace("35.660,139.350", "139.350,35.660")}, ("not_a_coordinate", "stops.txt", 5, "stop_lat")),
        ({"stops": STOPS.replace("35.660,139.350", "5.660,139.350")}, ("outside_japan", "stops.txt", 5, "stop_lat")),
        ({"stops": STOPS.replace("35.660,139.350", ",")}, ("no_position", "stops.txt", 5, "stop_lat")),
        ({"stops": STOPS + "B,団地,35.66,139.35,0,,\n"}, ("repeated_key", "stops.txt", 7, "stop_id")),
        ({"stops": STOPS.replace("C,山の上", "C,山の上,")}, ("wrong_number_of_columns", "stops.txt", 6, "")),
        ({"stops": STOPS.replace("0,P,z1", "9,P,z1", 1)}, ("not_an_option", "stops.txt", 3, "location_type")),
        ({"trips": TRIPS.replace("T2,駅前", "T9,駅前")}, ("broken_reference", "stop_times.txt", 5, "trip_id")),
        ({"trips": TRIPS.replace("R,休日", "R,祝日")}, ("unknown_service", "trips.txt", 4, "service_id")),
        ({"trips": TRIPS + "R,平日,T4,空\n"}, ("trip_without_stops", "trips.txt", 5, "trip_id")),
        ({"trips": TRIPS.replace("R,平日,T1", " R ,平日,T1")}, ("blanks_around_value", "trips.txt", 2, "route_id")),
        ({"stop_times": STOP_TIMES.replace("24:05:00,24:05", "23:05:00,23:05")}, ("time_goes_back", "stop_times.txt", 6, "arrival_time")),
        ({"stop_times": STOP_TIMES.replace("9:20:00,9:20:00", ",")}, ("no_time_at_the_ends", "stop_times.txt", 9, "arrival_time")),
        ({"stop_times": STOP_TIMES.replace("7:00:00,7:00:00", "7時,7時")}, ("not_a_time", "stop_times.txt", 2, "arrival_time")),
        ({"stop_times": STOP_TIMES.replace("T1,,,B", "T1,,,")}, ("place_not_one", "stop_times.txt", 3, "stop_id")),
        ({"calendar": FILES["calendar.txt"].replace("20270331", "20270231", 1)}, ("not_a_date", "calendar.txt", 2, "end_date")),
        ({"calendar": FILES["calendar.txt"].replace("20270331", "20250331", 1)}, ("dates_reversed", "calendar.txt", 2, "end_date")),
        ({"routes": FILES["routes.txt"].replace("R,A", "R,B")}, ("broken_reference", "routes.txt", 2, "agency_id")),
        ({"routes": "route_id,agency_id,route_long_name\nR,A,団地線\n"}, ("missing_column", "routes.txt", 1, "route_type")),
        ({"routes": FILES["routes.txt"].replace(",3", ",")}, ("missing_value", "routes.txt", 2, "route_type")),
        ({"routes": '"route_id"x'}, ("bad_csv", "routes.txt", 1, "")),
        ({"routes": ""}, ("no_header", "routes.txt", 0, "")),
        ({"agency": None}, ("missing_file", "agency.txt", 0, "")),
        ({"feed_info": None}, ("missing_jp_file", "feed_info.txt", 0, "")),
        ({"translations": TRANSLATIONS.replace("だんち", "")}, ("no_reading", "stops.txt", 5, "stop_name")),
        ({"office_jp": "office_id,office_name\n"}, ("empty_file", "office_jp.txt", 0, "")),
        ({"timetable": "x"}, ("unknown_file", "timetable.txt", 0, "")),
        ({"agency": FILES["agency.txt"].replace("https://", "")}, ("not_well_formed", "agency.txt", 2, "agency_url")),
        ({"agency": FILES["agency.txt"].replace("agency_lang", "agency_name")}, ("repeated_column", "agency.txt", 1, "agency_name")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_field(changes, notice):
    assert notice in found(zipped(**changes))


def test_without_any_calendar_nobody_knows_when_it_runs():
    codes = [notice[0] for notice in found(zipped(calendar=None, calendar_dates=None))]

    assert "missing_calendar" in codes


def test_the_fourth_edition_asks_for_more_and_lets_go_of_some():
    stops = STOPS.replace("0,,z2", ",,z2")
    jp = "agency_id,agency_official_name\nA,桑都バス株式会社\n"

    assert found(zipped(stops=stops, agency_jp=jp)) == []
    assert found(zipped(stops=stops, agency_jp=jp), Profile.JP4) == [
        ("former_file", "agency_jp.txt", 0, ""),
        ("missing_jp_column", "stops.txt", 5, "location_type"),
    ]


@pytest.mark.parametrize(("encoding", "name"), [("cp932", "Shift_JIS"), ("utf-16", "UTF-16")])
def test_other_encodings_are_read_and_said(encoding, name):
    feed = read_feed(zipped(stops=STOPS.encode(encoding)))

    assert feed.tables["stops.txt"].column("stop_name")[-1] == "山の上"
    assert [(n.code, n.value) for n in feed.notices] == [("not_utf8", name)]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    assert found(zipped(stops=STOPS.replace("\n", "\r\n").encode("utf-8-sig"))) == []


def test_bytes_of_no_encoding_are_an_error_on_their_line():
    broken = STOPS.encode().replace("団地".encode(), b"\x81\xff\xfe")

    assert ("undecodable", "stops.txt", 5, "") in found(zipped(stops=broken))


def test_a_line_break_inside_quotes_keeps_the_numbers_of_lines():
    stops = STOPS.replace("B,団地", 'B,"団\n地"').replace("C,山の上,35.665", "C,山の上,九十度")

    assert ("not_a_coordinate", "stops.txt", 7, "stop_lat") in found(zipped(stops=stops))


def test_a_feed_in_a_folder_is_read_and_said():
    feed = read_feed(pack({f"gtfs/{name}": content for name, content in FILES.items()}))

    assert [n.code for n in feed.notices] == ["in_folder"]
    assert len(feed.tables) == len(FILES)


def test_of_many_alike_some_are_listed_and_the_rest_counted():
    bad = STOPS + "".join(f"X{i},停,北,東,0,,\n" for i in range(300))
    notices = read_feed(zipped(stops=bad)).notices

    listed = [n for n in notices if n.code == "not_a_coordinate" and n.field == "stop_lat"]
    assert len(listed) == 200
    assert any(n.code == "more_like_this" and n.value == "not_a_coordinate 100" for n in notices)


def bomb():
    return pack({**FILES, "shapes.txt": b"0" * 30_000_000})


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"", Limits()),
        (b"PK\x03\x04 no zip", Limits()),
        (zipped()[:400], Limits()),
        (bomb(), Limits()),  # a thousand times smaller packed
        (zipped(), Limits(files=5)),
        (zipped(), Limits(file_bytes=100)),
        (zipped(), Limits(all_bytes=1_000)),
        (pack({**FILES, "a/stops.txt": STOPS}), Limits()),
    ],
)
def test_what_is_no_feed_or_too_large_is_refused(data, limits):
    with pytest.raises(ArchiveError):
        read_feed(data, limits=limits)


def test_a_size_that_lies_is_not_believed():
    data = bytearray(bomb())
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"shapes.txt"))
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")  # uncompressed size in the central directory

    with pytest.raises(ArchiveError):
        read_feed(bytes(data))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200), st.integers(0, 10_000))
def test_damage_anywhere_is_noted_and_never_breaks_the_reading(name, junk, place):
    content = FILES[name].encode()
    place %= len(content)

    feed = read_feed(pack({**FILES, name: content[:place] + junk + content[place:]}))

    assert set(feed.tables) == set(FILES)
    served_stops(feed, WEDNESDAY)
    assert all(notice.meaning and notice.severity in Severity for notice in feed.notices)


@given(st.integers(0, 300_000))
def test_times_of_a_service_day_pass_midnight(time):
    assert seconds(clock(time)) == time


def test_departures_of_a_day():
    leaving = departures(read_feed(zipped()), WEDNESDAY)

    assert {stop: [clock(t) for t in times] for stop, times in leaving.items()} == {
        "P1": ["07:00:00"],
        "B": ["07:00:00", "24:05:00"],  # without a time of its own: that of the stop before
        "C": ["23:50:00"],
    }


def test_a_holiday_on_a_wednesday_runs_the_holiday_service():
    feed = read_feed(zipped())

    assert services_on(feed, HOLIDAY) == {"休日"}
    assert services_on(feed, date(2027, 4, 1)) == frozenset()
    assert busiest_day(feed, [HOLIDAY, WEDNESDAY]) == WEDNESDAY
    assert busiest_day(feed, [date(2030, 1, 1)]) is None


def test_trips_by_headway_count_as_often_as_they_run():
    every = "trip_id,start_time,end_time,headway_secs\nT3,09:00:00,12:00:00,1800\n"

    assert len(departures(read_feed(zipped(frequencies=every)), HOLIDAY)["P1"]) == 6


@pytest.mark.parametrize("file", [name for name in FILES if name != "feed_info.txt"])
def test_a_timetable_without_its_columns_serves_nobody_and_breaks_nothing(file):
    header, _, rows = FILES[file].partition("\n")
    nameless = ",".join(f"x{i}" for i in range(header.count(",") + 1))

    feed = read_feed(zipped(**{file.removesuffix(".txt"): f"{nameless}\n{rows}", "frequencies": "a,b\n1,2\n"}))

    assert any(notice.code == "missing_column" for notice in feed.notices)
    served_stops(feed, WEDNESDAY)


@pytest.mark.parametrize("headway", ["0", "0.5", "-1800", "毎時"])
def test_a_headway_that_is_none_repeats_nothing(headway):
    every = f"trip_id,start_time,end_time,headway_secs\nT3,09:00:00,12:00:00,{headway}\n"

    assert len(departures(read_feed(zipped(frequencies=every)), HOLIDAY)["P1"]) == 1


def test_a_number_of_thousands_of_digits_is_none():
    endless = STOP_TIMES.replace("P1,1,0", f"P1,{'1' * 5_000},0", 1)

    assert "P1" not in departures(read_feed(zipped(stop_times=endless)), WEDNESDAY)


def test_poles_of_one_parent_are_one_stop():
    stops = {stop.id: stop for stop in served_stops(read_feed(zipped()), WEDNESDAY, "bus:")}

    assert set(stops) == {"bus:P", "bus:B", "bus:C"}
    assert (stops["bus:P"].lat, stops["bus:P"].lon) == pytest.approx((35.655, 139.339))
    assert stops["bus:P"].service.departures == 1
    assert (stops["bus:B"].service.first, stops["bus:B"].service.last) == (7 * 60, 24 * 60 + 5)


def test_every_reference_of_the_specification_leads_to_a_field():
    for file in SPEC.values():
        assert set(file.key) <= set(file.fields)
        for field in file.fields.values():
            if field.refers_to:
                assert field.refers_to[1] in SPEC[field.refers_to[0]].fields


def test_meanings_have_a_place_for_the_value_or_none():
    assert all(text % {"value": "x"} for _, text in MEANINGS.values())
