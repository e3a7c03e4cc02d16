"""Reading services, bookings and plans."""

from __future__ import annotations

from souto.services.transit.queries.alerts import open_alerts, past_alerts
from souto.services.transit.queries.bookings import (
    OPERATE,
    access_booking,
    access_ride,
    bookings_of,
    expected,
    open_bookings,
    trip_of,
    way_back,
)
from souto.services.transit.queries.callers import Caller, caller
from souto.services.transit.queries.costs import costs
from souto.services.transit.queries.driving import Duty, Sheet, dropped_reports, on_duty, sheet
from souto.services.transit.queries.fares import Fare, FareState, fare_of
from souto.services.transit.queries.moves import Preview, RideFixedError, impossible, moved, preview_move
from souto.services.transit.queries.passengers import Passenger, passengers
from souto.services.transit.queries.rehearsal import Due, Rehearsed, rehearse, rides_ahead, running_days
from souto.services.transit.queries.running import (
    DRIVE,
    FRESH,
    Doing,
    Planned,
    Risk,
    VehicleNow,
    access_day,
    access_vehicle,
    at_risk,
    planned,
    stands_at,
    stranded,
    strays,
    vehicles_now,
    worked_out,
)
from souto.services.transit.queries.services import (
    access_version,
    alternatives,
    any_published,
    first_day,
    published_on,
    services_from,
    services_on,
    versions,
)

__all__ = [
    "DRIVE",
    "FRESH",
    "OPERATE",
    "Caller",
    "Doing",
    "Due",
    "Duty",
    "Fare",
    "FareState",
    "Passenger",
    "Planned",
    "Preview",
    "Rehearsed",
    "RideFixedError",
    "Risk",
    "Sheet",
    "VehicleNow",
    "access_booking",
    "access_day",
    "access_ride",
    "access_vehicle",
    "access_version",
    "alternatives",
    "any_published",
    "at_risk",
    "bookings_of",
    "caller",
    "costs",
    "dropped_reports",
    "expected",
    "fare_of",
    "first_day",
    "impossible",
    "moved",
    "on_duty",
    "open_alerts",
    "open_bookings",
    "passengers",
    "past_alerts",
    "planned",
    "preview_move",
    "published_on",
    "rehearse",
    "rides_ahead",
    "running_days",
    "services_from",
    "services_on",
    "sheet",
    "stands_at",
    "stranded",
    "strays",
    "trip_of",
    "vehicles_now",
    "versions",
    "way_back",
    "worked_out",
]
