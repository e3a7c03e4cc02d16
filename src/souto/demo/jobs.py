"""Background work of the demo."""

from __future__ import annotations

from uuid import UUID

from souto.demo.riders import ride_every_week
from souto.kernel.jobs import defer, job
from souto.services.transit.actions import EngineStartingError

#: Seconds until the engine is asked again while it is being compiled or loaded, and how often.
WAIT, TRIES = 20, 30


@job("demo.ride_every_week")
def begin_weekly_ride(*, person_id: str, tries: int = 0) -> None:
    """Let a resident of the demo ride every week; later, while the engine is being compiled or loaded."""
    try:
        ride_every_week(UUID(person_id))
    except EngineStartingError:
        if tries < TRIES:
            defer("demo.ride_every_week", delay=WAIT, person_id=person_id, tries=tries + 1)
