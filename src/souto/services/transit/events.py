"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ServicePublished:
    """A version of a service holds from a day on."""

    version_id: UUID
    slug: str


@dataclass(frozen=True, slots=True)
class RideBooked:
    """Rides were booked: one, or there and back."""

    booking_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RideEnded:
    """A rider got off, or was not there; `state` says which."""

    booking_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """The plan of a service day is another one: booked, given up, driven, moved or improved."""

    day_id: UUID


@dataclass(frozen=True, slots=True)
class RideCancelled:
    """A booked ride was given up; its place is free."""

    booking_id: UUID


@dataclass(frozen=True, slots=True)
class VehicleSeen:
    """A vehicle told where it is, and nothing else: the plan is the same."""

    day_id: UUID
