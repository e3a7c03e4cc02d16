"""The plan (運行計画): who rides in which vehicle, in which order, and what is already driven. A value: every change makes a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Self

from souto.services.transit.dispatch.model import Constraint, ModelError, Objective, Promise, Request, Vehicle, Visit
from souto.services.transit.dispatch.network import Network


class CallKind(StrEnum):
    """What a vehicle does at a call."""

    PICKUP = "pickup"
    DROPOFF = "dropoff"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Call:
    """A stop of a route: which end of which request, or which break of the vehicle."""

    kind: CallKind
    id: str


@dataclass(frozen=True, slots=True)
class Route:
    """The calls of one vehicle in their order, without its start and end.

    The first `fixed` calls are driven or being driven to: nothing may change or come between them. `began` holds the moments at which service
    really began at the first of them. Riders aboard are those whose pickup is fixed and whose drop-off is not.
    """

    vehicle: str
    calls: tuple[Call, ...] = ()
    fixed: int = 0
    began: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.began) <= self.fixed <= len(self.calls):
            raise ModelError(Constraint.FIXED, f"route of {self.vehicle}: driven <= fixed <= all calls does not hold")

    @property
    def riders(self) -> tuple[str, ...]:
        """Ids of the requests that this route picks up, in order."""
        return tuple(call.id for call in self.calls if call.kind is CallKind.PICKUP)

    @property
    def used(self) -> bool:
        """Whether the route serves anybody."""
        return any(call.kind is not CallKind.BREAK for call in self.calls)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A service's plan for a day: an immutable value, kept by a service as JSON in a versioned row (`to_json`, `from_json`).

    `routes[k]` belongs to `vehicles[k]`. `requests` holds everybody who is served or listed in `unserved`; `promises` what was said to them. `now` is
    the moment up to which the world is known; it never goes back. The network is not part of the JSON, only its fingerprint. Compiled arrays
    are kept beside the value and handed on to the plans made from it, so that a change costs its route and not the plan.
    """

    network: Network
    vehicles: tuple[Vehicle, ...]
    routes: tuple[Route, ...]
    requests: Mapping[str, Request] = field(default_factory=lambda: MappingProxyType({}))
    promises: Mapping[str, Promise] = field(default_factory=lambda: MappingProxyType({}))
    unserved: tuple[str, ...] = ()
    now: float = 0.0
    objective: Objective = field(default_factory=Objective)
    _memory: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def empty(
        cls, network: Network, vehicles: Iterable[Vehicle], *, now: float = 0.0, objective: Objective | None = None
    ) -> Self:
        """A plan in which nobody rides yet: every vehicle takes its breaks and nothing else.

        Raises
        ------
        ModelError
            Two vehicles with one id, a place that the network does not know.
        """
        fleet = tuple(vehicles)
        if len({vehicle.id for vehicle in fleet}) != len(fleet):
            raise ModelError(Constraint.DUPLICATE, "two vehicles have the same id")
        for vehicle in fleet:
            for place in (vehicle.start, vehicle.end, *(rest.place for rest in vehicle.breaks)):
                if place is not None:
                    network.place(place)
        routes = tuple(
            Route(vehicle.id, tuple(Call(CallKind.BREAK, rest.id) for rest in _in_order(vehicle))) for vehicle in fleet
        )
        return cls(network, fleet, routes, now=now, objective=objective or Objective())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash((self.routes, self.now))

    def _content(self) -> tuple[object, ...]:
        return (
            self.network, self.vehicles, self.routes, dict(self.requests), dict(self.promises), self.unserved, self.now,
            self.objective,
        )  # fmt: skip

    def position(self, vehicle: str) -> int:
        """The index of a vehicle and its route.

        Raises
        ------
        ModelError
            The plan has no such vehicle.
        """
        for number, route in enumerate(self.routes):
            if route.vehicle == vehicle:
                return number
        raise ModelError(Constraint.UNKNOWN_PLACE, f"the plan has no vehicle {vehicle!r}")

    def route_of(self, request: str) -> Route | None:
        """The route that serves a request."""
        for route in self.routes:
            if any(call.id == request and call.kind is not CallKind.BREAK for call in route.calls):
                return route
        return None

    def visit(self, call: Call, vehicle: Vehicle) -> Visit:
        """Place, window (the promised one where there is a promise) and service time of a call."""
        if call.kind is CallKind.BREAK:
            rest = next(rest for rest in vehicle.breaks if rest.id == call.id)
            return Visit(rest.place or vehicle.start, rest.window, rest.duration)
        request = self.requests[call.id]
        end = request.pickup if call.kind is CallKind.PICKUP else request.dropoff
        if promise := self.promises.get(call.id):
            window = promise.pickup if call.kind is CallKind.PICKUP else promise.dropoff
            return replace(end, window=window)
        return end

    def fleet(self) -> Iterator[tuple[Vehicle, Route]]:
        """Vehicles with their routes."""
        return zip(self.vehicles, self.routes, strict=True)

    @property
    def cost(self) -> float:
        """The objective's value: travel costs of all routes, and the fixed costs of the vehicles that serve somebody."""
        total = 0.0
        for vehicle, route in self.fleet():
            if route.used:
                total += vehicle.fixed_cost + self.objective.driving * self.driving(vehicle, route)
        return total

    @property
    def used(self) -> int:
        """Vehicles that serve somebody."""
        return sum(route.used for route in self.routes)

    def driving(self, vehicle: Vehicle, route: Route) -> float:
        """The sum of the network's costs along a route, from start to end."""
        stops = [vehicle.start, *(self.visit(call, vehicle).place for call in route.calls)]
        if vehicle.end is not None:
            stops.append(vehicle.end)
        rows = [self.network.place(stop) for stop in stops]
        return float(sum(self.network.costs[a, b] for a, b in pairwise(rows)))

    # Changes. Each answers a new plan; none looks whether the plan can be driven (`check` does).

    def advance(self, now: float) -> Plan:
        """The plan at a later moment. A clock that jumps back changes nothing: what is known stays known."""
        return self if now <= self.now else replace(self, now=now, _memory={})

    def with_route(self, route: Route) -> Plan:
        """The plan with another route for one vehicle."""
        place = self.position(route.vehicle)
        return replace(self, routes=(*self.routes[:place], route, *self.routes[place + 1 :]), _memory={})

    def begun(self, vehicle: str, at: float) -> Plan:
        """The next call of a vehicle is reached and its service has begun at this moment."""
        route = self.routes[self.position(vehicle)]
        if len(route.began) == len(route.calls):
            raise ModelError(Constraint.FIXED, f"vehicle {vehicle} has no call left")
        began = (*route.began, at)
        return self.with_route(replace(route, fixed=max(route.fixed, len(began)), began=began)).advance(at)

    def committed(self, vehicle: str, calls: int = 1) -> Plan:
        """The vehicle is on its way: the next `calls` calls after those driven can no longer change."""
        route = self.routes[self.position(vehicle)]
        return self.with_route(replace(route, fixed=max(route.fixed, min(len(route.began) + calls, len(route.calls)))))

    def without(self, request: str) -> Plan:
        """The plan without a request (cancelled, or not there). Calls that are already fixed stay: the vehicle was there.

        Raises
        ------
        ModelError
            The rider is aboard.
        """
        route = self.route_of(request)
        if route is not None:
            kept = tuple(
                call
                for place, call in enumerate(route.calls)
                if place < route.fixed or call.id != request or call.kind is CallKind.BREAK
            )
            left = [call for call in kept if call.id == request and call.kind is not CallKind.BREAK]
            if len(left) == 1:
                raise ModelError(Constraint.FIXED, f"the rider of request {request!r} is aboard or being fetched")
            if left:
                return self
            route = replace(route, calls=kept)
        plan = self if route is None else self.with_route(route)
        return replace(
            plan,
            requests=_without(plan.requests, request),
            promises=_without(plan.promises, request),
            unserved=tuple(name for name in plan.unserved if name != request),
            _memory={},
        )

    def promised(self, request: str, promise: Promise) -> Plan:
        """The plan with a promise, the first one or a tighter one.

        Raises
        ------
        ModelError
            The new promise says less than the old one, or more than the request allows.
        """
        if old := self.promises.get(request):
            promise = old.tightened(pickup=promise.pickup, dropoff=promise.dropoff)
        asked = self.requests[request]
        if not (promise.pickup.within(asked.pickup.window) and promise.dropoff.within(asked.dropoff.window)):
            raise ModelError(Constraint.PROMISE, f"more is promised to {request!r} than was asked for")
        return replace(self, promises=MappingProxyType({**self.promises, request: promise}), _memory={})

    # The versioned row.

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON (RFC 8259 numbers and texts only; an open end is null)."""
        from souto.services.transit.dispatch.rows import plan_to_json

        return plan_to_json(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any], network: Network) -> Plan:
        """The plan of a row.

        Raises
        ------
        ModelError
            It was made on another network, by a later format, or contradicts itself.
        """
        from souto.services.transit.dispatch.rows import plan_from_json

        return plan_from_json(row, network)


def _in_order(vehicle: Vehicle) -> list[Any]:
    return sorted(vehicle.breaks, key=lambda rest: (rest.window.earliest, rest.window.latest, rest.id))


def _without(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return MappingProxyType({name: value for name, value in values.items() if name != key})
