"""What dispatchers do: move a ride by hand, fetch the riders of a vehicle that broke down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, SoutoError
from souto.kernel.ids import new_id
from souto.services.transit import answers, calendar, letters, plans, queries
from souto.services.transit.actions.booking import TRIES, BusyError
from souto.services.transit.actions.driving import settle
from souto.services.transit.events import PlanChanged
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, EventKind, ServiceDay, VehicleEvent

if TYPE_CHECKING:
    from souto.services.transit import dispatch


class MoveRefusedError(ConflictError):
    """The ride does not fit into the vehicle at all: too few places, a vehicle that the party cannot use, a break that would be spent with riders aboard."""

    message = "この車両には乗せられません。座席、車いすの場所、休憩を確かめてください。"


class MoveBreaksError(SoutoError):
    """Promises would break, and nobody has agreed to that; or the plan has changed since they were looked at."""

    message = "この変更をすると、守れなくなる約束があります。内容を確かめてから、もう一度保存してください。"


class NotRunningError(ConflictError):
    """The vehicle is out of service already."""

    message = "この車両は、もう運行を止めています。"


@transaction.atomic
def move(*, actor: Actor, booking_id: UUID, vehicle: str, seen: int, accept: bool = False) -> Booking:
    """Put a booked ride onto another vehicle (or elsewhere on its own), at the place where it breaks least.

    `seen`: the plan's version that the preview (`queries.preview_move`) was made on. What it breaks is accepted by `accept`: those riders are told their new times; what was
    promised to them stays on record.

    Raises `ForbiddenError`, `NotFoundError`, `RideFixedError`, `MoveRefusedError`, `MoveBreaksError` (also where the plan has changed and the preview is not true any more).
    """
    from souto.services.transit import dispatch

    actor.require(queries.OPERATE)
    booking = queries.access_booking(actor=actor, booking_id=booking_id, lock=True)
    if booking.state != State.BOOKED:
        raise queries.RideFixedError
    day = ServiceDay.objects.select_related("version").get(pk=booking.day_id)
    made = queries.moved(plans.read(day), booking, vehicle)
    if queries.impossible(made):
        raise MoveRefusedError
    if not made.harmless and (not accept or day.plan_version != seen):
        raise MoveBreaksError
    plan = made.plan
    late = sorted({call.id for call, _ in made.late if call is not None and call.kind is not dispatch.CallKind.BREAK})
    changed = []
    for key in late:
        promise = _new_promise(plan, key, day)
        plan = dispatch.reworded(plan, key, promise)
        changed.append((UUID(key), promise))
    if not plans.swap(day, plan):
        raise BusyError
    record(
        actor=actor,
        action="transit.move",
        subject=("transit.booking", booking.id),
        facts={"vehicle": vehicle, "broken": len(late), "day": day.date.isoformat()},
    )
    _tell(actor, day, changed)
    events.publish(PlanChanged(day_id=day.id), actor=actor)
    booking.refresh_from_db()
    return booking


def _new_promise(plan: dispatch.Plan, key: str, day: ServiceDay) -> dispatch.Promise:
    """What can be promised to a rider as the plan stands: the expected moments with the service's usual room, no narrower than what still holds."""
    from souto.services.transit.dispatch import CallKind, Promise, Window, timetable

    route = plan.route_of(key)
    if route is None:
        raise MoveRefusedError
    moments = dict(zip(route.calls, timetable(plan, plan.position(route.vehicle)).calls, strict=True))
    at = {call.kind: moment for call, moment in moments.items() if call.id == key}
    slack, old = answers.slack(day.version.definition), plan.promises.get(key)
    pickup = Window(max(0.0, at[CallKind.PICKUP] - slack.before), at[CallKind.PICKUP] + slack.after)
    dropoff = Window(plan.requests[key].dropoff.window.earliest, at[CallKind.DROPOFF] + slack.arrival)
    if old is not None and at[CallKind.PICKUP] <= old.pickup.latest:
        pickup = old.pickup
    if old is not None and at[CallKind.DROPOFF] <= old.dropoff.latest:
        dropoff = old.dropoff
    return Promise(pickup, dropoff)


