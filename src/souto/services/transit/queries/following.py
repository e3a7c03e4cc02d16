"""Where a rider's own vehicle is, from a little before the pickup until she gets off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from souto.kernel import clock
from souto.services.transit.definition import VehicleRule
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking
from souto.services.transit.queries.running import vehicles_now

#: How long before the pickup a rider begins to see her vehicle.
BEFORE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Following:
    """A rider's vehicle as things stand. `lat`, `lon` in degrees, `reported` where the vehicle said so just now, else worked out from the plan; `at_stop`: it waits at her
    stop; `aboard`: she rides; `expected`: when it picks her up, or, once she rides, when she arrives; `heard`: when it last said anything.
    """

    vehicle: VehicleRule
    lat: float
    lon: float
    reported: bool
    at_stop: bool
    aboard: bool
    expected: datetime | None
    heard: datetime | None

    @property
    def minutes(self) -> int:
        """Minutes until `expected`, never negative."""
        left = (self.expected - clock.now()).total_seconds() if self.expected else 0.0
        return max(0, round(left / 60))


def follows_from(booking: Booking) -> datetime | None:
    """From when a rider may see her vehicle."""
    first = booking.revised_from or booking.promised_from
    return first - BEFORE if first is not None else None


def following(booking: Booking) -> Following | None:
    """The vehicle of a ride, on its day and while it concerns the rider; None otherwise. The caller has passed the booking's gate."""
    since = follows_from(booking)
    day = booking.day
    if booking.state not in {State.BOOKED, State.ABOARD} or since is None or day.forgotten_at is not None:
        return None
    if day.date != clock.today() or (booking.state == State.BOOKED and clock.now() < since):
        return None
    for vehicle in vehicles_now(day):
        mine = {call.kind: call for call in vehicle.calls if call.booking == booking.id}
        rule = day.version.definition.vehicle(vehicle.code)
        if "dropoff" not in mine or mine["dropoff"].done or rule is None:
            continue
        aboard = booking.state == State.ABOARD or vehicle.aboard.count(booking.id) > 0
        pickup = mine.get("pickup")
        at_stop = not aboard and booking.met_at is not None
        target = mine["dropoff"] if aboard else pickup
        return Following(
            vehicle=rule,
            lat=vehicle.lat,
            lon=vehicle.lon,
            reported=vehicle.reported,
            at_stop=at_stop,
            aboard=aboard,
            expected=target.expected if target else None,
            heard=vehicle.heard,
        )
    return None
