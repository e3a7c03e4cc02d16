"""On which days a service runs, and for which day one can book now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from souto.kernel import clock
from souto.kernel.calendar import holiday_name
from souto.services.transit.definition import Hours, ServiceDefinition, Weekday


class Closed(StrEnum):
    """Why a service does not run on a day."""

    WEEKDAY = "weekday"
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed_day"


def why_closed(hours: Hours, day: date) -> Closed | None:
    """Why the service does not run on a day; None: it runs."""
    if day in hours.closed:
        return Closed.CLOSED_DAY
    if list(Weekday)[day.weekday()] not in hours.weekdays:
        return Closed.WEEKDAY
    if hours.closed_on_holidays and holiday_name(day) is not None:
        return Closed.HOLIDAY
    return None


def seconds_into(day: date, instant: datetime) -> float:
    """Seconds from the midnight (Asia/Tokyo) with which a service day begins to an instant; negative before it."""
    return (instant - datetime.combine(day, time.min, clock.TOKYO)).total_seconds()


def instant_at(day: date, seconds: float) -> datetime:
    """The instant so many seconds after the midnight with which a service day begins."""
    return datetime.combine(day, time.min, clock.TOKYO) + timedelta(seconds=seconds)


def bookable_days(definition: ServiceDefinition, today: date) -> list[date]:
    """The days for which one can book now, soonest first."""
    days = (today + timedelta(days=ahead) for ahead in range(definition.booking.opens_days + 1))
    return [day for day in days if why_closed(definition.hours, day) is None]