def _tell(actor: Actor, day: ServiceDay, changed: list[tuple[UUID, dispatch.Promise]]) -> None:
    """Note new times on bookings and tell their riders."""
    promises = dict(changed)
    for ride in Booking.objects.select_for_update(of=("self",)).filter(pk__in=promises).order_by("id"):
        promise = promises[ride.id]
        ride.revised_from = calendar.instant_at(day.date, promise.pickup.earliest)
        ride.revised_to = calendar.instant_at(day.date, promise.pickup.latest)
        ride.revised_arrival = calendar.instant_at(day.date, promise.dropoff.latest)
        ride.save(update_fields=["revised_from", "revised_to", "revised_arrival"])
        letters.later(actor, ride)


@dataclass(frozen=True, slots=True)
class BrokenDown:
    """What became of the riders of a vehicle that stopped: ids of those who are fetched as promised, later, or by nobody yet."""

    kept: tuple[UUID, ...]
    later: tuple[UUID, ...]
    stranded: tuple[UUID, ...]


@transaction.atomic
def break_down(*, actor: Actor, slug: str, day: date, vehicle: str, stop: str = "") -> BrokenDown:
    """Take a vehicle out of service where it stands and find another one for each of its riders, those aboard first. One action, one plan.

    `stop`: where the riders wait; left out, the stop nearest to where the vehicle was last.

    Raises `ForbiddenError`, `NotFoundError`, `NotRunningError`, `BusyError`.
    """
    from souto.services.transit import dispatch

    actor.require(queries.OPERATE)
    row = queries.access_vehicle(actor=actor, slug=slug, day=day, vehicle=vehicle)
    for _ in range(TRIES):
        current = ServiceDay.objects.select_related("version").get(pk=row.pk)
        plan = plans.read(current)
        if plan.vehicles[plan.position(vehicle)].closed:
            raise NotRunningError
        place = stop if current.version.definition.stop(stop) else queries.stands_at(current, plan, vehicle)
        shut = dispatch.close(plan, vehicle, at=plan.now, place=place)
        found = dispatch.rescue(
            shut.plan,
            [*sorted(shut.aboard, key=_by_arrival), *sorted(shut.waiting, key=_by_pickup)],
            slack=answers.slack(current.version.definition),
        )
        if plans.swap(current, found.plan):
            break
    else:
        raise BusyError
    now = clock.now()
    VehicleEvent.objects.create(
        id=new_id(),
        day=row,
        vehicle=vehicle,
        kind=EventKind.BROKE_DOWN,
        at=now,
        staff_id=actor.id if actor.is_staff else None,
    )
    for key in shut.there:
        ride = Booking.objects.select_for_update(of=("self",)).select_related("day").get(pk=UUID(key))
        VehicleEvent.objects.create(
            id=new_id(), day=row, vehicle=vehicle, kind=EventKind.ALIGHTED, booking=ride, at=now
        )
        settle(actor, ride)
    record(
        actor=actor,
        action="transit.break_down",
        subject=("transit.day", row.id),
        facts={
            "vehicle": vehicle,
            "day": day.isoformat(),
            "kept": len(found.kept),
            "later": len(found.later),
            "stranded": len(found.stranded),
        },
    )
    _tell(actor, current, [(UUID(offer.request.id), offer.promise) for offer in found.later])
    for ride in Booking.objects.filter(pk__in=[UUID(key) for key in found.stranded]).order_by("id"):
        letters.stranded(actor, ride)
    events.publish(PlanChanged(day_id=row.id), actor=actor)
    return BrokenDown(
        tuple(UUID(key) for key in found.kept),
        tuple(UUID(offer.request.id) for offer in found.later),
        tuple(UUID(key) for key in found.stranded),
    )


def _by_arrival(rider: tuple[dispatch.Request, dispatch.Promise | None]) -> float:
    return rider[1].dropoff.latest if rider[1] else rider[0].dropoff.window.latest


def _by_pickup(rider: tuple[dispatch.Request, dispatch.Promise | None]) -> float:
    return rider[1].pickup.latest if rider[1] else rider[0].pickup.window.latest
