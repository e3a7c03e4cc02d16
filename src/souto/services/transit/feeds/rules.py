"""What rows must say together: order of times, calendars, windows of demand transit, booking rules, readings of names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from souto.services.transit.feeds.notices import Findings
from souto.services.transit.feeds.spec import Profile
from souto.services.transit.feeds.tables import Table
from souto.services.transit.feeds.values import number, place_in_trip, seconds

Tables = Mapping[str, Table]


def check(tables: Tables, locations: Mapping[str, Any], profile: Profile, findings: Findings) -> None:
    """Look at everything that takes more than one field to judge."""
    _calendars(tables, findings)
    _stops(tables, findings)
    _stop_times(tables, locations, findings)
    _booking_rules(tables, findings)
    if profile is not Profile.GTFS:
        _readings(tables, findings)


def _rows(tables: Tables, name: str) -> list[tuple[int, dict[str, str]]]:
    table = tables.get(name)
    return list(zip(table.lines, table.records(), strict=True)) if table else []


def _calendars(tables: Tables, findings: Findings) -> None:
    for name, start, end in (
        ("calendar.txt", "start_date", "end_date"),
        ("feed_info.txt", "feed_start_date", "feed_end_date"),
    ):
        for line, row in _rows(tables, name):
            if row.get(start) and row.get(end) and row[end] < row[start]:
                findings.add("dates_reversed", name, line, end, f"{row[start]}-{row[end]}")
    known = {
        service
        for name in ("calendar.txt", "calendar_dates.txt")
        if name in tables
        for service in tables[name].column("service_id")
    }
    if "trips.txt" in tables and known:
        trips = tables["trips.txt"]
        lost = [(n, s) for n, s in zip(trips.lines, trips.column("service_id"), strict=True) if s and s not in known]
        findings.add_lines("unknown_service", "trips.txt", lost, "service_id")


def _stops(tables: Tables, findings: Findings) -> None:
    for line, row in _rows(tables, "stops.txt"):
        if row.get("location_type") in {"3", "4"}:
            continue
        lat, lon = number(row.get("stop_lat", "")), number(row.get("stop_lon", ""))
        if lat is None or lon is None:
            findings.add("no_position", "stops.txt", line, "stop_lat", row.get("stop_id", ""))
        elif not (20 <= lat <= 46 and 122 <= lon <= 154):
            findings.add("outside_japan", "stops.txt", line, "stop_lat", f"{lat}, {lon}")


def _stop_times(tables: Tables, locations: Mapping[str, Any], findings: Findings) -> None:
    table = tables.get("stop_times.txt")
    if table is None:
        return
    columns = (
        "trip_id",
        "stop_sequence",
        "arrival_time",
        "departure_time",
        "stop_id",
        "location_group_id",
        "location_id",
    )
    windows = ("start_pickup_drop_off_window", "end_pickup_drop_off_window")
    trips: dict[str, list[tuple[int, int, str, str, bool]]] = defaultdict(list)
    everything = zip(table.lines, *(table.column(c) for c in (*columns, *windows)), strict=True)
    for line, trip, sequence, arrives, leaves, stop, group, location, opens, closes in everything:
        if bool(stop) + bool(group) + bool(location) != 1:
            findings.add("place_not_one", table.name, line, "stop_id", trip)
        if location and location not in locations:
            findings.add("broken_reference", table.name, line, "location_id", location)
        flexible = bool(opens or closes)
        if flexible:
            _window(table.name, line, opens, closes, arrives or leaves, findings)
        if (place := place_in_trip(sequence)) is not None:
            trips[trip].append((place, line, arrives or leaves, leaves or arrives, flexible))
    for trip, calls in trips.items():
        _order(table.name, trip, sorted(calls), findings)
    if "trips.txt" in tables:
        names = tables["trips.txt"]
        idle = [(n, t) for n, t in zip(names.lines, names.column("trip_id"), strict=True) if t and t not in trips]
        findings.add_lines("trip_without_stops", "trips.txt", idle, "trip_id")


def _window(file: str, line: int, opens: str, closes: str, timed: str, findings: Findings) -> None:
    if timed:
        findings.add("window_and_time", file, line, "arrival_time")
    start, end = seconds(opens), seconds(closes)
    if start is None or end is None or end <= start:
        findings.add("window_incomplete", file, line, "start_pickup_drop_off_window", f"{opens}-{closes}")


def _order(file: str, trip: str, calls: list[tuple[int, int, str, str, bool]], findings: Findings) -> None:
    """Times never go back along a trip, and both its ends have one (unless they are windows)."""
    if len(calls) == 1:
        findings.add("one_stop_only", file, calls[0][1], "trip_id", trip)
    for end in (calls[0], calls[-1]):
        if not end[2] and not end[4]:
            findings.add("no_time_at_the_ends", file, end[1], "arrival_time", trip)
    before = 0
    for _, line, arrives, leaves, flexible in calls:
        if flexible:
            continue
        for field, text in (("arrival_time", arrives), ("departure_time", leaves)):
            time = seconds(text)
            if time is None:
                continue
            if time < before:
                findings.add("time_goes_back", file, line, field, f"{trip} {text}")
            before = max(before, time)


_FORBIDDEN = {
    "0": ("prior_notice_duration_min", "prior_notice_duration_max", "prior_notice_last_day", "prior_notice_start_day"),
    "1": ("prior_notice_last_day", "prior_notice_last_time", "prior_notice_service_id"),
    "2": ("prior_notice_duration_min", "prior_notice_duration_max"),
}
_NEEDED = {"0": (), "1": ("prior_notice_duration_min",), "2": ("prior_notice_last_day", "prior_notice_last_time")}


def _booking_rules(tables: Tables, findings: Findings) -> None:
    for line, row in _rows(tables, "booking_rules.txt"):
        kind = row.get("booking_type", "")
        for field in _FORBIDDEN.get(kind, ()):
            if row.get(field):
                findings.add("booking_notice", "booking_rules.txt", line, field, row.get("booking_rule_id", ""))
        for field in _NEEDED.get(kind, ()):
            if not row.get(field):
                findings.add("booking_notice", "booking_rules.txt", line, field, row.get("booking_rule_id", ""))


def _readings(tables: Tables, findings: Findings) -> None:
    """Each name of a stop has its reading in kana: by record or by value (third edition on), or by text (`trans_id`, before)."""
    by_record, by_value = set(), set()
    for _, row in _rows(tables, "translations.txt"):
        if (row.get("language") or row.get("lang")) != "ja-Hrkt" or not row.get("translation"):
            continue
        if row.get("trans_id"):
            by_value.add(row["trans_id"])
        elif (row.get("table_name"), row.get("field_name")) == ("stops", "stop_name"):
            by_record.add(row.get("record_id", ""))
            by_value.add(row.get("field_value", ""))
    if "translations.txt" not in tables:
        return  # said once already, for the file
    for line, row in _rows(tables, "stops.txt"):
        if row.get("stop_name") and row["stop_name"] not in by_value and row.get("stop_id") not in by_record:
            findings.add("no_reading", "stops.txt", line, "stop_name", row["stop_name"])
