"""What moving a ride by hand would break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError
from souto.services.transit import calendar, plans
from souto.services.transit.models import Booking, ServiceDay
from souto.services.transit.queries.bookings import OPERATE, access_booking

if TYPE_CHECKING:
    from souto.services.transit import dispatch


class RideFixedError(ConflictError):
    """The rider is aboard, or a vehicle is on its way to the stop."""

    message = "乗車中か、車両がもう向かっているため、この乗車は動かせません。"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do. `version`: the plan that it was made on; `late`: rides and by how many seconds; `seconds`: driving more (or less)."""

    version: int
    possible: bool
    late: tuple[tuple[UUID, str, float], ...]
    faults: tuple[str, ...]
    expected_pickup: datetime | None
    expected_arrival: datetime | None
    seconds: float

    @property
    def harmless(self) -> bool:
        """Whether every promise still holds."""
        return self.possible and not self.late and not self.faults


def preview_move(*, actor: Actor, booking_id: UUID, vehicle: str) -> Preview:
    """What moving a booked ride to a vehicle would break. Raises `ForbiddenError`, `NotFoundError`, `RideFixedError`."""
    from souto.services.transit.dispatch import CallKind, timetable

    actor.require(OPERATE)
    booking = access_booking(actor=actor, booking_id=booking_id)
    day = ServiceDay.objects.select_related("version").get(pk=booking.day_id)
    plan = plans.read(day)
    made = moved(plan, booking, vehicle)
    route = made.plan.route_of(str(booking.id))
    at: dict[str, float] = {}
    if route is not None:
        moments = timetable(made.plan, made.plan.position(route.vehicle)).calls
        at = {
            call.kind.value: moment
            for call, moment in zip(route.calls, moments, strict=True)
            if call.id == str(booking.id)
        }
    return Preview(
        version=day.plan_version,
        possible=not impossible(made),
        late=tuple(
            (UUID(call.id.partition("@")[0]), call.kind.value, by)
            for call, by in made.late
            if call is not None and call.kind is not CallKind.BREAK
        ),
        faults=tuple(fault.constraint.value for fault in made.broken)
        + tuple(
            "shift" if call is None else "break" for call, _ in made.late if call is None or call.kind is CallKind.BREAK
        ),
        expected_pickup=calendar.instant_at(day.date, at["pickup"]) if at else None,
        expected_arrival=calendar.instant_at(day.date, at["dropoff"]) if at else None,
        seconds=made.plan.cost - plan.cost,
    )


def moved(plan: dispatch.Plan, booking: Booking, vehicle: str) -> dispatch.Moved:
    """The plan with a ride on another vehicle. Raises `NotFoundError`, `RideFixedError`."""
    from souto.services.transit.dispatch import Constraint, ModelError, move

    try:
        return move(plan, str(booking.id), vehicle)
    except ModelError as error:
        if error.constraint is Constraint.FIXED:
            raise RideFixedError from error
        raise NotFoundError from error


def impossible(made: dispatch.Moved) -> bool:
    """Whether a move cannot be done at all, whatever anybody accepts."""
    from souto.services.transit.dispatch import Constraint

    never = {Constraint.CAPACITY, Constraint.EXCLUSION, Constraint.PAIRING, Constraint.PRECEDENCE, Constraint.BREAK}
    return any(fault.constraint in never for fault in made.broken)
