"""What the rider's pages say: stops to choose from, a ride in words, ways out of a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.utils.translation import gettext as _

from souto.foundation.ui.dates import datetime_text, day_text
from souto.kernel import clock
from souto.kernel.language import say
from souto.kernel.text.folding import search_key
from souto.services.transit import queries, walking
from souto.services.transit.definition import ServiceDefinition, Stop, clock_text
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Effect, WayOut
from souto.services.transit.trips import REASONS
from souto.services.transit.ways import Ways

#: Stops that a rider used last, shown first.
FAVOURITES = 3
_CHIPS = {
    State.OFFERED: "light-blue",
    State.BOOKED: "green",
    State.CANCELLED: "gray-outline",
    State.REFUSED: "gray-fill",
    State.ABOARD: "light-blue",
    State.COMPLETED: "gray-outline",
    State.NO_SHOW: "gray-fill",
}


def found(definition: ServiceDefinition, words: str) -> list[Stop]:
    """Stops whose name in any language or reading holds the words, in the order of their reading; all without words."""
    key = search_key(words)
    stops = sorted(definition.stops, key=lambda stop: stop.kana)
    return [stop for stop in stops if any(key in search_key(text) for text in (stop.kana, *stop.name.values()))]


def favourites(definition: ServiceDefinition, bookings: list[Booking]) -> list[Stop]:
    """The stops of the rider's latest bookings on this service, the most recent first."""
    codes: dict[str, None] = {}
    for booking in sorted(bookings, key=lambda booking: booking.asked_at, reverse=True):
        if booking.day.version.service.slug == definition.slug:
            codes |= dict.fromkeys((booking.trip["origin"], booking.trip["goal"]))
    stops = (definition.stop(code) for code in codes)
    return [stop for stop in stops if stop is not None][:FAVOURITES]


def span(booking: Booking) -> str:
    """The pickup window, as it was promised or as the rider was told since: `9:05〜9:15`."""
    first, last = booking.revised_from or booking.promised_from, booking.revised_to or booking.promised_to
    if first is None or last is None:
        return ""
    times = (clock.local(first), clock.local(last))
    return _("%(first)sから%(last)sのあいだ") % {"first": f"{times[0]:%-H:%M}", "last": f"{times[1]:%-H:%M}"}


def ride(booking: Booking, language: str) -> dict[str, Any]:
    """A ride in words."""
    definition = booking.day.version.definition
    trip = booking.trip
    origin, goal = definition.stop(trip["origin"]), definition.stop(trip["goal"])
    arrival = booking.revised_arrival or booking.promised_arrival
    until = booking.revised_to or booking.promised_to
    return {
        "id": booking.id,
        "slug": definition.slug,
        "day": day_text(booking.day.date, language),
        "span": span(booking),
        "arrival": f"{clock.local(arrival):%-H:%M}" if arrival else "",
        "moved": booking.revised_to is not None,
        "origin": say(origin.name, language) if origin else trip["origin"],
        "goal": say(goal.name, language) if goal else trip["goal"],
        "origin_code": trip["origin"],
        "goal_code": trip["goal"],
        "walk_from": _walk(trip.get("walk_from")),
        "walk_to": _walk(trip.get("walk_to")),
        "party": booking.party,
        "wheelchairs": booking.wheelchairs,
        "fare": booking.fare,
        "state": booking.state,
        "label": booking.get_state_display(),
        "chip": _CHIPS[State(booking.state)],
        "reason": _(REASONS[booking.reason]) if booking.reason else "",
        "over": until is not None and until < clock.now(),
    }


def _walk(metres: int | None) -> str:
    if metres is None:
        return ""
    return _("歩いて約%(metres)sメートル、約%(minutes)s分") % {"metres": metres, "minutes": walking.minutes(metres)}


#: What keeps riders from riding as they are used to.
_SERIOUS = {Effect.NO_SERVICE, Effect.REDUCED_SERVICE, Effect.SIGNIFICANT_DELAYS}


def alerts(language: str) -> list[dict[str, str]]:
    """The notices to riders that hold or will hold, as banners."""
    found = []
    for alert in queries.open_alerts():
        first = datetime_text(alert.starts_at, language)
        span = _("%(first)sから") % {"first": first}
        if alert.ends_at is not None:
            span = _("%(first)sから%(last)sまで") % {"first": first, "last": datetime_text(alert.ends_at, language)}
        kind = "warning" if alert.effect in _SERIOUS else "info"
        body = f"{say(alert.text, language)} {_('期間：%(span)s') % {'span': span}}"
        found.append({"kind": kind, "title": say(alert.header, language), "body": body})
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """A way out as a button: its number in the booking's list, and what it would mean."""

    number: int
    label: str


def choices(booking: Booking, language: str) -> list[Choice]:
    """The ways out of a refusal."""
    return [Choice(number, _words(booking, way, language)) for number, way in enumerate(booking.ways_out)]


def _words(booking: Booking, way: WayOut, language: str) -> str:
    version = booking.day.version
    definition, ways, asked = version.definition, cast("Ways", version.ways), booking.trip
    if way["kind"] == "day":
        return day_text(date.fromisoformat(way["day"]), language)
    trip = way["trip"]
    for end, words in (
        ("origin", _("%(stop)sから乗る（約%(metres)sメートル先）")),
        ("goal", _("%(stop)sで降りる（約%(metres)sメートル手前）")),
    ):
        code, old = str(trip[end]), str(asked[end])  # type: ignore[literal-required]
        stop = definition.stop(code)
        if code != old and stop is not None:
            metres = ways["metres"][ways["stops"].index(old)][ways["stops"].index(code)]
            return words % {"stop": say(stop.name, language), "metres": -(-metres // 50) * 50}
    return _("%(time)sごろに乗る") % {"time": clock_text(way.get("pickup_from", trip["at"]))}
