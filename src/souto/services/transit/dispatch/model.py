"""Words of the dispatch engine: what riders ask for, what vehicles can do, what was promised.

All values are immutable, compare by content and are cheap to make. Times are `float` in one unit for the whole plan; Souto uses
**seconds since local midnight of the service day** (a night service goes past 86,400), benchmark files bring units of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum

#: Seat kinds in the order of every vector of loads.
KINDS = ("seat", "wheelchair", "stretcher")


class ModelError(ValueError):
    """Something in a request, vehicle, network or plan contradicts itself; `constraint` says what kind of fault it is."""

    def __init__(self, constraint: Constraint, message: str) -> None:
        self.constraint = constraint
        super().__init__(message)


class Constraint(StrEnum):
    """What a plan has to keep, and therefore what can refuse a request or be found broken by the checker."""

    SAME_PLACE = "same_place"
    """Pickup and drop-off are the same place."""
    EMPTY_PARTY = "empty_party"
    """Nobody wants to ride."""
    PAST = "past"
    """The window closed before now."""
    UNREACHABLE = "unreachable"
    """No way leads from pickup to drop-off, or from any vehicle to the pickup."""
    UNKNOWN_PLACE = "unknown_place"
    """The network does not know the place."""
    PARTY = "party"
    """The party is larger than every permitted vehicle."""
    CAPACITY = "capacity"
    """Every vehicle that could come is full on the way."""
    WINDOW = "window"
    """No vehicle is there within the rider's own windows."""
    RIDE_TIME = "ride_time"
    """The maximum ride time cannot be kept, of the new rider or of those aboard."""
    PROMISE = "promise"
    """Every way to take the rider would break a promise to somebody else."""
    SHIFT = "shift"
    """The shift ends (or the longest duration is reached) before the riders are there."""
    BREAK = "break"
    """A break would be missed."""
    EXCLUSION = "exclusion"
    """Riders who must not share a vehicle, or a vehicle that this rider must not use."""
    DIRECT = "direct"
    """A ride without stops between."""
    LINK = "link"
    """The trip back would start before the trip there has ended and the stay is over."""
    PAIRING = "pairing"
    """A pickup without its drop-off in the same vehicle, twice, or never."""
    PRECEDENCE = "precedence"
    """A drop-off before its pickup."""
    FIXED = "fixed"
    """What is already driven was changed."""
    DUPLICATE = "duplicate"
    """The id is in the plan already."""


@dataclass(frozen=True, slots=True)
class Window:
    """Earliest and latest moment at which service may begin; both ends belong to it."""

    earliest: float = 0.0
    latest: float = math.inf

    def __post_init__(self) -> None:
        if math.isnan(self.earliest) or math.isnan(self.latest) or self.earliest > self.latest:
            raise ModelError(Constraint.WINDOW, f"a window cannot open at {self.earliest} and close at {self.latest}")

    def within(self, other: Window) -> bool:
        """Whether this window lies in the other."""
        return other.earliest <= self.earliest and self.latest <= other.latest

    def meet(self, other: Window) -> Window:
        """The part that both have.

        Raises
        ------
        ModelError
            They have nothing in common.
        """
        return Window(max(self.earliest, other.earliest), min(self.latest, other.latest))


@dataclass(frozen=True, slots=True)
class Seats:
    """How many of each kind: places in a vehicle, or members of a party. Whole numbers from 0."""

    seat: int = 0
    wheelchair: int = 0
    stretcher: int = 0

    def __post_init__(self) -> None:
        if min(self.vector) < 0:
            raise ModelError(Constraint.PARTY, "a number of seats is never negative")

    @property
    def vector(self) -> tuple[int, int, int]:
        """In the order of `KINDS`."""
        return (self.seat, self.wheelchair, self.stretcher)

    @property
    def total(self) -> int:
        """People of all kinds."""
        return self.seat + self.wheelchair + self.stretcher

    def fits(self, other: Seats) -> bool:
        """Whether this party finds its places in the other."""
        return all(mine <= there for mine, there in zip(self.vector, other.vector, strict=True))


