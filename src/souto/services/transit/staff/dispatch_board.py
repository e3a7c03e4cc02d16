"""What the dispatcher's desk shows of a day: what needs somebody first, vehicles, where they are, and when they call where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from souto.foundation.ui.maps import Line as MapLine
from souto.foundation.ui.maps import MapContent, Marker, Tone
from souto.kernel import clock
from souto.kernel.language import say
from souto.services.transit import calendar, plans, queries
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.models import Booking, ServiceDay
from souto.services.transit.staff.timetable import Timeline, timeline

DOING: dict[queries.Doing, tuple[str, str]] = {
    queries.Doing.WAITING: ("gray-outline", gettext_noop("乗務の前")),
    queries.Doing.READY: ("green", gettext_noop("待機中")),
    queries.Doing.DRIVING: ("blue", gettext_noop("走行中")),
    queries.Doing.AT_STOP: ("blue", gettext_noop("停留所")),
    queries.Doing.RESTING: ("gray-outline", gettext_noop("休憩中")),
    queries.Doing.BROKEN: ("red", gettext_noop("運行中止")),
    queries.Doing.DONE: ("gray-outline", gettext_noop("乗務の後")),
}
KINDS = {"pickup": gettext_noop("乗車"), "dropoff": gettext_noop("降車"), "break": gettext_noop("休憩")}


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs a dispatcher: `kind` says why (`stranded`, `late`, `tight`, `silent`, `broken`, `stray`); a ride, a vehicle, or both."""

    kind: str
    chip: str
    word: str
    title: str
    lines: tuple[str, ...]
    booking: UUID | None = None
    vehicle: str = ""
    vehicle_name: str = ""
    phone: str = ""
    driver_phone: str = ""

    @property
    def key(self) -> str:
        """The same for the same trouble, so that the focus stays on it when the page is shown anew."""
        return f"{self.kind}-{self.booking or self.vehicle}"


@dataclass(frozen=True, slots=True)
class Row:
    """A vehicle in the list."""

    code: str
    name: str
    chip: str
    word: str
    closed: bool
    silent: bool
    heard: datetime | None
    reported: bool
    aboard: int
    late: int
    next: Line | None


