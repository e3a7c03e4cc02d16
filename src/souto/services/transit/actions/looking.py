"""What dispatchers see of riders is put on record (閲覧記録): the page of a day when it is opened, a ride each time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import Outcome, record
from souto.kernel.actor import Actor
from souto.services.transit import queries
from souto.services.transit.models import Booking, ServiceDay


@transaction.atomic
def open_day(*, actor: Actor, slug: str, day: date) -> ServiceDay:
    """A day on the dispatcher's desk, with the names of those who ride; the look is put on record, once for a page that then shows itself anew.

    Raises `ForbiddenError`, `NotFoundError`.
    """
    found = queries.access_day(actor=actor, slug=slug, day=day)
    record(
        actor=actor,
        action="transit.open_day",
        subject=("transit.day", found.id),
        outcome=Outcome.SEEN,
        facts={"day": day.isoformat()},
    )
    return found


@transaction.atomic
def open_ride(*, actor: Actor, booking_id: UUID) -> Booking:
    """Somebody's ride on the dispatcher's desk; the look is put on record. Raises `ForbiddenError`, `NotFoundError`, `HiddenError`."""
    actor.require(queries.OPERATE)
    booking = queries.access_booking(actor=actor, booking_id=booking_id)
    record(actor=actor, action="transit.open_ride", subject=("transit.booking", booking.id), outcome=Outcome.SEEN)
    return booking
