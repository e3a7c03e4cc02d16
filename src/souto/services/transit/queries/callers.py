"""Callers without an account: who called from a telephone number before, and where to."""

from __future__ import annotations

from dataclasses import dataclass

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking
from souto.services.transit.queries.bookings import OPERATE
from souto.services.transit.typed import phone_key

#: Bookings of a number that are looked at, and how many different trips are offered again.
LOOKED_AT, TRIPS = 50, 5


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of a number (digits): names given before, the latest first; a booking for each different trip; rides still to come, soonest first."""

    phone: str
    names: tuple[str, ...]
    trips: tuple[Booking, ...]
    coming: tuple[Booking, ...]


def caller(*, actor: Actor, phone: str) -> Caller:
    """Who called from `phone` (digits) before, for staff who take bookings; what is forgotten is not known.

    Raises:
        ForbiddenError: the actor takes no bookings of others.
    """
    actor.require(OPERATE)
    known = list(
        Booking.objects.filter(phone_key=phone_key(phone), forgotten_at__isnull=True)
        .exclude(state__in=[State.OFFERED, State.REFUSED])
        .select_related("day__version__service")
        .order_by("-asked_at")[:LOOKED_AT]
    )
    names: dict[str, None] = {}
    trips: dict[tuple[str, str], Booking] = {}
    for booking in known:
        if booking.contact is not None:
            names.setdefault(booking.contact["name"])
        row = booking.trip
        trips.setdefault((row["origin"], row["goal"]), booking)
    coming = [
        b for b in known if b.state == State.BOOKED and b.promised_to is not None and b.promised_to >= clock.now()
    ]
    return Caller(
        phone=phone,
        names=tuple(names),
        trips=tuple(trips.values())[:TRIPS],
        coming=tuple(sorted(coming, key=lambda b: (b.promised_from is None, b.promised_from))),
    )
