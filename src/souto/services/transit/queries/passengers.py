"""Who rides on a day, for those who drive and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from souto.foundation.identity import queries as people
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, ServiceDay


@dataclass(frozen=True, slots=True)
class Passenger:
    """Who rides, for the driver and the desk: how to call them, how many, what is to be paid."""

    id: UUID
    name: str
    phone: str
    riders: Mapping[str, int]
    party: int
    wheelchairs: int
    fare: int
    state: str
    origin: str
    goal: str


def passengers(day: ServiceDay, *, booking_id: UUID | None = None) -> dict[UUID, Passenger]:
    """Everybody who is booked on a service day, or only one of them. The caller has passed a gate for vehicles or desks."""
    booked = Booking.objects.filter(day=day, forgotten_at=None).exclude(state__in=[State.OFFERED, State.REFUSED])
    rides = list(booked if booking_id is None else booked.filter(pk=booking_id))
    names = people.named(ride.person_id for ride in rides if ride.person_id)
    found = {}
    for ride in rides:
        contact, trip = ride.contact, ride.trip
        name, kana = names.get(ride.person_id, ("", "")) if ride.person_id else ("", "")
        found[ride.id] = Passenger(
            id=ride.id,
            name=(kana or name) if ride.person_id else (contact or {"name": "", "phone": ""})["name"],
            phone=contact["phone"] if contact else "",
            riders=ride.riders,
            party=ride.party,
            wheelchairs=ride.wheelchairs,
            fare=ride.fare,
            state=ride.state,
            origin=trip["origin"],
            goal=trip["goal"],
        )
    return found
