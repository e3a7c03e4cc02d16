"""Changes by hand and in need: a ride moved to another vehicle, a vehicle that can go no further and the riders whom others fetch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from souto.services.transit.dispatch.answers import Offer
from souto.services.transit.dispatch.checker import Violation, check
from souto.services.transit.dispatch.driving import late_calls, lateness
from souto.services.transit.dispatch.insertion import Slack, insert, linked, seek
from souto.services.transit.dispatch.model import Constraint, ModelError, Promise, Request, Visit, Window
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route
from souto.services.transit.dispatch.refusals import obstacle

#: How much the delay of a stranded rider weighs against driving: whoever is nearest comes.
URGENT = 5.0


@dataclass(frozen=True, slots=True)
class Moved:
    """A plan with a ride moved, and what does not hold in it that held before; `late` names the calls that come after what was promised, with how much later."""

    plan: Plan
    broken: tuple[Violation, ...]
    late: tuple[tuple[Call | None, float], ...]

    @property
    def harmless(self) -> bool:
        """Whether everything that held still holds."""
        return not self.broken and not self.late


def move(plan: Plan, request: str, vehicle: str) -> Moved:
    """Put a ride that has not begun onto a vehicle, at the places where it breaks least and costs least.

    What it breaks is told, not refused: a person decides.

    Raises
    ------
    ModelError
        The rider is aboard or being fetched, or nobody knows the ride or the vehicle, or it has broken down.
    """
    if plan.vehicles[plan.position(vehicle)].closed:
        raise ModelError(Constraint.EXCLUSION, f"vehicle {vehicle!r} has broken down")
    if request not in plan.requests:
        raise ModelError(Constraint.PAIRING, f"the plan has no request {request!r}")
    before = _faults(plan)
    home = plan.route_of(request)
    free = plan
    if home is not None:
        if any(call.id == request and call.kind is not CallKind.BREAK for call in home.calls[: home.fixed]):
            raise ModelError(Constraint.FIXED, f"the rider of request {request!r} is aboard or being fetched")
        kept = tuple(call for call in home.calls if call.id != request or call.kind is CallKind.BREAK)
        free = plan.with_route(replace(home, calls=kept))
    free = replace(free, unserved=tuple(name for name in free.unserved if name != request), _memory={})
    known_late = dict(late_calls(free, vehicle))
    best = min(
        _variants(free, request, vehicle),
        key=lambda made: (_overloads(made, vehicle), lateness(made, vehicle), made.cost),
    )
    late = tuple((call, by) for call, by in late_calls(best, vehicle) if by > known_late.get(call, 0.0) + 1.0)
    broken = tuple(fault for fault in check(best).violations if _key(fault) not in before and not _is_late(fault))
    return Moved(best, broken, late)


def _variants(plan: Plan, request: str, vehicle: str) -> Iterable[Plan]:
    route = plan.routes[plan.position(vehicle)]
    pickup, dropoff = Call(CallKind.PICKUP, request), Call(CallKind.DROPOFF, request)
    for i in range(route.fixed, len(route.calls) + 1):
        for j in range(i, len(route.calls) + 1):
            calls = (*route.calls[:i], pickup, *route.calls[i:j], dropoff, *route.calls[j:])
            yield plan.with_route(replace(route, calls=calls))


def _overloads(plan: Plan, vehicle: str) -> int:
    """At how many calls more people are aboard than the vehicle has places for, or sit in it during a break."""
    place = plan.position(vehicle)
    driver = plan.vehicles[place]
    aboard = [0, 0, 0]
    wrong = 0
    for call in plan.routes[place].calls:
        if call.kind is CallKind.BREAK:
            wrong += any(aboard)
            continue
        sign = 1 if call.kind is CallKind.PICKUP else -1
        aboard = [n + sign * more for n, more in zip(aboard, plan.requests[call.id].party.vector, strict=True)]
        if not any(all(n <= m for n, m in zip(aboard, layout.vector, strict=True)) for layout in driver.layouts):
            wrong += 1
    return wrong


def _faults(plan: Plan) -> set[tuple[object, ...]]:
    return {_key(fault) for fault in check(plan).violations}


def _key(fault: Violation) -> tuple[object, ...]:
    return fault.constraint, fault.vehicle, fault.request


def _is_late(fault: Violation) -> bool:
    return fault.constraint in {Constraint.PROMISE, Constraint.WINDOW, Constraint.SHIFT}


@dataclass(frozen=True, slots=True)
class Closed:
    """A plan in which a vehicle goes no further, without the riders whom others must fetch: those aboard, then those who wait, each with what was promised.

    `there` are riders who were aboard and whose drop-off is where the vehicle stands: they have arrived.
    """

    plan: Plan
    aboard: tuple[tuple[Request, Promise | None], ...]
    waiting: tuple[tuple[Request, Promise | None], ...]
    there: tuple[str, ...] = ()


def close(plan: Plan, vehicle: str, *, at: float, place: str) -> Closed:
    """Take a vehicle out of service at a moment and a place. What it has driven stays; who is aboard gets off there.

    The first leg of a rider aboard keeps its calls under an id of its own (`rider@vehicle`), the ride itself goes on from `place`.

    Raises
    ------
    ModelError
        The plan has no such vehicle, or the network no such place.
    """
    plan.network.place(place)
    number = plan.position(vehicle)
    driver, route = plan.vehicles[number], plan.routes[number]
    at = max([at, *route.began[-1:]])
    driven, left = route.calls[: len(route.began)], route.calls[len(route.began) :]
    on = {call.id for call in driven if call.kind is CallKind.PICKUP}
    off = {call.id for call in driven if call.kind is CallKind.DROPOFF}
    inside = [call.id for call in left if call.kind is CallKind.DROPOFF and call.id in on - off]
    there = [key for key in inside if plan.requests[key].dropoff.place == place]
    aboard = [key for key in inside if key not in there]
    waiting = [call.id for call in left if call.kind is CallKind.PICKUP]
    requests, promises = dict(plan.requests), dict(plan.promises)
    pulled = {key: (requests.pop(key), promises.pop(key, None)) for key in (*aboard, *waiting)}
    legs = {key: f"{key}@{vehicle}" for key in aboard}
    for key, leg in legs.items():
        asked = pulled[key][0]
        requests[leg] = replace(
            asked,
            id=leg,
            pickup=replace(asked.pickup, window=Window()),
            dropoff=Visit(place),
            max_ride=math.inf,
            direct=False,
            returns=None,
        )
    calls = tuple(
        replace(call, id=legs[call.id]) if call.kind is CallKind.PICKUP and call.id in legs else call for call in driven
    )
    calls += tuple(Call(CallKind.DROPOFF, key) for key in (*there, *legs.values()))
    taken = {call.id for call in driven if call.kind is CallKind.BREAK}
    stopped = replace(
        driver,
        end=None,
        closed=True,
        breaks=tuple(rest for rest in driver.breaks if rest.id in taken),
    )
    plan = replace(
        plan,
        vehicles=(*plan.vehicles[:number], stopped, *plan.vehicles[number + 1 :]),
        requests=MappingProxyType(requests),
        promises=MappingProxyType(promises),
        _memory={},
    ).with_route(Route(vehicle, calls, len(calls), (*route.began, *([at] * len(inside)))))
    shut = frozenset({vehicle})
    return Closed(
        plan,
        tuple((_from_here(pulled[key][0], place, at, shut), pulled[key][1]) for key in aboard),
        tuple((replace(pulled[key][0], barred=pulled[key][0].barred | shut), pulled[key][1]) for key in waiting),
        tuple(there),
    )


def _from_here(asked: Request, place: str, at: float, shut: frozenset[str]) -> Request:
    return replace(
        asked,
        pickup=replace(asked.pickup, place=place, window=Window(at)),
        dropoff=replace(asked.dropoff, window=Window(0.0, asked.dropoff.window.latest)),
        max_ride=math.inf,
        barred=asked.barred | shut,
        returns=None,
        pickup_instead=(),
    )


@dataclass(frozen=True, slots=True)
class Rescue:
    """What became of the riders of a closed vehicle: `kept` as promised, `later` with the new promise, `stranded` with nobody to fetch them (listed as unserved)."""

    plan: Plan
    kept: tuple[str, ...]
    later: tuple[Offer, ...]
    stranded: tuple[str, ...]


def rescue(plan: Plan, riders: Iterable[tuple[Request, Promise | None]], *, slack: Slack) -> Rescue:
    """Find a vehicle for each rider, in the order given: within what was promised if that can be, else as soon as can be."""
    kept: list[str] = []
    later: list[Offer] = []
    stranded: list[str] = []
    for request, promise in riders:
        if promise is not None and (found := _as_promised(plan, request, promise)) is not None:
            plan = found.plan
            kept.append(request.id)
            continue
        offer = _soonest(plan, request, promise, slack)
        if offer is not None:
            plan = offer.plan
            later.append(offer)
            continue
        plan = replace(
            plan,
            requests=MappingProxyType({**plan.requests, request.id: request}),
            unserved=(*plan.unserved, request.id),
            _memory={},
        )
        stranded.append(request.id)
    return Rescue(plan, tuple(kept), tuple(later), tuple(stranded))


def _as_promised(plan: Plan, request: Request, promise: Promise) -> Offer | None:
    pickup = request.pickup.window
    moved = (
        promise.pickup.latest < pickup.earliest
    )  # aboard a vehicle that broke down: the pickup promise has been kept
    if not moved:
        pickup = promise.pickup if promise.pickup.within(pickup) else pickup
    narrow = replace(
        request,
        pickup=replace(request.pickup, window=pickup),
        dropoff=replace(request.dropoff, window=Window(request.dropoff.window.earliest, promise.dropoff.latest)),
    )
    found = insert(plan, narrow, explain=False)
    return found if isinstance(found, Offer) else None


def _soonest(plan: Plan, request: Request, promise: Promise | None, slack: Slack) -> Offer | None:
    """The soonest way for a rider, however late; longer rides than the rule only where there is no other way."""
    soonest = promise.pickup.earliest if promise is not None else request.pickup.window.earliest
    open_end = replace(
        request,
        pickup=replace(request.pickup, window=Window(max(request.pickup.window.earliest, soonest))),
        dropoff=replace(request.dropoff, window=Window(request.dropoff.window.earliest)),
    )
    for longest in dict.fromkeys((open_end.max_ride, math.inf)):
        asked = linked(plan, replace(open_end, max_ride=longest))
        if obstacle(plan, asked) is None and (offer := seek(plan, asked, slack, waiting=URGENT)) is not None:
            return offer
    return None


def reworded(plan: Plan, request: str, promise: Promise) -> Plan:
    """The plan with another promise to a rider who has been told: the only way in which a promise ever says something else."""
    asked = plan.requests[request]
    wide = replace(
        asked,
        pickup=replace(asked.pickup, window=_span(asked.pickup.window, promise.pickup)),
        dropoff=replace(asked.dropoff, window=_span(asked.dropoff.window, promise.dropoff)),
    )
    return replace(
        plan,
        requests=MappingProxyType({**plan.requests, request: wide}),
        promises=MappingProxyType({**plan.promises, request: promise}),
        _memory={},
    )


def _span(one: Window, other: Window) -> Window:
    return Window(min(one.earliest, other.earliest), max(one.latest, other.latest))
