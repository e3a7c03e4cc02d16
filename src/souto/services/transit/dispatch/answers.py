"""What the engine answers: an offer, or a refusal that says why and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from souto.services.transit.dispatch.model import Constraint, Promise, Request
from souto.services.transit.dispatch.plan import Plan


@dataclass(frozen=True, slots=True)
class Offer:
    """The best way to take a rider. `plan` is the plan with the rider in it and the promise given: keeping it books the ride.

    `pickup_at` and `dropoff_at` are when service is expected to begin as things stand, `promise` the windows that will hold whatever comes;
    `ride` is the expected time between leaving the pickup and reaching the drop-off, `direct` the shortest possible one. `added_cost` is
    by how much the plan's cost grows. Times in the plan's unit.
    """

    request: Request
    vehicle: str
    pickup_at: float
    dropoff_at: float
    promise: Promise
    ride: float
    direct: float
    added_cost: float
    plan: Plan


class RelaxationKind(StrEnum):
    """What a rider could give way in."""

    LATER = "later"
    """Be picked up or dropped off later than asked; `amount` says by how much at least."""
    EARLIER = "earlier"
    """Be picked up or dropped off earlier; `amount` likewise."""
    PICKUP_PLACE = "pickup_place"
    """Get in at `place`."""
    DROPOFF_PLACE = "dropoff_place"
    """Get out at `place`."""
    LONGER_RIDE = "longer_ride"
    """Ride longer than the longest ride asked for; `amount` says by how much at least."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One thing to give way in and what it brings: accepting `offer` books it."""

    kind: RelaxationKind
    offer: Offer
    amount: float = 0.0
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request cannot be taken: `constraint` is the one that binds (lifting it alone would help, or no other could), `relaxations` the
    cheapest ways out, the smallest change first.
    """

    request: Request
    constraint: Constraint
    detail: str
    relaxations: tuple[Relaxation, ...] = ()
