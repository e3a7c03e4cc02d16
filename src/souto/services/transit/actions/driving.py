"""What drivers report, taken in: late, twice and out of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError
from souto.services.transit import calendar, plans, queries, trips
from souto.services.transit.actions.booking import TRIES, BusyError
from souto.services.transit.actions.steps import take
from souto.services.transit.events import PlanChanged, RideEnded, VehicleSeen
from souto.services.transit.lifecycle import BOOKING, State
from souto.services.transit.models import Booking, EventKind, ServiceDay, VehicleEvent, VehiclePosition
from souto.services.transit.ways import Ways

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: How long after its day a tablet may still deliver what it kept.
DELIVERY = timedelta(days=2)
_OF_RIDES = {EventKind.ARRIVED, EventKind.BOARDED, EventKind.ALIGHTED, EventKind.NO_SHOW}


class OldDayError(ConflictError):
    """The day is not today's, or too long ago."""

    message = "この日の運行記録は、もう受け付けられません。運行の担当者に連絡してください。"


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened: `id` made by the tablet, `at` by the tablet's clock, `booking_id` for what concerns a ride."""

    id: UUID
    kind: EventKind
    at: datetime
    booking_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the vehicle is, degrees, by the tablet's clock."""

    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: ids that are stored now (new or before), and those that fit no ride of this day and were left out."""

    stored: tuple[UUID, ...]
    unknown: tuple[UUID, ...]


@transaction.atomic
def report(
    *,
    actor: Actor,
    slug: str,
    day: date,
    vehicle: str,
    reports: Sequence[Report],
    sent_at: datetime | None = None,
    seen: Seen | None = None,
) -> Taken:
    """Take in what a vehicle's tablet has kept: any number of reports in any order, some of them perhaps for the second time.

    `sent_at` is the tablet's clock at sending: how long ago a thing happened is the difference, so a tablet whose clock is wrong does no harm. Bookings, plan and
    promises follow from all reports together.

    Raises `ForbiddenError`, `NotFoundError` (no such service or vehicle), `OldDayError`, `BusyError`.
    """
    row = queries.access_vehicle(actor=actor, slug=slug, day=day, vehicle=vehicle)
    today = clock.today()
    if not today - DELIVERY <= day <= today:
        raise OldDayError
    now = clock.now()
    named = {one.booking_id for one in reports if one.booking_id}
    rides = {
        ride.id: ride
        for ride in Booking.objects.select_for_update(of=("self",))
        .select_related("day__version__service")
        .filter(day=row, pk__in=named)
        .exclude(state__in=[State.OFFERED, State.REFUSED])
        .order_by("id")
    }
    once = {one.id: one for one in reports}.values()
    good = [one for one in once if (one.kind in _OF_RIDES) == (one.booking_id is not None)]
    good = [one for one in good if one.booking_id is None or one.booking_id in rides]
    fresh = [
        VehicleEvent(
            id=one.id,
            day=row,
            vehicle=vehicle,
            kind=one.kind,
            booking_id=one.booking_id,
            at=_moment(one.at, sent_at, now, day),
            received_at=now,
            staff_id=actor.id if actor.is_staff else None,
        )
        for one in good
    ]
    known = set(VehicleEvent.objects.filter(pk__in=[one.id for one in fresh]).values_list("id", flat=True))
    VehicleEvent.objects.bulk_create(fresh, ignore_conflicts=True)
    for one in fresh:
        if one.id not in known:
            record(
                actor=actor,
                action=f"transit.{one.kind}",
                subject=("transit.booking", one.booking_id) if one.booking_id else ("transit.day", row.id),
                facts={"vehicle": vehicle, "day": day.isoformat()},
            )
    moved = seen is not None and _locate(row, vehicle, seen, _moment(seen.at, sent_at, now, day))
    if fresh:
        _drive(row, vehicle)
        for ride in rides.values():
            settle(actor, ride)
        events.publish(PlanChanged(day_id=row.id), actor=actor)
    elif moved:
        events.publish(VehicleSeen(day_id=row.id), actor=actor)
    stored = {one.id for one in fresh}
    return Taken(tuple(stored), tuple(one.id for one in reports if one.id not in stored))


def _moment(at: datetime, sent_at: datetime | None, now: datetime, day: date) -> datetime:
    """When it happened by our clock: as long ago as the tablet says, never in the future, never before the service day."""
    ago = max(timedelta(0), (sent_at or now) - at)
    return max(now - ago, calendar.instant_at(day, 0))


def _locate(row: ServiceDay, vehicle: str, seen: Seen, at: datetime) -> bool:
    """Keep where a vehicle is; whether that is news."""
    place, fresh = VehiclePosition.objects.select_for_update().get_or_create(
        day=row, vehicle=vehicle, defaults={"lat": seen.lat, "lon": seen.lon, "at": at}
    )
    newer = not fresh and place.at < at
    if newer:
        place.lat, place.lon, place.at = seen.lat, seen.lon, at
        place.save(update_fields=["lat", "lon", "at"])
    return fresh or newer


def _drive(row: ServiceDay, vehicle: str) -> None:
    """Put everything that the vehicle has reported into the day's plan."""
    from souto.services.transit import dispatch

    for _ in range(TRIES):
        day = ServiceDay.objects.select_related("version").get(pk=row.pk)
        plan = plans.read(day)
        if plan.vehicles[plan.position(vehicle)].closed:
            after = _gone(plan, vehicle, day)
        else:
            said, known = _said(day, vehicle)
            after = dispatch.follow(plan, vehicle, said, known).plan
        if after.routes == plan.routes and after.requests == plan.requests:
            return
        if plans.swap(day, after):
            return
    raise BusyError


