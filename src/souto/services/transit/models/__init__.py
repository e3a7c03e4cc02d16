"""The records of this room. Workflow stands in `lifecycle` and `actions`."""

from __future__ import annotations

from souto.services.transit.models.bookings import Booking, BookingStep, Contact, ServiceDay, TripRow, WayOut
from souto.services.transit.models.services import Service, ServiceVersion, VersionState

__all__ = [
    "Booking",
    "BookingStep",
    "Contact",
    "Service",
    "ServiceDay",
    "ServiceVersion",
    "TripRow",
    "VersionState",
    "WayOut",
]
