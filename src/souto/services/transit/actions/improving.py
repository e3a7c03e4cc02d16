"""Better plans between two bookings, and reminders."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from souto.foundation.audit.actions import record
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.services.transit import letters, plans
from souto.services.transit.events import PlanChanged
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, ServiceDay

#: CPU-seconds for one plan in one run, and days in one run.
BUDGET, DAYS = 2.0, 10
#: Calls for which a vehicle leaves within so many seconds stay as its driver sees them.
STEADY = 300.0
#: Seconds between two looks whether somebody has changed the plan meanwhile.
LOOK = 0.2
#: A rider is reminded so long before the vehicle comes, unless the booking is younger than that.
REMIND = timedelta(minutes=30)


def improve(*, actor: Actor, budget: float = BUDGET) -> int:
    """Look for a better plan of each day whose plan has changed since the last search; how many were found.

    It holds no lock and always yields: a plan that somebody has changed meanwhile stays, and the search ends at once. No promise is touched.
    """
    days = (
        ServiceDay.objects.select_related("version")
        .filter(forgotten_at=None, date__gte=clock.today())
        .exclude(improved_version=F("plan_version"))
        .order_by("date")[:DAYS]
    )
    return sum(_improve_day(actor, day, budget) for day in days)


def _improve_day(actor: Actor, day: ServiceDay, budget: float) -> bool:
    from souto.services.transit import dispatch

    plan = plans.read(day)
    plan = dispatch.under_way(plan, by=plan.now + STEADY)
    better = dispatch.improve(plan, dispatch.Budget(cpu_seconds=budget), stop=_changed(day.id, day.plan_version))
    with transaction.atomic():
        found = better.routes != plan.routes and dispatch.check(better).valid
        if not found:
            ServiceDay.objects.filter(pk=day.pk, plan_version=day.plan_version).update(
                improved_version=day.plan_version
            )
            return False
        if not plans.swap(day, better):
            return False
        ServiceDay.objects.filter(pk=day.pk).update(improved_version=day.plan_version + 1)
        record(
            actor=actor,
            action="transit.improve",
            subject=("transit.day", day.id),
            facts={"day": day.date.isoformat(), "saved_seconds": round(plan.cost - better.cost)},
        )
        events.publish(PlanChanged(day_id=day.id), actor=actor)
    return True


def _changed(key: UUID, version: int) -> Callable[[], bool]:
    """Whether the plan is another one by now; asked often, looked up now and then."""
    looked = time.monotonic()

    def stop() -> bool:
        nonlocal looked
        if time.monotonic() - looked < LOOK:
            return False
        looked = time.monotonic()
        return not ServiceDay.objects.filter(pk=key, plan_version=version).exists()

    return stop


def remind(*, actor: Actor) -> int:
    """Tell riders whose vehicle comes within half an hour; each once. Answers how many were told."""
    now = clock.now()
    soon = Booking.objects.filter(
        state=State.BOOKED, reminded_at=None, promised_from__gt=now, promised_from__lte=now + REMIND
    )
    told = 0
    for key in soon.values_list("id", flat=True)[:500]:
        with transaction.atomic():
            ride = (
                Booking.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("day__version__service")
                .filter(pk=key, state=State.BOOKED, reminded_at=None)
                .first()
            )
            if ride is None or ride.promised_from is None:
                continue
            ride.reminded_at = now
            ride.save(update_fields=["reminded_at"])
            # Who has booked only just now knows.
            if ride.booked_at is not None and ride.promised_from - ride.booked_at > REMIND:
                letters.soon(actor, ride)
                told += 1
    return told
