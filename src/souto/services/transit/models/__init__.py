"""The records of this room. Workflow stands in `lifecycle` and `actions`."""

from __future__ import annotations

from souto.services.transit.models.alerts import Cause, Effect, ServiceAlert
from souto.services.transit.models.bookings import (
    Booking,
    BookingStep,
    Contact,
    FareCollection,
    ServiceDay,
    TripRow,
    WayOut,
)
from souto.services.transit.models.costs import MonthlyCost
from souto.services.transit.models.dropped import DroppedReport
from souto.services.transit.models.running import EventKind, VehicleEvent, VehiclePosition
from souto.services.transit.models.services import Service, ServiceVersion, VersionState
from souto.services.transit.models.simulations import Comparison, ComparisonState, Simulation
from souto.services.transit.models.wishes import Favourite, Series, SeriesDay

__all__ = [
    "Booking",
    "BookingStep",
    "Cause",
    "Comparison",
    "ComparisonState",
    "Contact",
    "DroppedReport",
    "Effect",
    "EventKind",
    "FareCollection",
    "Favourite",
    "MonthlyCost",
    "Series",
    "SeriesDay",
    "Service",
    "ServiceAlert",
    "ServiceDay",
    "ServiceVersion",
    "Simulation",
    "TripRow",
    "VehicleEvent",
    "VehiclePosition",
    "VersionState",
    "WayOut",
]
