"""What the city publishes of its demand transit: the service versions that hold, and those to come, as the one model out of which every feed is written.

Each version is a route of its own, because booking rules, fare and stops belong to it: the one that holds now carries the service's slug, a later one the slug and
its first day. A stop keeps its id for as long as name and place stay.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from souto.foundation.ui.city import City, OpenData, city
from souto.kernel import clock
from souto.kernel.calendar import FiscalYear, fiscal_year
from souto.services.transit import calendar, feeds, queries
from souto.services.transit.definition import ServiceDefinition, Stop, Weekday
from souto.services.transit.models import ServiceVersion, VehiclePosition
from souto.services.transit.nearby import nearest_stop

#: Vehicles of a service that have to report before anything is told of where they are.
TOLD_FROM = 3
#: The language in which names and messages of the feeds are written.
LANGUAGE = "ja"


@dataclass(frozen=True)
class Published:
    """What is published on a day. `changed`: when it last became another; `route_of`: the route of each version."""

    versions: tuple[ServiceVersion, ...]
    offer: feeds.Offer
    changed: datetime
    route_of: dict[UUID, str]

    def routes(self, slug: str) -> tuple[str, ...]:
        """The routes of a service, the one that holds first."""
        return tuple(self.route_of[version.id] for version in self.versions if version.service.slug == slug)


def published() -> Published | None:
    """What is published today; None where the city publishes no open data, or no service holds now or later."""
    facts, today = city().open_data, clock.today()
    if facts is None:
        return None
    versions = queries.services_from(day=today)
    return _made(tuple(versions), today, facts) if versions else None


@lru_cache(maxsize=8)
def _made(versions: tuple[ServiceVersion, ...], today: date, facts: OpenData) -> Published:
    by = city()
    end = FiscalYear(fiscal_year(today).year + 1).last_day
    runs = [_Run.of(version, today, end, versions) for version in versions]
    stops = _stops(runs)
    offer = feeds.Offer(
        publisher=feeds.Publisher(
            name=by.name,
            url=facts.url,
            version=_edition(versions, end),
            start=min(run.first for run in runs),
            end=max(run.last for run in runs),
            lang=LANGUAGE,
        ),
        operator=feeds.Operator(
            id=facts.corporate_number, name=by.name, url=facts.url, kana=by.name_kana, phone=international(by.phone)
        ),
        services=tuple(run.service() for run in runs),
        calendars=tuple(run.calendar() for run in runs),
        booking_rules=tuple(run.booking(by) for run in runs),
        vehicle_types=tuple({kind.id: kind for run in runs for kind in run.vehicle_types()}.values()),
        stops=tuple(stops.values()),
        groups=tuple(run.group(stops) for run in runs),
    )
    return Published(versions, offer, _changed(versions, today), {run.version.id: run.route for run in runs})


def _edition(versions: tuple[ServiceVersion, ...], end: date) -> str:
    """The edition of the feed: the day of the newest publication, and eight digits that differ where anything differs."""
    newest = max(clock.local_date(v.published_at) for v in versions if v.published_at)
    digest = hashlib.sha256("\n".join([*(v.body_hash for v in versions), end.isoformat()]).encode())
    return f"{newest:%Y%m%d}-{digest.hexdigest()[:8]}"


def _changed(versions: tuple[ServiceVersion, ...], today: date) -> datetime:
    """The last publication, first day of a version, or begin of a fiscal year, by which the feed reaches further."""
    days = [v.valid_from for v in versions if v.valid_from and v.valid_from <= today]
    midnights = [datetime.combine(day, time.min, clock.TOKYO) for day in [*days, fiscal_year(today).first_day]]
    return max([*midnights, *(v.published_at for v in versions if v.published_at)])


@dataclass(frozen=True, slots=True)
class _Run:
    """A version with its route and the days for which it holds, both included."""

    version: ServiceVersion
    definition: ServiceDefinition
    route: str
    first: date
    last: date

    @classmethod
    def of(cls, version: ServiceVersion, today: date, end: date, versions: tuple[ServiceVersion, ...]) -> _Run:
        first = version.valid_from or today
        slug = version.service.slug
        later = [v.valid_from for v in versions if v.service_id == version.service_id and v.valid_from is not None]
        after = min((day for day in later if day > first), default=None)
        last = max(first, end) if after is None else after - timedelta(days=1)
        return cls(version, version.definition, slug if first <= today else f"{slug}-{first:%Y%m%d}", first, last)

    def service(self) -> feeds.DemandService:
        rules = self.definition
        span = feeds.Hours(
            origin=f"{self.route}.stops",
            destination=f"{self.route}.stops",
            calendar=f"{self.route}.days",
            opens=rules.hours.opens // 60,
            closes=rules.hours.closes // 60,
        )
        return feeds.DemandService(
            id=self.route,
            name=rules.name["ja"],
            kana="",
            hours=(span,),
            booking_rule=f"{self.route}.booking",
            vehicle_types=tuple(dict.fromkeys(kind.id for kind in self.vehicle_types())),
            fare_yen=rules.fares.adult,
            name_en=rules.name.get("en", ""),
            url=booking_page(),
        )

    def vehicle_types(self) -> list[feeds.VehicleType]:
        found = []
        for vehicle in self.definition.vehicles:
            seats = max(layout.seat + layout.wheelchair for layout in vehicle.layouts)
            chairs = any(layout.wheelchair for layout in vehicle.layouts)
            found.append(feeds.VehicleType(f"seats-{seats}{'-wheelchair' if chairs else ''}", seats, chairs))
        return found

    def calendar(self) -> feeds.Calendar:
        hours = self.definition.hours
        days = (self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1))
        on_weekdays = {calendar.Closed.HOLIDAY, calendar.Closed.CLOSED_DAY}
        return feeds.Calendar(
            id=f"{self.route}.days",
            weekdays=frozenset(number for number, day in enumerate(Weekday) if day in hours.weekdays),
            start=self.first,
            end=self.last,
            removed=tuple(day for day in days if calendar.why_closed(hours, day) in on_weekdays),
        )

    def booking(self, by: City) -> feeds.BookingRule:
        rules, department = self.definition.booking, by.section(self.definition.department)
        same_day = rules.closes_minutes > 0
        opens = f"{rules.opens_days}日前から" if rules.opens_days else "当日、"
        closes = f"{rules.closes_minutes}分前までに" if same_day else "乗る時まで"
        return feeds.BookingRule(
            id=f"{self.route}.booking",
            kind=feeds.BookingKind.SAME_DAY if same_day else feeds.BookingKind.REAL_TIME,
            notice_min=rules.closes_minutes if same_day else None,
            start_day=rules.opens_days if same_day else None,
            start_minute=0 if same_day else None,
            message=f"{opens}{closes}予約してください。",
            phone=international(department.phone if department else by.phone),
            booking_url=booking_page(),
        )

    def stop_id(self, stop: Stop) -> str:
        return f"{self.version.service.slug}.{stop.code}"

    def group(self, stops: dict[tuple[str, feeds.VirtualStop], feeds.VirtualStop]) -> feeds.StopGroup:
        members = (stops[self.stop_id(stop), _virtual(self.stop_id(stop), stop)].id for stop in self.definition.stops)
        return feeds.StopGroup(f"{self.route}.stops", f"{self.definition.name['ja']}の乗り場", tuple(members))


def _virtual(key: str, stop: Stop) -> feeds.VirtualStop:
    return feeds.VirtualStop(key, stop.name["ja"], stop.kana, stop.lat, stop.lon, stop.name.get("en", ""))


def _stops(runs: list[_Run]) -> dict[tuple[str, feeds.VirtualStop], feeds.VirtualStop]:
    """Every stop once. One that a later version moves or renames is another stop from that day on."""
    found: dict[tuple[str, feeds.VirtualStop], feeds.VirtualStop] = {}
    taken: set[str] = set()
    for run in runs:
        for stop in run.definition.stops:
            key = run.stop_id(stop)
            place = _virtual(key, stop)
            if (key, place) not in found:
                name = key if key not in taken else f"{key}-{run.first:%Y%m%d}"
                taken.add(name)
                found[key, place] = replace(place, id=name)
    return found


#: Languages of notices as BCP 47 names them: やさしい日本語 has no tag of its own.
_TAGS = {"ja": "ja", "ja-easy": "ja-x-easy", "en": "en"}


def alerts(on: Published) -> list[feeds.Alert]:
    """The notices to riders that hold or will hold; one of a service that does not run is left out."""
    found = []
    for alert in queries.open_alerts():
        routes = on.routes(alert.service.slug) if alert.service else ()
        if alert.service and not routes:
            continue
        found.append(
            feeds.Alert(
                id=str(alert.id),
                header={_TAGS[language]: text for language, text in alert.header.items()},
                text={_TAGS[language]: text for language, text in alert.text.items()},
                start=alert.starts_at,
                end=alert.ends_at,
                cause=alert.cause,
                effect=alert.effect,
                routes=routes,
            )
        )
    return found


def positions(on: Published) -> list[feeds.Position]:
    """Near which stops vehicles are, of services that publish it: never a vehicle's own place, name, way or load, and nothing where fewer than `TOLD_FROM` report, so that
    nobody's ride can be followed.
    """
    now, found = clock.now(), []
    for version in on.versions:
        rules = version.definition
        if not rules.publish_positions or version.valid_from is None or version.valid_from > clock.today():
            continue
        places = VehiclePosition.objects.filter(
            day__service_id=version.service_id, day__date=clock.today(), at__gte=now - queries.FRESH
        )
        near = Counter(nearest_stop(rules, place.lat, place.lon, within=None) for place in places)
        if near.total() < TOLD_FROM:
            continue
        route = on.route_of[version.id]
        found += [
            feeds.Position(
                vehicle=f"{route}.{stop.code}.{number}",
                label=rules.name["ja"],
                lat=stop.lat,
                lon=stop.lon,
                at=now.replace(second=0, microsecond=0),
                route=route,
            )
            for stop in rules.stops
            for number in range(1, near[stop.code] + 1)
        ]
    return found


def international(phone: str) -> str:
    """A Japanese number as `+81426263111`; empty where it is none that can be called from abroad."""
    digits = re.sub(r"[\s()-]", "", phone)
    return f"+81{digits[1:]}" if re.fullmatch(r"0[1-9]\d{8,9}", digits) else ""


def booking_page() -> str:
    """Where a resident books; empty where this process does not serve that page."""
    try:
        return settings.BASE_URL.rstrip("/") + reverse("transit:rides")
    except NoReverseMatch:
        return ""
