"""What runs on a day: services, departures of each stop, and how well each stop is served."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from souto.services.transit.coverage import Kind, Service, Stop
from souto.services.transit.feeds.reading import Feed
from souto.services.transit.feeds.values import day, number, place_in_trip, seconds

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RAIL = frozenset({"0", "1", "2", "5", "7", "12"})  # trams, metros, trains, cable cars, funiculars, monorails


def services_on(feed: Feed, on: date) -> frozenset[str]:
    """The ids of the services that run on a day: the calendar, then its exceptions."""
    running = set()
    for row in feed.table("calendar.txt").records():
        first, last = day(row.get("start_date", "")), day(row.get("end_date", ""))
        if first and last and first <= on <= last and row.get(_WEEKDAYS[on.weekday()]) == "1":
            running.add(row.get("service_id", ""))
    for row in feed.table("calendar_dates.txt").records():
        if day(row.get("date", "")) == on:
            (running.add if row.get("exception_type") == "1" else running.discard)(row.get("service_id", ""))
    return frozenset(running - {""})


def busiest_day(feed: Feed, days: list[date]) -> date | None:
    """Of some days the one on which most trips run (the first of several); None where none runs on any."""
    trips = feed.table("trips.txt").column("service_id")
    counted = [(sum(service in services_on(feed, on) for service in trips), on) for on in days]
    most = max(counted, key=lambda pair: pair[0], default=(0, None))
    return most[1] if most[0] else None


def departures(feed: Feed, on: date) -> dict[str, list[int]]:
    """For each stop the times at which one can get on, seconds of the service day, ascending.

    The last stop of a trip and stops without boarding (`pickup_type` 1) do not count. Trips of `frequencies.txt` count as often as they run. A stop between
    two timed ones has no time of its own in the feed and counts with the time before it.
    """
    running = services_on(feed, on)
    trips = {row.get("trip_id") for row in feed.table("trips.txt").records() if row.get("service_id") in running}
    calls: dict[str, list[tuple[int, str, int | None, bool]]] = defaultdict(list)
    for row in feed.table("stop_times.txt").records():
        trip, sequence = row.get("trip_id", ""), place_in_trip(row.get("stop_sequence", ""))
        if trip in trips and row.get("stop_id") and sequence is not None:
            leaves = seconds(row.get("departure_time") or row.get("arrival_time") or "")
            calls[trip].append((sequence, row["stop_id"], leaves, row.get("pickup_type") != "1"))
    repeats = _repeats(feed)
    found: dict[str, list[int]] = defaultdict(list)
    for trip, stops in calls.items():
        stops.sort(key=lambda call: call[0])
        start = next((leaves for _, _, leaves, _ in stops if leaves is not None), None)
        if start is None:
            continue
        now = start
        for _, stop, leaves, boarding in stops[:-1]:
            now = now if leaves is None else leaves
            if boarding:
                found[stop] += [now - start + begin for begin in repeats.get(trip, (start,))]
    return {stop: sorted(times) for stop, times in found.items()}


def _repeats(feed: Feed) -> dict[str, list[int]]:
    """The starts of trips that run every so many seconds."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in feed.table("frequencies.txt").records():
        first, last = seconds(row.get("start_time", "")), seconds(row.get("end_time", ""))
        step = number(row.get("headway_secs", ""))
        if first is not None and last is not None and step is not None and step >= 1:
            found[row.get("trip_id", "")] += range(first, last, int(step))
    return found


def served_stops(feed: Feed, on: date, prefix: str = "") -> list[Stop]:
    """The stops of a feed as the analysis of gaps wants them: poles (標柱) of one parent are one stop in the middle of them, with the departures of all.

    Stops that are served on no day stay in the list with 0 departures on this one. `prefix` goes before each id, so that several feeds can be laid together.
    A stop is a station where a railway (by `route_type`) calls at it on that day.
    """
    leaving = departures(feed, on)
    by_rail = _rail_stops(feed)
    rows = {row["stop_id"]: row for row in feed.table("stops.txt").records() if row.get("stop_id")}
    groups: dict[str, list[str]] = defaultdict(list)
    for stop, row in rows.items():
        if row.get("location_type", "") in {"", "0"}:
            parent = row.get("parent_station", "")
            groups[parent if parent in rows else stop].append(stop)
    found = []
    for group, poles in groups.items():
        places = [(number(rows[p].get("stop_lat", "")), number(rows[p].get("stop_lon", ""))) for p in poles]
        known = [(lat, lon) for lat, lon in places if lat is not None and lon is not None]
        if not known:
            continue
        times = sorted(time for pole in poles for time in leaving.get(pole, ()))
        service = Service(len(times), times[0] // 60, times[-1] // 60) if times else Service(0)
        lat, lon = (sum(values) / len(known) for values in zip(*known, strict=True))
        kind = Kind.STATION if by_rail & {group, *poles} else Kind.BUS
        found.append(Stop(prefix + group, rows[group].get("stop_name", ""), lat, lon, kind, service))
    return found


def _rail_stops(feed: Feed) -> set[str]:
    routes = {row.get("route_id") for row in feed.table("routes.txt").records() if row.get("route_type") in _RAIL}
    trips = {row.get("trip_id") for row in feed.table("trips.txt").records() if row.get("route_id") in routes}
    times = feed.table("stop_times.txt")
    return {stop for trip, stop in zip(times.column("trip_id"), times.column("stop_id"), strict=True) if trip in trips}
