"""What this room does when something happens: pages that show a day of a service look again."""

from __future__ import annotations

from uuid import UUID

from souto.kernel import live
from souto.kernel.actor import Actor
from souto.kernel.events import subscribe
from souto.services.transit.events import PlanChanged, RideBooked, RideCancelled, VehicleSeen
from souto.services.transit.models import Booking


@subscribe(PlanChanged)
def show_plan(event: PlanChanged, _actor: Actor) -> None:
    """Let pages look again at a day whose plan changed."""
    live.announce(f"transit.day:{event.day_id}")


@subscribe(VehicleSeen)
def show_place(event: VehicleSeen, _actor: Actor) -> None:
    """Let pages with a map of a day look again at where its vehicles are."""
    live.announce(f"transit.places:{event.day_id}")


@subscribe(RideBooked)
def show_booked(event: RideBooked, _actor: Actor) -> None:
    """Let pages look again at the days on which somebody rides."""
    _show(*event.booking_ids)


@subscribe(RideCancelled)
def show_cancelled(event: RideCancelled, _actor: Actor) -> None:
    """Let pages look again at a day on which somebody rides no more."""
    _show(event.booking_id)


def _show(*bookings: UUID) -> None:
    for day_id in set(Booking.objects.filter(pk__in=bookings).values_list("day_id", flat=True)):
        live.announce(f"transit.day:{day_id}")
