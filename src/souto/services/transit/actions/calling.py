"""Taking a call: what an operator sees of callers is put on record (閲覧記録)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import Outcome, record
from souto.kernel.actor import Actor
from souto.services.transit import queries
from souto.services.transit.models import Booking


@transaction.atomic
def find_caller(*, actor: Actor, phone: str) -> queries.Caller:
    """Who called from a number (digits) before; the look is put on record, the number is not.

    Raises:
        ForbiddenError: the actor takes no bookings of others.
    """
    found = queries.caller(actor=actor, phone=phone)
    record(
        actor=actor,
        action="transit.find_caller",
        outcome=Outcome.SEEN,
        facts={"trips": len(found.trips), "coming": len(found.coming)},
    )
    return found


@transaction.atomic
def open_call(*, actor: Actor, booking_id: UUID) -> Booking:
    """A caller's booking as the operator's desk shows it; the look is put on record.

    Raises `NotFoundError`, `HiddenError`.
    """
    actor.require(queries.OPERATE)
    booking = queries.access_booking(actor=actor, booking_id=booking_id)
    record(actor=actor, action="transit.open_call", subject=("transit.booking", booking.id), outcome=Outcome.SEEN)
    return booking
