"""A vehicle's day in words: what the driver's page shows, the same for the page and for the tablet that keeps it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict
from urllib.parse import quote
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from souto.foundation.ui.city import city
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.language import say
from souto.kernel.money import format_yen
from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.lifecycle import State
from souto.services.transit.models import ServiceDay
from souto.services.transit.queries import Doing, Passenger, Planned, Sheet

_CLASSES = {
    RiderClass.ADULT: gettext_lazy("大人%(number)s人"),
    RiderClass.CHILD: gettext_lazy("小学生%(number)s人"),
    RiderClass.INFANT: gettext_lazy("乳幼児%(number)s人"),
    RiderClass.ASSISTED: gettext_lazy("障害者手帳など%(number)s人"),
}


class CallRow(TypedDict):
    """A getting on or off. `how`: what has been reported, empty before."""

    key: str
    kind: str
    booking: str
    done: bool
    how: str
    arrived: bool


class StopRow(TypedDict):
    """A stay at a stop (`kind` stop) or a break (`kind` break). `at`, `until`: milliseconds since 1970, for what is counted down; the others are words."""

    key: str
    kind: str
    name: str
    kana: str
    time: str
    at: int
    window: str
    late: bool
    minutes: int | None
    geo: str
    maps: str
    calls: list[CallRow]


class RiderRow(TypedDict):
    """Who rides, in words."""

    name: str
    party: str
    chairs: str
    fare: str
    amount: int
    pay: str
    phone: str
    origin: str
    goal: str
    state: str


class SheetRow(TypedDict):
    """The day's list of a vehicle as a tablet keeps it. `now`: milliseconds since 1970 by our clock."""

    slug: str
    vehicle: str
    name: str
    day: str
    now: int
    doing: str
    driver: str
    mine: bool
    trouble: bool
    rest_since: int | None
    rest_minutes: int | None
    stops: list[StopRow]
    riders: dict[str, RiderRow]
    aboard: list[str]
    absent: list[str]


def sheet_row(day: ServiceDay, sheet: Sheet, *, actor: Actor, language: str) -> SheetRow:
    """The day's list in words of `language`. The caller has passed `access_vehicle`."""
    definition = day.version.definition
    rule = definition.vehicle(sheet.vehicle.code)
    duty = sheet.duty
    shown = [call for call in sheet.vehicle.calls if not _empty(call, sheet)]
    riders = {call.booking for call in shown if call.booking} | set(sheet.vehicle.aboard)
    return SheetRow(
        slug=definition.slug,
        vehicle=sheet.vehicle.code,
        name=say(rule.name, language) if rule else sheet.vehicle.code,
        day=day.date.isoformat(),
        now=_ms(clock.now()),
        doing=sheet.vehicle.doing.value,
        driver=duty.name if duty else "",
        mine=duty is not None and duty.staff_id == actor.id,
        trouble=sheet.vehicle.doing is Doing.BROKEN,
        rest_since=_ms(sheet.resting_since) if sheet.resting_since else None,
        rest_minutes=sheet.rest_minutes,
        stops=_stops(shown, sheet, definition, language),
        riders={
            str(key): rider_row(sheet.riders[key], definition, language, pay=sheet.pay.get(key, ""))
            for key in sorted(riders)
            if key in sheet.riders
        },
        aboard=[str(key) for key in sheet.vehicle.aboard if key in sheet.riders],
        absent=[
            str(key) for key in dict.fromkeys(c.booking for c in shown) if key and _state(sheet, key) == State.NO_SHOW
        ],
    )


def tag_of(row: SheetRow) -> str:
    """The entity tag of a sheet: the same as long as nothing on it changes; the moment at which it was made does not count."""
    said = json.dumps({**row, "now": 0}, ensure_ascii=False, sort_keys=True)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def _state(sheet: Sheet, booking: UUID) -> str:
    rider = sheet.riders.get(booking)
    return rider.state if rider else ""


def _empty(call: Planned, sheet: Sheet) -> bool:
    """Whether nobody gets off at a drop-off, because nobody got on."""
    return call.kind == "dropoff" and call.booking is not None and _state(sheet, call.booking) == State.NO_SHOW


