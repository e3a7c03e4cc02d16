"""What was charged for a ride, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from souto.services.payments import queries as payments
from souto.services.transit.definition import Payment
from souto.services.transit.models import Booking, FareCollection

if TYPE_CHECKING:
    from souto.services.payments.models import Charge

#: What a charge of this room is for; its subject is the booking.
PURPOSE = "transit.booking"


class FareState(StrEnum):
    """Where the fare of a ride stands."""

    FREE = "free"
    ON_BOARD = "on_board"
    """Paid to the driver; nothing is charged."""
    AFTER_BOOKING = "after_booking"
    """Charged once the ride is booked."""
    OWED = "owed"
    PAID = "paid"
    COLLECTED = "collected"
    """The driver has taken it."""
    REFUND = "refund"
    """It was paid, and is to be paid back."""
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Fare:
    """The fare of a ride: where it stands, its charge if there is one, and whether it may also be paid on board."""

    state: FareState
    charge: Charge | None
    on_board: bool


def charge_of(booking: Booking) -> Charge | None:
    """The charge of a ride, if any: its own, or that of a paid ride that it took the place of at the same fare."""
    current: Booking | None = booking
    while current is not None:
        charges = payments.charges_for(purpose=PURPOSE, subject_id=current.id)
        if charges:
            found = charges[-1]
            settled = found.paid_at is not None or payments.refund_of(found) > 0
            return found if current.id == booking.id or settled else None
        current = current.replaces
    return None


def fare_of(booking: Booking) -> Fare:
    """Where the fare of a ride stands; the caller has passed the booking's gate."""
    rules = booking.day.version.definition.fares
    charged = rules.payment is not Payment.ON_BOARD and booking.person_id is not None
    on_board = not charged or rules.payment is Payment.EITHER
    if booking.fare == 0:
        return Fare(FareState.FREE, None, on_board)
    charge = charge_of(booking)
    if charge is not None and charge.paid_at is not None:
        return Fare(FareState.PAID, charge, on_board)
    if FareCollection.objects.filter(booking=booking).exists():
        return Fare(FareState.COLLECTED, charge, on_board)
    if charge is not None and charge.is_open:
        return Fare(FareState.OWED, charge, on_board)
    if charge is not None:
        return Fare(FareState.REFUND if payments.refund_of(charge) else FareState.GIVEN_UP, charge, on_board)
    if charged and booking.booked_at is None:
        return Fare(FareState.AFTER_BOOKING, None, on_board)
    return Fare(FareState.ON_BOARD, None, on_board)
