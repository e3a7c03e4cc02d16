"""Background work of the demo."""

from __future__ import annotations

from uuid import UUID

from souto.demo.riders import ride_every_week
from souto.kernel.jobs import job


@job("demo.ride_every_week", attempts=8)
def begin_weekly_ride(*, person_id: str) -> None:
    """Let a resident of the demo ride every week; again later while the engine is being loaded."""
    ride_every_week(UUID(person_id))