def _said(day: ServiceDay, vehicle: str) -> tuple[list[dispatch.Report], dict[str, dispatch.Request]]:
    from souto.services.transit.dispatch import Report as Told
    from souto.services.transit.dispatch import ReportKind

    kinds = {
        EventKind.BOARDED.value: ReportKind.BOARDED,
        EventKind.ALIGHTED.value: ReportKind.ALIGHTED,
        EventKind.NO_SHOW.value: ReportKind.ABSENT,
        EventKind.BREAK_BEGAN.value: ReportKind.RESTED,
    }
    rows = list(
        VehicleEvent.objects.filter(day=day, vehicle=vehicle, kind__in=kinds)
        .select_related("booking")
        .order_by("at", "id")
    )
    version = day.version
    said = [
        Told(
            kinds[event.kind],
            str(event.booking_id) if event.booking_id else "",
            calendar.seconds_into(day.date, event.at),
        )
        for event in rows
    ]
    known = {}
    for event in rows:
        if event.booking is not None and event.booking.forgotten_at is None:
            event.booking.day = day
            known[str(event.booking_id)] = trips.request(
                str(event.booking_id), queries.trip_of(event.booking), version.definition, cast("Ways", version.ways)
            )
    return said, known


def _gone(plan: dispatch.Plan, vehicle: str, day: ServiceDay) -> dispatch.Plan:
    """The plan without riders whom a vehicle that broke down had brought to their stop before: its last reports came late."""
    from souto.services.transit.dispatch import ModelError

    off = VehicleEvent.objects.filter(day=day, vehicle=vehicle, kind=EventKind.ALIGHTED).values_list("booking_id")
    for (key,) in off:
        home = plan.route_of(str(key))
        if home is not None and home.vehicle != vehicle:
            try:
                plan = plan.without(str(key))
            except ModelError:  # fetched by the other vehicle already: its driver will see
                continue
    return plan


def settle(actor: Actor, ride: Booking) -> None:
    """Bring a booking to what all reports of it say together. The caller holds the row."""
    from souto.services.transit.dispatch import Report as Told
    from souto.services.transit.dispatch import ReportKind, facts

    kinds = {
        EventKind.BOARDED.value: ReportKind.BOARDED,
        EventKind.ALIGHTED.value: ReportKind.ALIGHTED,
        EventKind.NO_SHOW.value: ReportKind.ABSENT,
    }
    rows = list(VehicleEvent.objects.filter(booking=ride).order_by("at", "id"))
    found = facts(Told(kinds[e.kind], str(ride.id), e.at.timestamp()) for e in rows if e.kind in kinds)
    met = [event.at for event in rows if event.kind in {EventKind.ARRIVED, EventKind.BOARDED, EventKind.NO_SHOW}]
    ride.met_at = min(met, default=None)
    fact = found.get(str(ride.id))
    step = ""
    if fact is not None:
        carried = next((e.vehicle for e in rows if e.kind in {EventKind.BOARDED, EventKind.ALIGHTED}), "")
        ride.carried_by = "" if fact.absent is not None else carried
        ride.boarded_at = _instant(fact.boarded)
        ride.alighted_at = _instant(fact.alighted)
        step = "alight" if fact.alighted is not None else "board" if fact.boarded is not None else "miss"
    fields = ("met_at", "boarded_at", "alighted_at", "carried_by")
    if step and BOOKING.allows(ride.state, step, by=actor.kind):
        take(actor, ride, step, fields=fields)
        if ride.state in {State.COMPLETED, State.NO_SHOW}:
            events.publish(RideEnded(booking_id=ride.id, state=ride.state), actor=actor)
    else:
        ride.save(update_fields=list(fields))


def _instant(moment: float | None) -> datetime | None:
    return None if moment is None else datetime.fromtimestamp(moment, clock.TOKYO)
