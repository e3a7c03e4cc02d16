"""kill -9 in the middle of a booking and of `improve`, on a real database: whole or not at all, and asking again does it once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from souto.foundation.audit.models import Entry
from souto.foundation.notifications.models import Message
from souto.kernel.actor import Actor
from souto.services.transit import actions, dispatch, plans
from souto.services.transit.actions import improving
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, BookingStep, ServiceDay
from tests.services.transit import service
from tests.services.transit.test_booking import ask, booked, rider, trip

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def die() -> None:
    """kill -9 of this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], object]) -> None:
    """Do something in a process of its own that does not survive it."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def before_the_plan_is_stored(who: Actor, offer: Booking) -> None:
    """The engine has found the place."""
    plans.swap = lambda *_: die()  # type: ignore[assignment,return-value]
    actions.book(actor=who, booking_id=offer.id)


def before_the_commit(who: Actor, offer: Booking) -> None:
    """Plan, booking, audit and message are written, and not committed."""
    with transaction.atomic():
        actions.book(actor=who, booking_id=offer.id)
        die()


def before_the_answer(who: Actor, offer: Booking) -> None:
    """Everything is committed; the rider hears nothing of it."""
    actions.book(actor=who, booking_id=offer.id)
    die()


def traces(offer: Booking) -> dict[str, object]:
    """Everything that a booking leaves."""
    return {
        "state": Booking.objects.get(pk=offer.id).state,
        "steps": BookingStep.objects.filter(booking_id=offer.id).count(),
        "messages": Message.objects.filter(person_id=offer.person_id).count(),
        "in the plan": str(offer.id) in plans.read(ServiceDay.objects.get()).requests,
        "plan version": ServiceDay.objects.get().plan_version,
        "audit": Entry.objects.filter(subject_id=offer.id).count(),
    }


@pytest.mark.parametrize(
    ("moment", "whole"), [(before_the_plan_is_stored, False), (before_the_commit, False), (before_the_answer, True)]
)
def test_killed_while_booking_it_is_booked_whole_or_not_at_all(
    moment: Callable[[Actor, Booking], None], whole: bool
) -> None:
    service.published()
    other, who = rider(), rider()
    booked(other, trip("clinic", "market", at=14 * 3600))
    offer = ask(who)
    before = traces(offer)

    killed(lambda: moment(who, offer))

    after = traces(offer)
    if whole:
        assert after["state"] == State.BOOKED
        assert after["in the plan"]
        assert (after["steps"], after["messages"]) == (1, 1)
        assert after["plan version"] == before["plan version"] + 1  # type: ignore[operator]
    else:
        assert after == before

    again = actions.book(actor=who, booking_id=offer.id)
    twice = actions.book(actor=who, booking_id=offer.id)

    assert again.state == twice.state == State.BOOKED
    done = traces(offer)
    assert done["in the plan"]
    assert (done["steps"], done["messages"]) == (1, 1)
    assert done["plan version"] == before["plan version"] + 1  # type: ignore[operator]
    plan = plans.read(ServiceDay.objects.get())
    assert len(plan.requests) == 2
    assert dispatch.check(plan).valid
    assert (again.promised_from, again.promised_to) == (offer.promised_from, offer.promised_to)


def in_the_search() -> None:
    """The search looks whether it shall stop."""
    improving._changed = lambda *_: lambda: bool(die())  # type: ignore[assignment,func-returns-value]
    actions.improve(actor=service.SYSTEM, budget=5.0)


def before_the_better_plan_is_committed() -> None:
    """The better plan is in the row, and not committed."""
    improving.record = lambda **_: die()  # type: ignore[attr-defined]
    actions.improve(actor=service.SYSTEM, budget=1.0)


def after_the_better_plan_is_committed() -> None:
    """The better plan holds."""
    assert actions.improve(actor=service.SYSTEM, budget=1.0) == 1
    die()


@pytest.mark.parametrize(
    ("moment", "whole"),
    [(in_the_search, False), (before_the_better_plan_is_committed, False), (after_the_better_plan_is_committed, True)],
)
def test_killed_while_improving_the_plan_is_the_old_or_the_better_one(moment: Callable[[], None], whole: bool) -> None:
    rides = detour()
    before = ServiceDay.objects.get()
    cost = plans.read(before).cost

    killed(moment)

    after = ServiceDay.objects.get()
    assert (after.plan_version > before.plan_version) == whole
    assert (after.improved_version == after.plan_version) == whole
    assert (plans.read(after).cost < cost) == whole

    actions.improve(actor=service.SYSTEM, budget=1.0)  # the next minute's job

    day = ServiceDay.objects.get()
    plan = plans.read(day)
    assert day.improved_version == day.plan_version == before.plan_version + 1
    assert plan.cost < cost
    assert dispatch.check(plan).valid
    assert set(plan.requests) == {str(ride.id) for ride in rides}
    kept = {ride.id: (ride.promised_from, ride.promised_to, ride.promised_arrival) for ride in rides}
    assert {r.id: (r.promised_from, r.promised_to, r.promised_arrival) for r in Booking.objects.all()} == kept
    assert Entry.objects.filter(action="transit.improve").count() == 1


def detour() -> list[Booking]:
    """Two riders at the same time in two vehicles, where one vehicle would do."""
    two = [{**service.BODY["vehicles"][0], "code": code, "name": {"ja": code}} for code in ("v1", "v2")]
    service.published(vehicles=two)
    rides = [booked(rider()) for _ in range(2)]
    day = ServiceDay.objects.select_related("version").get()
    plan = plans.read(day)
    home = plan.route_of(str(rides[1].id))
    assert home is not None
    moved = dispatch.move(plan, str(rides[1].id), "v2" if home.vehicle == "v1" else "v1")
    assert moved.harmless
    assert moved.plan.cost > plan.cost
    with transaction.atomic():
        assert plans.swap(day, moved.plan)
    return rides
