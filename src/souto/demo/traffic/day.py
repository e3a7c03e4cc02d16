"""One look at every service that runs now."""

from __future__ import annotations

import random

from souto.demo.traffic.driving import drive
from souto.demo.traffic.riding import book_rides
from souto.kernel import clock
from souto.services.transit import calendar, plans, queries
from souto.services.transit.models import ServiceDay


def look(dice: random.Random) -> tuple[int, int]:
    """Let people book and vehicles drive on every sample service that runs today; how many bookings and reports there were."""
    booked = sent = 0
    for version in queries.services_on(day=clock.today()):
        definition = version.definition
        if not version.is_demo or calendar.why_closed(definition.hours, clock.today()) is not None:
            continue
        seconds = calendar.seconds_into(clock.today(), clock.now())
        row = plans.day_of(version, clock.today())
        if definition.hours.opens - 3600 <= seconds < definition.hours.closes - 3600:
            booked += book_rides(row, dice)
        sent += drive(ServiceDay.objects.select_related("version").get(pk=row.pk))
    return booked, sent
