"""Reading services, bookings and plans."""

from __future__ import annotations

from souto.services.transit.queries.bookings import (
    OPERATE,
    access_booking,
    bookings_of,
    expected,
    open_bookings,
    trip_of,
    way_back,
)
from souto.services.transit.queries.callers import Caller, caller
from souto.services.transit.queries.services import (
    access_version,
    alternatives,
    first_day,
    published_on,
    services_from,
    services_on,
    versions,
)

__all__ = [
    "OPERATE",
    "Caller",
    "access_booking",
    "access_version",
    "alternatives",
    "bookings_of",
    "caller",
    "expected",
    "first_day",
    "open_bookings",
    "published_on",
    "services_from",
    "services_on",
    "trip_of",
    "versions",
    "way_back",
]