def _stops(calls: Iterable[Planned], sheet: Sheet, definition: ServiceDefinition, language: str) -> list[StopRow]:
    stays: list[tuple[str, str, list[Planned]]] = []
    for call in calls:
        kind = "break" if call.kind == "break" else "stop"
        if kind == "stop" and stays and stays[-1][:2] == (kind, call.stop):
            stays[-1][2].append(call)
        else:
            stays.append((kind, call.stop, [call]))
    seen: dict[str, int] = {}
    found = []
    for kind, code, stay in stays:
        seen[code] = seen.get(code, 0) + 1
        found.append(_stay(f"{kind}-{code}-{seen[code]}", kind, code, stay, sheet, definition, language))
    return found


def _stay(
    key: str,
    kind: str,
    code: str,
    calls: list[Planned],
    sheet: Sheet,
    definition: ServiceDefinition,
    language: str,
) -> StopRow:
    stop = definition.stop(code)
    first = next((call for call in calls if not call.done), calls[0])
    name = say(stop.name, language) if stop else code
    lat, lon = (stop.lat, stop.lon) if stop else (0.0, 0.0)
    template = city().navigation_url
    return StopRow(
        key=key,
        kind=kind,
        name=name,
        kana=stop.kana if stop else "",
        time=time_text(first.expected),
        at=_ms(first.expected),
        window=_window([call for call in calls if not call.done] or calls),
        late=any(call.room < 0 and not call.done and call.until is not None for call in calls),
        minutes=_rest_minutes(calls[0], sheet, definition) if kind == "break" else None,
        geo=f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}({quote(name)})",
        maps=template.replace("{lat}", f"{lat:.6f}").replace("{lng}", f"{lon:.6f}"),
        calls=[
            CallRow(
                key=f"{call.booking or 'break'}-{call.kind}",
                kind=call.kind,
                booking=str(call.booking or ""),
                done=call.done,
                how=_how(call, sheet),
                arrived=call.booking is not None and (call.booking, call.kind) in sheet.at_stop,
            )
            for call in calls
        ],
    )


def _rest_minutes(call: Planned, sheet: Sheet, definition: ServiceDefinition) -> int | None:
    """How long a planned break is: the calls of a route hold its breaks in their order."""
    rule = definition.vehicle(sheet.vehicle.code)
    planned = sorted(rule.breaks, key=lambda rest: (rest.earliest, rest.latest)) if rule else []
    order = [one for one in sheet.vehicle.calls if one.kind == "break"]
    number = order.index(call)
    return planned[number].minutes if number < len(planned) else None


def _how(call: Planned, sheet: Sheet) -> str:
    if not call.done or call.booking is None:
        return ""
    if _state(sheet, call.booking) == State.NO_SHOW:
        return "no_show"
    return "boarded" if call.kind == "pickup" else "alighted"


def _window(calls: list[Planned]) -> str:
    """What has been promised at a stop: the narrowest window of those who get on, the earliest arrival of those who get off."""
    on = [call for call in calls if call.kind == "pickup"]
    off = [call.until for call in calls if call.kind == "dropoff" and call.until]
    words = []
    since = max((call.since for call in on if call.since), default=None)
    until = min((call.until for call in on if call.until), default=None)
    if since and until:
        words.append(_("%(first)s〜%(last)sに迎え") % {"first": time_text(min(since, until)), "last": time_text(until)})
    if off:
        words.append(_("%(time)sまでに到着") % {"time": time_text(min(off))})
    return _("、").join(words)


def rider_row(rider: Passenger, definition: ServiceDefinition, language: str, *, pay: str) -> RiderRow:
    """A rider in words."""
    party = [str(_CLASSES[kind]) % {"number": rider.riders[kind]} for kind in RiderClass if rider.riders.get(kind)]
    origin, goal = definition.stop(rider.origin), definition.stop(rider.goal)
    return RiderRow(
        name=rider.name or _("名前のない予約"),
        party=_("・").join(party),
        chairs=_("車いす%(number)s人") % {"number": rider.wheelchairs} if rider.wheelchairs else "",
        fare=format_yen(rider.fare),
        amount=rider.fare,
        pay=pay,
        phone=rider.phone,
        origin=say(origin.name, language) if origin else rider.origin,
        goal=say(goal.name, language) if goal else rider.goal,
        state=rider.state,
    )


def time_text(moment: datetime) -> str:
    """`9:05` in Tokyo."""
    return f"{clock.local(moment):%-H:%M}"


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
