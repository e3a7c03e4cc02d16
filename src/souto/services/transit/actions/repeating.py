"""Every Tuesday (定期の予約): a series made from a booked ride, and its days, booked one by one as they open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, SoutoError
from souto.services.transit import letters, queries
from souto.services.transit.actions.asking import ask
from souto.services.transit.actions.booking import BusyError, book, cancel
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import RIDES, State
from souto.services.transit.models import Booking, Series, SeriesDay
from souto.services.transit.trips import Trip, When

#: How often a day is booked again because others were faster.
TRIES = 3


class NotRepeatableError(ConflictError):
    """A series is made from a ride that is booked."""

    message = "予約済みの乗車だけを、毎週の予約にできます。"


class NoWeekdayError(SoutoError):
    """A series has a weekday."""

    message = "曜日を1つ以上選んでください。"


class SeriesOverError(ConflictError):
    """Nothing changes in a series that was ended."""

    message = "この毎週の予約は、もう終わっています。"


@transaction.atomic
def start_series(
    *,
    actor: Actor,
    booking_id: UUID,
    weekdays: Collection[int] = (),
    until: date | None = None,
    skip_holidays: bool = False,
) -> Series:
    """Ride as in this booking every week, on its weekday or on `weekdays` (numbers of `date.weekday()`), from the day after it until `until`. A booking makes one series.

    Raises `NotFoundError`, `HiddenError`, `NotRepeatableError`, `NoWeekdayError`.
    """
    booking = queries.access_booking(actor=actor, booking_id=booking_id, lock=True)
    known = Series.objects.filter(source=booking).first()
    if known is not None:
        return known
    if booking.state not in RIDES:
        raise NotRepeatableError
    days = sorted(set(weekdays)) if weekdays else [booking.day.date.weekday()]
    if not set(days) <= set(range(7)):
        raise NoWeekdayError
    series = Series(
        source=booking,
        service_id=booking.day.service_id,
        person_id=booking.person_id,
        phone_key=booking.phone_key,
        language=booking.language,
        riders=booking.riders,
        wheelchairs=booking.wheelchairs,
        weekdays=days,
        since=booking.day.date + timedelta(days=1),
        until=until,
        skip_holidays=skip_holidays,
    )
    series.trip, series.contact = booking.trip, booking.contact
    series.save()
    record(actor=actor, action="transit.start_series", subject=("transit.series", series.id), facts={"days": len(days)})
    jobs.defer("transit.book_series", series_id=str(series.id))
    return series


@transaction.atomic
def end_series(*, actor: Actor, series_id: UUID) -> Series:
    """Book no more days of a series; rides that are booked stay. Twice ends once. Raises `NotFoundError`, `HiddenError`."""
    series = queries.access_series(actor=actor, series_id=series_id, lock=True)
    if series.ended_at is None:
        series.ended_at = clock.now()
        series.save(update_fields=["ended_at"])
        record(actor=actor, action="transit.end_series", subject=("transit.series", series.id))
    return series


@transaction.atomic
def skip_day(*, actor: Actor, series_id: UUID, day: date) -> SeriesDay:
    """Do not ride on a day of a series; what is booked on it is given up. Twice skips once.

    Raises `NotFoundError`, `HiddenError`, `SeriesOverError`, and what `cancel` raises.
    """
    series = queries.access_series(actor=actor, series_id=series_id, lock=True)
    row = SeriesDay.objects.select_related("booking").filter(series=series, date=day).first()
    if row is None and (series.ended_at is not None or day not in set(queries.dates_of(series, since=day, until=day))):
        raise SeriesOverError
    if row is None:
        row = SeriesDay(series=series, date=day)
    ride = queries.ride_on(row)
    if ride is not None and ride.state == State.BOOKED:
        cancel(actor=actor, booking_id=ride.id)
    row.outcome = SeriesDay.Outcome.SKIPPED
    row.save()
    record(
        actor=actor, action="transit.skip_day", subject=("transit.series", series.id), facts={"day": day.isoformat()}
    )
    return row


def book_series(*, actor: Actor, series_id: UUID) -> int:
    """Book the days of a series for which one can book now; answers how many days were settled. Each day is settled once, in a transaction of its own, so running twice,
    or being stopped in between, does no harm. The rider hears of a day that is refused, with what would help.

    Raises `NotFoundError`, `HiddenError`.
    """
    series = queries.access_series(actor=actor, series_id=series_id)
    definition = queries.definition_of(series)
    today = clock.today()
    last = today + timedelta(days=definition.booking.opens_days)
    return sum(_settle(actor, series_id, day) for day in queries.dates_of(series, since=today, until=last))


@transaction.atomic
def _settle(actor: Actor, series_id: UUID, day: date) -> bool:
    series = queries.access_series(actor=actor, series_id=series_id, lock=True)
    if series.ended_at is not None or SeriesDay.objects.filter(series=series, date=day).exists():
        return False
    version = queries.published_on(slug=series.service.slug, day=day)
    row = SeriesDay(series=series, date=day)
    closed = queries.why_closed(series, version.definition, day)
    if closed is not None:
        row.outcome, row.reason = SeriesDay.Outcome.CLOSED, closed.value
        row.save()
        return True
    found = _booked(actor, series, day)
    if found.state == State.BOOKED:
        row.outcome = SeriesDay.Outcome.BOOKED
    else:
        row.outcome, row.reason = SeriesDay.Outcome.REFUSED, found.reason
        letters.series_refused(actor, found)
    row.booking = found
    row.save()
    return True


def _booked(actor: Actor, series: Series, day: date) -> Booking:
    kept = series.trip
    trip = Trip(
        origin=kept["origin"],
        goal=kept["goal"],
        day=day,
        at=kept["at"],
        riders={RiderClass(kind): number for kind, number in series.riders.items()},
        when=When(kept["when"]),
        wheelchairs=series.wheelchairs,
        walk_from=kept.get("walk_from"),
        walk_to=kept.get("walk_to"),
    )
    found = ask(
        actor=actor,
        slug=series.service.slug,
        trip=trip,
        contact=series.contact,
        person_id=series.person_id,
        language=series.language,
    )
    for _ in range(TRIES):
        if found.state != State.OFFERED:
            break
        found = book(actor=actor, booking_id=found.id)
    if found.state == State.OFFERED:
        raise BusyError
    return found
