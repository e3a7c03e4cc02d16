"""Asking for a ride: an offer, or a refusal that says why and what would help."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, SoutoError
from souto.services.transit import answers, calendar, engine, plans, queries, trips
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Contact, ServiceVersion
from souto.services.transit.trips import Reason, Trip, When
from souto.services.transit.typed import PhoneUnreadableError, phone_digits, phone_key
from souto.services.transit.ways import Ways

if TYPE_CHECKING:
    from souto.services.transit import dispatch

#: The longest a trip back may begin after the trip there, seconds.
_DAY = 30 * 3600


class ContactMissingError(SoutoError):
    """Somebody without an account is called back, and called by name at the stop."""

    message = "乗る人の名前と電話番号を入力してください。"


class NotReplaceableError(SoutoError):
    """Only a ride that is booked can be changed."""

    message = "この予約は変更できません。新しく予約してください。"


@transaction.atomic
def ask(
    *,
    actor: Actor,
    slug: str,
    trip: Trip,
    contact: Contact | None = None,
    person_id: UUID | None = None,
    back_at: int | None = None,
    replaces_id: UUID | None = None,
    language: str = "ja",
) -> Booking:
    """Ask for a ride on a service: the booking that is returned is offered (take it with `book`), or refused with `reason` and `ways_out`.

    A resident asks for herself, staff with `transit.operate` for a caller named in `contact`, the system for either (`person_id`, a series). `back_at`: also the trip back on the same day, from then on
    (seconds since midnight), linked by `return_of`. `replaces_id`: the offer would take the place of a booked ride.

    Raises `NotFoundError` (no such service on that day), `ForbiddenError`, `ContactMissingError`, `NotReplaceableError`, `EngineStartingError`.
    """
    engine.require()
    started = time.perf_counter()
    rider = actor.id if actor.is_resident else person_id if actor.is_system else None
    if rider is None:
        _permit(actor, contact)
    version = queries.published_on(slug=slug, day=max(trip.day, clock.today()))
    old = queries.access_booking(actor=actor, booking_id=replaces_id) if replaces_id else None
    if old is not None and old.state != State.BOOKED:
        raise NotReplaceableError
    there = _blank(actor, rider, version, trip, contact, language)
    there.replaces = old
    plan = _answer(there, trip, plan=None)
    _finish(actor, there, started)
    if back_at is not None:
        home = trip.home(back_at)
        back = _blank(actor, rider, version, home, contact, language)
        back.return_of = there
        _answer(back, home, plan=plan)
        _finish(actor, back, started)
    return there


def _permit(actor: Actor, contact: Contact | None) -> None:
    if not (actor.is_staff or actor.is_system) or not actor.may(queries.OPERATE):
        raise ForbiddenError
    if contact is None or not contact["name"].strip() or not contact["phone"].strip():
        raise ContactMissingError


def _blank(
    actor: Actor, rider: UUID | None, version: ServiceVersion, trip: Trip, contact: Contact | None, language: str
) -> Booking:
    booking = Booking(
        day=plans.day_of(version, trip.day),
        person_id=rider,
        taken_by_id=actor.id if actor.is_staff else None,
        channel=Booking.Channel.ONLINE if rider else Booking.Channel.PHONE,
        language=language,
        state=State.OFFERED,
        wanted_from=_wanted_from(version, trip),
        riders={kind.value: number for kind, number in trip.riders.items() if number},
        wheelchairs=trip.wheelchairs,
        fare=version.definition.fares.of(dict(trip.riders)),
        is_demo=settings.DEMO,
    )
    booking.trip = trip.row()
    booking.contact = None if rider else contact
    booking.phone_key = None if rider or contact is None else _key_of(contact["phone"])
    booking.ways_out = []
    return booking


def _key_of(phone: str) -> bytes | None:
    try:
        return phone_key(phone_digits(phone))
    except PhoneUnreadableError:
        return None


def _wanted_from(version: ServiceVersion, trip: Trip) -> datetime | None:
    """From when somebody wants to ride: who asks for the first moment that the rules allow wants to ride now."""
    if trip.when is not When.DEPART:
        return None
    wanted, now = calendar.instant_at(trip.day, trip.at), clock.now()
    soonest = now + timedelta(minutes=version.definition.booking.closes_minutes + 1)
    return now if wanted <= soonest else wanted


def _finish(actor: Actor, booking: Booking, started: float) -> None:
    booking.answer_us = int((time.perf_counter() - started) * 1e6)
    booking.save()
    record(
        actor=actor,
        action="transit.ask",
        subject=("transit.booking", booking.id),
        facts={
            "day": booking.day.date.isoformat(),
            "party": booking.party,
            "state": booking.state,
            "reason": booking.reason,
        },
    )


def _answer(booking: Booking, trip: Trip, *, plan: dispatch.Plan | None) -> dispatch.Plan | None:
    """Fill in offer or refusal; the plan with the ride in it, or None where it is refused."""
    definition = booking.day.version.definition
    rides = queries.open_bookings(person_id=booking.person_id) if booking.person_id else 0
    if (against := answers.against_rules(definition, trip, open_rides=rides)) is not None:
        booking.reason, booking.ways_out = against
        booking.state = State.REFUSED
        return None
    return look(booking, trip, plan=plan)


def look(booking: Booking, trip: Trip, *, plan: dispatch.Plan | None) -> dispatch.Plan | None:
    """Ask the engine on a plan (that of the day, unless given) and note what it says on the booking, which is not saved here."""
    from souto.services.transit import dispatch

    version = booking.day.version
    definition = version.definition
    if plan is None:
        plan = plans.read(booking.day)
        if booking.replaces_id is not None:
            plan = released(plan, str(booking.replaces_id))
    outward = str(booking.return_of_id) if booking.return_of_id else None
    if trip.origin == trip.goal:
        booking.state, booking.reason = State.REFUSED, Reason.SAME_PLACE
        return None
    wanted = trips.request(str(booking.id), trip, definition, cast("Ways", version.ways), returns=outward)
    begun = time.perf_counter()
    found = dispatch.insert(plan, wanted, slack=answers.slack(definition))
    booking.engine_us = int((time.perf_counter() - begun) * 1e6)
    if isinstance(found, dispatch.Refusal):
        booking.state, booking.reason = State.REFUSED, Reason(found.constraint.value)
        booking.ways_out = answers.ways_out(trip, found)
        booking.promised_from = booking.promised_to = booking.promised_arrival = None
        return None
    answers.accept(booking, found)
    return found.plan


def released(plan: dispatch.Plan, request: str) -> dispatch.Plan:
    """The plan without a ride that another one is to replace.

    Raises:
        NotReplaceableError: its rider is aboard.
    """
    from souto.services.transit.dispatch import ModelError

    try:
        return plan.without(request)
    except ModelError as error:
        raise NotReplaceableError from error
