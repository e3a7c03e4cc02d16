"""From what the engine answers to what a booking keeps: promises, reasons, ways out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from souto.kernel import clock
from souto.services.transit import calendar
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.models import Booking, WayOut
from souto.services.transit.trips import Reason, Trip, When

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: How many other days a refusal proposes.
OTHER_DAYS = 2


def against_rules(
    definition: ServiceDefinition, trip: Trip, *, open_rides: int, now: datetime | None = None
) -> tuple[Reason, list[WayOut]] | None:
    """What the service's own rules say against a ride before any vehicle is asked, and what would help; None: nothing. `now`: when it is asked for, the clock's
    now if left out (a simulation has a clock of its own).
    """
    now = now or clock.now()
    today = clock.local(now).date()
    days = calendar.bookable_days(definition, today)
    if definition.stop(trip.origin) is None or definition.stop(trip.goal) is None:
        return Reason.UNKNOWN_STOP, []
    if sum(trip.riders.values()) > definition.booking.largest_party:
        return Reason.PARTY_RULE, []
    if open_rides >= definition.booking.open_bookings:
        return Reason.TOO_MANY, []
    if trip.day < today:
        return Reason.PAST, []
    if trip.day > today + timedelta(days=definition.booking.opens_days):
        return Reason.TOO_EARLY, []
    if calendar.why_closed(definition.hours, trip.day) is not None:
        nearest = sorted(days, key=lambda day: (abs(day - trip.day), day))[:OTHER_DAYS]
        return Reason.CLOSED, [WayOut(kind="day", trip=trip.row(), day=day.isoformat()) for day in sorted(nearest)]
    hours = definition.hours
    soonest = calendar.seconds_into(trip.day, now) + 60 * definition.booking.closes_minutes
    if trip.at < hours.opens or trip.at >= hours.closes:
        at = hours.opens if trip.at < hours.opens else hours.closes - 3600
        return Reason.HOURS, _at(trip, at, soonest)
    if trip.at < soonest - 60:
        past = calendar.seconds_into(trip.day, now) > trip.at
        return (Reason.PAST if past else Reason.TOO_LATE), _at(
            trip, int(-(-soonest // 300) * 300), soonest, hours.closes
        )
    return None


def _at(trip: Trip, at: int, soonest: float, closes: float = 1e9) -> list[WayOut]:
    if not soonest <= at < closes:
        return []
    return [WayOut(kind="time", trip=replace(trip, at=at, when=When.DEPART).row())]


def accept(booking: Booking, offer: dispatch.Offer) -> None:
    """Put the windows of an offer on a booking."""
    promise = offer.promise
    day = booking.day.date
    booking.promised_from = calendar.instant_at(day, promise.pickup.earliest)
    booking.promised_to = calendar.instant_at(day, promise.pickup.latest)
    booking.promised_arrival = calendar.instant_at(day, promise.dropoff.latest)


def narrowed(booking: Booking, request: dispatch.Request) -> dispatch.Request:
    """The request with no more room than the windows that the rider was offered."""
    from souto.services.transit.dispatch import Window

    if booking.promised_from is None or booking.promised_to is None or booking.promised_arrival is None:
        raise ValueError("a booking that is offered has its windows")
    day = booking.day.date
    pickup = Window(calendar.seconds_into(day, booking.promised_from), calendar.seconds_into(day, booking.promised_to))
    dropoff = Window(request.dropoff.window.earliest, calendar.seconds_into(day, booking.promised_arrival))
    return replace(
        request,
        pickup=replace(request.pickup, window=pickup),
        dropoff=replace(request.dropoff, window=dropoff),
    )


def slack(definition: ServiceDefinition) -> dispatch.Slack:
    """How wide a promise is around the expected moments."""
    from souto.services.transit.dispatch import Slack

    half = 30.0 * definition.booking.promise_minutes
    return Slack(before=half, after=half, arrival=60.0 * definition.booking.arrival_minutes)


def ways_out(trip: Trip, refusal: dispatch.Refusal) -> list[WayOut]:
    """The engine's ways out as trips that the rider can ask for, the smallest change first; longer rides are the service's rule and no way out."""
    from souto.services.transit.dispatch import RelaxationKind

    found: list[WayOut] = []
    for way in refusal.relaxations:
        promise = way.offer.promise
        if way.kind is RelaxationKind.LONGER_RIDE:
            continue
        if way.kind is RelaxationKind.PICKUP_PLACE and way.place is not None:
            other = replace(trip, origin=way.place, walk_from=None)
        elif way.kind is RelaxationKind.DROPOFF_PLACE and way.place is not None:
            other = replace(trip, goal=way.place, walk_to=None)
        else:
            # From the minute that has begun: what is asked for again includes the moment that was found.
            other = replace(trip, when=When.DEPART, at=int(max(0.0, promise.pickup.earliest) // 60) * 60)
        found.append(
            WayOut(
                kind=way.kind.value,
                trip=other.row(),
                pickup_from=promise.pickup.earliest,
                arrive_by=promise.dropoff.latest,
            )
        )
    return found
