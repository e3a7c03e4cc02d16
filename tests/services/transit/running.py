"""A day that runs: a clock to set, vehicles that report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.ids import new_id
from souto.services.transit import actions, dispatch, plans
from souto.services.transit.models import Booking, EventKind, ServiceDay
from tests.services.transit import service

TWO = [
    {**service.BODY["vehicles"][0]},
    {**service.BODY["vehicles"][0], "code": "v2", "name": {"ja": "2号車"}},
]
DRIVER = service.staff("transit.drive")
DISPATCHER = service.staff("transit.operate", "transit.drive")

SetClock = Callable[[str], datetime]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock to a time of the day for which the tests book: `at("9:05")`."""
    day = service.tomorrow()

    def set_clock(text: str) -> datetime:
        hour, minute = text.split(":")
        moment = datetime.combine(day, time(int(hour), int(minute)), clock.TOKYO)
        monkeypatch.setattr(clock, "real_now", lambda: moment)
        return moment

    return set_clock


def said(
    kind: EventKind, moment: datetime, booking: Booking | None = None, *, key: UUID | None = None
) -> actions.Report:
    """One thing that a tablet kept."""
    return actions.Report(key or new_id(), kind, moment, booking.id if booking else None)


def tell(
    *reports: actions.Report,
    vehicle: str = "v1",
    actor: Actor | None = None,
    sent: datetime | None = None,
    seen: actions.Seen | None = None,
) -> actions.Taken:
    """A tablet delivers."""
    return actions.report(
        actor=actor or SYSTEM,
        slug="south",
        day=clock.today(),
        vehicle=vehicle,
        reports=reports,
        sent_at=sent,
        seen=seen,
    )


SYSTEM = service.SYSTEM


def minutes(number: float) -> timedelta:
    """A span of minutes."""
    return timedelta(minutes=number)


def plan_now() -> dispatch.Plan:
    """The plan of the only day as another process would read it."""
    return plans.read(ServiceDay.objects.select_related("version").get())
