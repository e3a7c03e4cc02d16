"""Taking an offer, and giving a ride up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import transaction

from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError
from souto.services.transit import answers, calendar, engine, letters, plans, queries, trips
from souto.services.transit.actions import fares
from souto.services.transit.actions.asking import look, released
from souto.services.transit.actions.steps import take
from souto.services.transit.events import RideBooked, RideCancelled
from souto.services.transit.lifecycle import BOOKING, State
from souto.services.transit.models import Booking, ServiceDay
from souto.services.transit.ways import Ways

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: How often a booking computes again because others were faster.
TRIES = 20


class BusyError(ConflictError):
    """Others were faster every time."""

    message = "予約が混み合っています。少し待ってから、もう一度お試しください。"


class AboardError(ConflictError):
    """The vehicle is at the stop, or the rider is in it."""

    message = "車両がすでに迎えに来ているため、取り消せません。運行の窓口に電話してください。"


@transaction.atomic
def book(*, actor: Actor, booking_id: UUID) -> Booking:
    """Take an offer, with its trip back where it has one. Twice books once.

    What was offered is what is promised. Where it has gone meanwhile, the booking that is returned is not booked: it holds another offer, or is refused with its
    reason. Of a ride there and back both are booked, or none.

    Raises `NotFoundError`, `HiddenError`, `TransitionRefusedError`, `BusyError`, `NotReplaceableError`, `EngineStartingError`.
    """
    engine.require()
    started = time.perf_counter()
    booking = queries.access_booking(actor=actor, booking_id=booking_id, lock=True)
    if booking.state == State.BOOKED:
        return booking
    BOOKING.next_state(booking.state, "book", by=actor.kind)
    back = Booking.objects.select_for_update(of=("self",)).filter(return_of=booking, state=State.OFFERED).first()
    rides = [booking] if back is None else [booking, back]
    old = booking.replaces
    if old is not None:
        old = queries.access_booking(actor=actor, booking_id=old.id, lock=True)
        BOOKING.next_state(old.state, "replace", by=actor.kind)
    for _ in range(TRIES):
        day = ServiceDay.objects.select_related("version").get(pk=booking.day_id)
        plan = _without_old(plans.read(day), old)
        placed = _place(plan, rides)
        if placed is None:
            return _offer_again(actor, plan, rides)
        if plans.swap(day, placed):
            break
    else:
        raise BusyError
    if old is not None:
        take(actor, old, "replace")
    for ride in rides:
        ride.booked_at = clock.now()
        ride.answer_us = int((time.perf_counter() - started) * 1e6)
        take(actor, ride, "book", fields=("booked_at", "engine_us", "answer_us"))
        fares.charge(actor, ride)
    events.publish(RideBooked(booking_ids=tuple(ride.id for ride in rides)), actor=actor)
    letters.booked(actor, booking, back)
    return booking


def _without_old(plan: dispatch.Plan, old: Booking | None) -> dispatch.Plan:
    return plan if old is None else released(plan, str(old.id))


def _place(plan: dispatch.Plan, rides: list[Booking]) -> dispatch.Plan | None:
    """The plan with all rides, each within the windows that it was offered; None where one of them no longer fits."""
    from souto.services.transit import dispatch

    for ride in rides:
        version = ride.day.version
        outward = str(ride.return_of_id) if ride.return_of_id else None
        wanted = trips.request(
            str(ride.id), queries.trip_of(ride), version.definition, cast("Ways", version.ways), returns=outward
        )
        begun = time.perf_counter()
        found = dispatch.insert(plan, answers.narrowed(ride, wanted), explain=False)
        ride.engine_us = int((time.perf_counter() - begun) * 1e6)
        if isinstance(found, dispatch.Refusal):
            return None
        plan = found.plan
    return plan


def _offer_again(actor: Actor, plan: dispatch.Plan, rides: list[Booking]) -> Booking:
    """Put the best that is possible now on the rides, in place of the offer that has gone."""
    current: dispatch.Plan | None = plan
    for ride in rides:
        trip = queries.trip_of(ride)
        after = look(ride, trip, plan=current)
        if ride.state == State.REFUSED:
            ride.state = State.OFFERED  # the step below says so
            take(actor, ride, "refuse", fields=_ANSWER)
        else:
            ride.save(update_fields=["engine_us", *_PROMISES])
        current = after if after is not None else current
    return rides[0]


_PROMISES = ("promised_from", "promised_to", "promised_arrival")
_ANSWER = ("reason", "ways_out_sealed", "engine_us", *_PROMISES)


@transaction.atomic
def cancel(*, actor: Actor, booking_id: UUID) -> Booking:
    """Give a booked ride up; its place is free for others at once. Twice cancels once. A trip back stays booked: it is a ride of its own.

    Raises `NotFoundError`, `HiddenError`, `TransitionRefusedError`, `AboardError`, `BusyError`.
    """
    booking = queries.access_booking(actor=actor, booking_id=booking_id, lock=True)
    if booking.state == State.CANCELLED:
        return booking
    BOOKING.next_state(booking.state, "cancel", by=actor.kind)
    _take_out(booking)
    late = _is_late(booking)
    take(actor, booking, "cancel", late=late)
    fares.give_up(actor, booking, "乗車の取消", late=late)
    events.publish(RideCancelled(booking_id=booking.id), actor=actor)
    letters.cancelled(actor, booking)
    return booking


def _take_out(booking: Booking) -> None:
    from souto.services.transit.dispatch import ModelError

    for _ in range(TRIES):
        day = ServiceDay.objects.select_related("version").get(pk=booking.day_id)
        try:
            plan = plans.read(day).without(str(booking.id))
        except ModelError as error:
            raise AboardError from error
        if plans.swap(day, plan):
            return
    raise BusyError


def _is_late(booking: Booking) -> bool:
    if booking.promised_from is None:
        return False
    left = -calendar.seconds_into(booking.day.date, clock.now()) + calendar.seconds_into(
        booking.day.date, booking.promised_from
    )
    return left < 60 * booking.day.version.definition.booking.cancel_minutes