@dataclass(frozen=True, slots=True)
class Line:
    """A call of a vehicle in words. `late`: whole minutes behind what was promised."""

    kind: str
    word: str
    booking: UUID | None
    who: str
    party: int
    stop: str
    expected: datetime
    since: datetime | None
    until: datetime | None
    late: int
    done: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A day at this moment."""

    day: ServiceDay
    definition: ServiceDefinition
    today: bool
    alerts: list[Alert]
    rows: list[Row]
    lines: Mapping[str, list[Line]]
    timeline: Timeline
    map: MapContent
    rides: int
    at: datetime = field(default_factory=clock.now)


def board(day: ServiceDay, language: str) -> Board:
    """The desk of a day; the caller has passed its gate. A fixed number of queries, however many vehicles and rides there are."""
    definition = day.version.definition
    plan = plans.read(day)
    vehicles = queries.vehicles_now(day, plan)
    people = queries.passengers(day)
    told = _Words(day, definition, people, language)
    lines = {vehicle.code: [told.line(call) for call in vehicle.calls] for vehicle in vehicles}
    return Board(
        day=day,
        definition=definition,
        today=day.date == clock.today(),
        alerts=[
            *(told.stranded(ride) for ride in queries.stranded(plan)),
            *_risks(told, vehicles),
            *(told.vehicle(vehicle) for vehicle in vehicles if vehicle.trouble and not vehicle.closed),
            *(told.vehicle(v) for v in vehicles if v.silent and not v.trouble and not v.closed),
            *(told.stray(event.booking_id, event.vehicle) for event in _once(queries.strays(day))),
        ],
        rows=[told.row(vehicle, lines[vehicle.code]) for vehicle in vehicles],
        lines=lines,
        timeline=timeline(day, [(told.name(v.code), v, lines[v.code]) for v in vehicles]),
        map=map_of(told, vehicles),
        rides=sum(1 for person in people.values() if person.state in {"booked", "aboard", "completed"}),
    )


def _once(events: list[Any]) -> list[Any]:
    return list({event.booking_id: event for event in events}.values())


def _risks(told: _Words, vehicles: list[queries.VehicleNow]) -> list[Alert]:
    """One alert for each ride whose promise may break: its worst end."""
    worst: dict[UUID, queries.Risk] = {}
    for risk in queries.at_risk(vehicles):
        worst.setdefault(risk.booking, risk)
    return [told.risk(risk) for risk in worst.values()]


class _Words:
    """Riders, vehicles and stops of a day in words."""

    def __init__(
        self, day: ServiceDay, definition: ServiceDefinition, people: Mapping[UUID, queries.Passenger], language: str
    ) -> None:
        self.day = day
        self.people = people
        self.language = language
        self.definition = definition
        self._stops = {stop.code: stop for stop in definition.stops}
        self._vehicles = {vehicle.code: vehicle for vehicle in definition.vehicles}

    def stop(self, code: str) -> str:
        stop = self._stops.get(code)
        return say(stop.name, self.language) if stop else code

    def name(self, code: str) -> str:
        vehicle = self._vehicles.get(code)
        return say(vehicle.name, self.language) if vehicle else code

    def driver_phone(self, code: str) -> str:
        vehicle = self._vehicles.get(code)
        return vehicle.phone if vehicle else ""

    def who(self, booking: UUID | None) -> str:
        person = self.people.get(booking) if booking else None
        return (person.name if person else "") or _("名前なし")

    def way(self, booking: UUID) -> str:
        person = self.people.get(booking)
        if person is None:
            return ""
        return _("%(origin)sから%(goal)sまで") % {"origin": self.stop(person.origin), "goal": self.stop(person.goal)}

    def line(self, call: queries.Planned) -> Line:
        person = self.people.get(call.booking) if call.booking else None
        return Line(
            kind=call.kind,
            word=_(KINDS[call.kind]),
            booking=call.booking,
            who="" if call.booking is None else self.who(call.booking),
            party=person.party if person else 0,
            stop=self.stop(call.stop),
            expected=call.expected,
            since=call.since,
            until=call.until,
            late=0 if call.done or call.until is None else behind(call.room),
            done=call.done,
        )

    def row(self, vehicle: queries.VehicleNow, lines: list[Line]) -> Row:
        chip, word = DOING[vehicle.doing]
        return Row(
            code=vehicle.code,
            name=self.name(vehicle.code),
            chip=chip,
            word=_(word),
            closed=vehicle.closed,
            silent=vehicle.silent,
            heard=vehicle.heard,
            reported=vehicle.reported,
            aboard=sum(self.people[key].party for key in vehicle.aboard if key in self.people),
            late=max((line.late for line in lines), default=0),
            next=next((line for line in lines if not line.done), None),
        )

    def stranded(self, ride: Booking) -> Alert:
        first = f"{clock.local(ride.promised_from):%-H:%M}" if ride.promised_from else ""
        last = f"{clock.local(ride.promised_to):%-H:%M}" if ride.promised_to else ""
        window = _("お迎えの約束 %(first)s〜%(last)s") % {"first": first, "last": last}
        return self._alert("stranded", "red", _("迎えがない"), ride.id, lines=(self.way(ride.id), window))

    def risk(self, risk: queries.Risk) -> Alert:
        call = risk.call
        values = {
            "stop": self.stop(call.stop),
            "time": f"{clock.local(call.expected):%-H:%M}",
            "until": f"{clock.local(call.until):%-H:%M}" if call.until else "",
        }
        line = (
            _("%(stop)sに%(time)sの見込み（約束は%(until)sまでにお迎え）")
            if call.kind == "pickup"
            else _("%(stop)sに%(time)sの見込み（約束は%(until)sまでに到着）")
        ) % values
        if call.room < 0:
            return self._alert(
                "late", "red", _("約%(n)d分の遅れ") % {"n": behind(call.room)}, risk.booking, risk.vehicle,
                lines=(self.way(risk.booking), line),
            )  # fmt: skip
        word = _("余裕 %(n)d分") % {"n": int(call.room // 60)}
        return self._alert(
            "tight", "orange-fill", word, risk.booking, risk.vehicle, lines=(self.way(risk.booking), line)
        )

    def vehicle(self, vehicle: queries.VehicleNow) -> Alert:
        heard = f"{clock.local(vehicle.heard):%-H:%M}" if vehicle.heard else ""
        if vehicle.trouble:
            line = _("運転手が、走れなくなったと知らせました。お客様を別の車両に移してください。")
            return self._alert("broken", "red", _("走れない"), None, vehicle.code, lines=(line,))
        line = _("最後の連絡は%(time)sです。") % {"time": heard} if heard else _("今日はまだ連絡がありません。")
        return self._alert("silent", "orange-fill", _("連絡がない"), None, vehicle.code, lines=(line,))

    def stray(self, booking: UUID, vehicle: str) -> Alert:
        line = _("%(vehicle)sの記録が、運行計画と違います。だれを乗せたか、運転手に確かめてください。")
        return self._alert(
            "stray", "orange-fill", _("記録が違う"), booking, vehicle, lines=(line % {"vehicle": self.name(vehicle)},)
        )

    def _alert(
        self, kind: str, chip: str, word: str, booking: UUID | None, vehicle: str = "", *, lines: tuple[str, ...]
    ) -> Alert:
        person = self.people.get(booking) if booking else None
        name = self.name(vehicle) if vehicle else ""
        return Alert(
            kind=kind,
            chip=chip,
            word=word,
            title=self.who(booking) if booking else name,
            lines=tuple(line for line in lines if line),
            booking=booking,
            vehicle=vehicle,
            vehicle_name=name,
            phone=person.phone if person else "",
            driver_phone=self.driver_phone(vehicle) if vehicle else "",
        )


def behind(room: float) -> int:
    """Whole minutes by which a promise is missed, begun ones counted; `room` in seconds, negative where it is."""
    return math.ceil(-room / 60) if room < 0 else 0


def map_of(told: _Words, vehicles: list[queries.VehicleNow]) -> MapContent:
    """Vehicles on duty where they are: a circle where the tablet said so, a diamond where the place was worked out; and the stops that come next."""
    day = told.day
    markers = []
    stops = {stop.code: stop for stop in told.definition.stops}
    for number, vehicle in enumerate(vehicles, start=1):
        if vehicle.doing in {queries.Doing.WAITING, queries.Doing.DONE} and not (vehicle.silent or vehicle.reported):
            continue  # parked at its depot, it would only hide those that drive
        coming = vehicle.next
        if coming is not None and coming.stop in stops:
            stop = stops[coming.stop]
            markers.append(
                Marker(stop.lat, stop.lon, shape="square", tone="muted", letter=str(number), key=f"next-{vehicle.code}")
            )
        name = told.name(vehicle.code)
        tone: Tone = "error" if vehicle.trouble or vehicle.closed else "warning" if vehicle.silent else "key"
        markers.append(
            Marker(
                vehicle.lat,
                vehicle.lon,
                label=name if vehicle.reported else _("%(vehicle)s（推定）") % {"vehicle": name},
                shape="circle" if vehicle.reported else "diamond",
                letter=str(number),
                tone=tone,
                url=reverse(
                    "transit_staff:dispatch_vehicle",
                    args=[told.definition.slug, day.date.isoformat(), vehicle.code],
                ),
                key=f"vehicle-{vehicle.code}",
            )
        )
    return MapContent(
        label=_("車両の場所の地図"),
        markers=tuple(markers),
        lines=(MapLine((*told.definition.zone, told.definition.zone[0]), tone="muted", dashed=True),),
    )


def coming_days(definition: ServiceDefinition) -> list[Any]:
    """The days to choose from: today, whether the service runs or not, and those for which one can book, a fortnight at most."""
    today = clock.today()
    return sorted({today, *calendar.bookable_days(definition, today)[:14]})
