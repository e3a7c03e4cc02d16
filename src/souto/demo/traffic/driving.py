"""Vehicles of the demo, driven by the plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.transit import actions, queries
from souto.services.transit.actions import EventKind

SYSTEM = Actor.system("demo.traffic")
#: One rider in so many is not there.
ABSENT = 40
#: A vehicle waits so long for who is not there, unless somebody else would then wait in vain.
PATIENCE = timedelta(minutes=3)
#: So often a vehicle says where it is.
POSITION = timedelta(seconds=12)
#: A driver takes up to so many seconds longer than planned.
DAWDLE = 40


def drive(slug: str, day: date, vehicles: list[queries.Rehearsed]) -> int:
    """Let every vehicle report what is due, once; how many reports were sent."""
    now = clock.now()
    sent = 0
    for vehicle in vehicles:
        due = [one for one in _happening(vehicle, day) if one.at <= now]
        if not due and vehicle.heard is not None and now - vehicle.heard < POSITION:
            continue
        seen = actions.Seen(vehicle.lat, vehicle.lon, now)
        actions.report(actor=SYSTEM, slug=slug, day=day, vehicle=vehicle.code, reports=due, seen=seen)
        sent += len(due)
    return sent


def _happening(vehicle: queries.Rehearsed, day: date) -> Iterator[actions.Report]:
    """What happens as it would in life: a little later than planned, and now and then somebody is not there."""
    for due in vehicle.next:
        key = str(due.booking or f"{due.kind} {due.at.isoformat()}")
        room = timedelta(seconds=due.room)
        later = min(room, timedelta(seconds=_number(key, DAWDLE)))
        at = due.at + later
        if due.kind != EventKind.BOARDED:
            yield _report(day, vehicle.code, due.kind, at, due.booking)
            continue
        if not due.there:
            yield _report(day, vehicle.code, EventKind.ARRIVED, at, due.booking)
        absent = _number(f"absent {key}", ABSENT) == 0
        wait = min(PATIENCE, room - later) if absent else timedelta(0)
        kind = EventKind.NO_SHOW if absent else EventKind.BOARDED
        yield _report(day, vehicle.code, kind, at + wait, due.booking)


def _report(day: date, vehicle: str, kind: EventKind, at: datetime, booking: UUID | None) -> actions.Report:
    """With an id that is the same each time, so that nothing is said twice."""
    key = uuid5(NAMESPACE_URL, f"{day}/{vehicle}/{kind}/{booking or at.isoformat()}")
    return actions.Report(key, kind, at, booking)


def _number(key: str, below: int) -> int:
    """A number from 0 that is the same for the same key each time."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) % below