@dataclass(frozen=True, slots=True)
class Visit:
    """One end of a ride: the place, when service may begin there, and how long getting in or out takes."""

    place: str
    window: Window = Window()
    service: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.service < math.inf:
            raise ModelError(Constraint.WINDOW, "a service time is finite and not negative")


@dataclass(frozen=True, slots=True)
class Request:
    """A ride that somebody asks for (予約).

    `max_ride` counts from the end of getting in to the arrival at the drop-off. `apart_from` names requests that must never be aboard at
    the same time; one side is enough. `barred` names vehicles that this party cannot use. `direct` asks for a ride without any stop
    between. `returns` names the request that this one is the trip back of: it begins `stay` or more after the end of that one's drop-off.
    `pickup_instead` and `dropoff_instead` are places near by that a refusal may propose.
    """

    id: str
    pickup: Visit
    dropoff: Visit
    party: Seats = Seats(seat=1)
    max_ride: float = math.inf
    direct: bool = False
    barred: frozenset[str] = frozenset()
    apart_from: frozenset[str] = frozenset()
    returns: str | None = None
    stay: float = 0.0
    pickup_instead: tuple[str, ...] = ()
    dropoff_instead: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if math.isnan(self.max_ride) or self.max_ride < 0:
            raise ModelError(Constraint.RIDE_TIME, "a longest ride is not negative")
        if not 0 <= self.stay < math.inf:
            raise ModelError(Constraint.LINK, "a stay is finite and not negative")


@dataclass(frozen=True, slots=True)
class Promise:
    """What a rider was told: service at the pickup and at the drop-off begins within these windows, whatever else is booked later."""

    pickup: Window
    dropoff: Window

    def tightened(self, *, pickup: Window | None = None, dropoff: Window | None = None) -> Promise:
        """A promise that says more. A promise never says less.

        Raises
        ------
        ModelError
            A new window reaches beyond the old one.
        """
        tighter = replace(self, pickup=pickup or self.pickup, dropoff=dropoff or self.dropoff)
        if not (tighter.pickup.within(self.pickup) and tighter.dropoff.within(self.dropoff)):
            raise ModelError(Constraint.PROMISE, "a promised window may tighten but never widen or move")
        return tighter


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of the driver, with nobody aboard: begins within the window at the place (at the vehicle's start if none is named)."""

    id: str
    window: Window
    duration: float
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle and its driver for one shift.

    `start` and `end` are places; without `end` the vehicle stays where it is empty. `shift.earliest` is the first moment of departure,
    `shift.latest` the last of being back (or of finishing the last drop-off where there is no `end`). `layouts` are the ways in which its
    places can be arranged, changed on the way (a wheelchair takes the room of folded seats): at every moment the riders aboard fit one of them.
    `closed`: it has broken down and takes nobody any more.
    """

    id: str
    start: str
    end: str | None
    shift: Window
    layouts: tuple[Seats, ...]
    breaks: tuple[Break, ...] = ()
    max_duration: float = math.inf
    fixed_cost: float = 0.0
    closed: bool = False

    def __post_init__(self) -> None:
        if not self.layouts:
            raise ModelError(Constraint.CAPACITY, f"vehicle {self.id} has no layout of seats")

    def carries(self, party: Seats) -> bool:
        """Whether the party finds its places in the empty vehicle, and the vehicle still takes riders."""
        return not self.closed and any(party.fits(layout) for layout in self.layouts)


@dataclass(frozen=True, slots=True)
class Objective:
    """What is made small: the sum of travel costs, plus `waiting` for each unit of time by which the new rider (`insert`) arrives
    later than possible, plus each used vehicle's `fixed_cost`. `vehicles_first` puts the number of vehicles before everything (`solve`).
    """

    waiting: float = 0.0
    vehicles_first: bool = False
    driving: float = field(default=1.0)

    def __post_init__(self) -> None:
        if not (0 <= self.waiting < math.inf and 0 < self.driving < math.inf):
            raise ModelError(Constraint.WINDOW, "weights of the objective are finite, driving above and waiting from 0")
