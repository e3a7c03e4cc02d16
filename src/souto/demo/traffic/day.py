"""One look at every sample service that runs today."""

from __future__ import annotations

import random

from souto.demo.traffic.driving import drive
from souto.demo.traffic.riding import book_rides
from souto.services.transit import queries


def look(dice: random.Random, *, samples: bool = True) -> tuple[int, int]:
    """Let people book and vehicles drive; how many bookings and reports there were."""
    booked = sent = 0
    for day in queries.running_days(samples=samples):
        booked += book_rides(day, dice)
        sent += drive(day.version.definition.slug, day.date, queries.rehearse(day))
    return booked, sent
