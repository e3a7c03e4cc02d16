"""The life of a booking (予約): one table.

An offer that nobody takes is no booking: it is removed. The reason of a refusal and what would help are data of the record.
"""

from __future__ import annotations

from enum import StrEnum

from souto.kernel.actor import ActorKind
from souto.kernel.lifecycle import Lifecycle, step


class State(StrEnum):
    """Where a booking stands."""

    OFFERED = "offered"
    REFUSED = "refused"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    ABOARD = "aboard"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


#: Rides that are to come, under way, or over: what was promised and not given up.
RIDES = (State.BOOKED, State.ABOARD, State.COMPLETED)


_RESIDENT, _STAFF, _SYSTEM = ActorKind.RESIDENT, ActorKind.STAFF, ActorKind.SYSTEM

BOOKING = Lifecycle(
    name="予約",
    initial=State.OFFERED,
    transitions=(
        step("book", State.OFFERED, State.BOOKED, _RESIDENT, _STAFF, _SYSTEM),
        # The offer had gone when the rider took it, and no other is possible.
        step("refuse", State.OFFERED, State.REFUSED, _RESIDENT, _STAFF, _SYSTEM),
        step("cancel", State.BOOKED, State.CANCELLED, _RESIDENT, _STAFF, _SYSTEM),
        # Another booking has taken its place.
        step("replace", State.BOOKED, State.CANCELLED, _RESIDENT, _STAFF, _SYSTEM),
        # What the vehicle reports wins over everything else: whoever sits in it rides, and reports come late and out of order.
        step("board", (State.BOOKED, State.NO_SHOW, State.CANCELLED), State.ABOARD, _STAFF, _SYSTEM),
        step("alight", (State.BOOKED, State.ABOARD, State.NO_SHOW, State.CANCELLED), State.COMPLETED, _STAFF, _SYSTEM),
        step("miss", (State.BOOKED, State.ABOARD), State.NO_SHOW, _STAFF, _SYSTEM),
    ),
)
