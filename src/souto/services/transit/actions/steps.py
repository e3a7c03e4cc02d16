"""Steps in the life of a booking."""

from __future__ import annotations

from souto.foundation.audit.actions import record
from souto.kernel.actor import Actor
from souto.services.transit.lifecycle import BOOKING
from souto.services.transit.models import Booking, BookingStep


def take(actor: Actor, booking: Booking, name: str, *, late: bool = False, fields: tuple[str, ...] = ()) -> None:
    """Take a step that the table allows: state, record, audit. The caller holds the row and the transaction.

    Raises:
        TransitionRefusedError: the table has no such step from here.
    """
    source = booking.state
    booking.state = BOOKING.next_state(source, name, by=actor.kind)
    booking.save(update_fields=["state", *fields])
    BookingStep.objects.create(
        booking=booking, name=name, source=source, target=booking.state, actor_kind=actor.kind, late=late
    )
    record(
        actor=actor,
        action=f"transit.{name}",
        subject=("transit.booking", booking.id),
        facts={"day": booking.day.date.isoformat(), "party": booking.party, "late": late},
    )
