"""Rides of every week, and favourites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import holiday_name
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.transit import calendar
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.lifecycle import RIDES
from souto.services.transit.models import Booking, Favourite, Series, SeriesDay
from souto.services.transit.queries.bookings import OPERATE
from souto.services.transit.queries.services import published_on
from souto.services.transit.typed import phone_key

#: Days of a series that are shown.
SHOWN = 8


def access_series(*, actor: Actor, series_id: UUID, lock: bool = False) -> Series:
    """A series, for its rider, for staff who take bookings, and for the system. `lock`: hold the row to the end of the transaction.

    Raises `NotFoundError` and `HiddenError`.
    """
    rows = Series.objects.select_for_update(of=("self",)) if lock else Series.objects
    found = rows.select_related("service").filter(pk=series_id).first()
    if found is None:
        raise NotFoundError
    own = actor.is_resident and found.person_id is not None and found.person_id == actor.id
    if not own and not (actor.is_system or (actor.is_staff and actor.may(OPERATE))):
        raise HiddenError("transit.series", series_id)
    return found


def going_on() -> QuerySet[Series]:
    """The series of which days may still be booked."""
    return Series.objects.filter(ended_at=None).filter(Q(until=None) | Q(until__gte=clock.today()))


def series_of(*, actor: Actor) -> QuerySet[Series]:
    """The signed-in resident's series that are going on."""
    if not actor.is_resident or actor.id is None:
        return Series.objects.none()
    return going_on().filter(person_id=actor.id).select_related("service").order_by("created_at")


def series_of_caller(*, actor: Actor, phone: str) -> QuerySet[Series]:
    """The series of a number (digits) that are going on, for staff who take bookings."""
    actor.require(OPERATE)
    return going_on().filter(phone_key=phone_key(phone)).select_related("service").order_by("created_at")


def definition_of(series: Series) -> ServiceDefinition:
    """The service of a series as it runs today."""
    return published_on(slug=series.service.slug, day=clock.today()).definition


def why_closed(series: Series, definition: ServiceDefinition, day: date) -> calendar.Closed | None:
    """Why no ride is booked on a day of a series: the service does not run, or the rider wants none on public holidays."""
    closed = calendar.why_closed(definition.hours, day)
    if closed is None and series.skip_holidays and holiday_name(day) is not None:
        return calendar.Closed.HOLIDAY
    return closed


def dates_of(series: Series, *, since: date, until: date) -> Iterator[date]:
    """The days of a series between two days, both included."""
    last = until if series.until is None else min(until, series.until)
    day = max(since, series.since)
    while day <= last:
        if day.weekday() in series.weekdays:
            yield day
        day += timedelta(days=1)


def ride_on(row: SeriesDay) -> Booking | None:
    """The ride of a day of a series, or the one that took its place."""
    ride = row.booking
    while ride is not None and (changed := Booking.objects.filter(replaces=ride, state__in=RIDES).first()):
        ride = changed
    return ride


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day of a series as its rider sees it: what became of it, or why nothing will, or from which day it can be booked."""

    day: date
    row: SeriesDay | None
    closed: calendar.Closed | None
    opens: date


def occasions(series: Series) -> list[Occasion]:
    """The next days of a series; the caller has passed its gate."""
    definition = definition_of(series)
    today = clock.today()
    rows = {row.date: row for row in series.days.select_related("booking").filter(date__gte=today)}
    ahead = timedelta(days=definition.booking.opens_days)
    found = []
    for day in dates_of(series, since=today, until=today + timedelta(days=400)):
        if series.ended_at is not None and day not in rows:
            continue
        closed = None if day in rows else why_closed(series, definition, day)
        found.append(Occasion(day, rows.get(day), closed, day - ahead))
        if len(found) == SHOWN:
            break
    return found


def favourites_of(*, actor: Actor) -> QuerySet[Favourite]:
    """The signed-in resident's favourites, oldest first."""
    if not actor.is_resident or actor.id is None:
        return Favourite.objects.none()
    return Favourite.objects.filter(person_id=actor.id).select_related("service")


def access_favourite(*, actor: Actor, favourite_id: UUID) -> Favourite:
    """A favourite, for whom it belongs to. Raises `NotFoundError` and `HiddenError`."""
    found = Favourite.objects.select_related("service").filter(pk=favourite_id).first()
    if found is None:
        raise NotFoundError
    if not actor.is_resident or found.person_id != actor.id:
        raise HiddenError("transit.favourite", favourite_id)
    return found


def series_id_of(booking: Booking) -> UUID | None:
    """The series that a ride began, or that booked it; the caller has passed the booking's gate."""
    began = Series.objects.filter(source=booking).values_list("id", flat=True).first()
    return began or SeriesDay.objects.filter(booking=booking).values_list("series_id", flat=True).first()


def is_favourite(*, actor: Actor, booking: Booking) -> bool:
    """Whether the trip of a ride is among the resident's favourites; the caller has passed the booking's gate."""
    trip = booking.trip
    kept = favourites_of(actor=actor).filter(service_id=booking.day.service_id)
    return any((one.row["origin"], one.row["goal"]) == (trip["origin"], trip["goal"]) for one in kept)
