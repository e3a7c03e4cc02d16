"""Why a request is refused, and the cheapest ways out.

The binding constraint is found by lifting one kind of constraint at a time and asking again: the first whose absence alone would let the rider in is named,
the special ones first. Ways out are real offers: what `insert` answers when the rider gives way in one thing, by the smallest amount that helps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType

from souto.services.transit.dispatch.answers import Offer, Refusal, Relaxation, RelaxationKind
from souto.services.transit.dispatch.insertion import Slack, direct_time, seek
from souto.services.transit.dispatch.model import Constraint, ModelError, Request, Vehicle, Window
from souto.services.transit.dispatch.plan import CallKind, Plan

#: Halvings by which the smallest amount that helps is closed in on.
HALVINGS = 7


def obstacle(plan: Plan, request: Request) -> tuple[Constraint, str] | None:
    """What forbids a request before any vehicle is asked."""
    if request.id in plan.requests:
        return Constraint.DUPLICATE, f"the plan has a request {request.id!r} already"
    try:
        direct = direct_time(plan, request)
    except ModelError as unknown:
        return unknown.constraint, str(unknown)
    if request.pickup.place == request.dropoff.place:
        return Constraint.SAME_PLACE, "pickup and drop-off are the same place"
    if request.party.total == 0:
        return Constraint.EMPTY_PARTY, "nobody rides"
    if not any(vehicle.carries(request.party) for vehicle in plan.vehicles):
        return Constraint.PARTY, "no vehicle has room for the whole party"
    if all(vehicle.id in request.barred or not vehicle.carries(request.party) for vehicle in plan.vehicles):
        return Constraint.EXCLUSION, "every vehicle with room for the party is barred"
    if max(request.pickup.window.latest, -math.inf) < plan.now or request.dropoff.window.latest < plan.now:
        return Constraint.PAST, "the window closed before now"
    if not math.isfinite(direct):
        return Constraint.UNREACHABLE, "no way leads from the pickup to the drop-off"
    if _too_soon(plan, request):
        return Constraint.LINK, "the way there ends, with the stay, after the latest pickup of the way back"
    fastest = direct / max(plan.network.profile.speed, default=1.0) if plan.network.profile else direct
    if fastest > request.max_ride:
        return Constraint.RIDE_TIME, "even the direct way takes longer than the longest ride"
    return None


def _too_soon(plan: Plan, request: Request) -> bool:
    outward = plan.requests.get(request.returns) if request.returns is not None else None
    if outward is None:
        return False
    promise = plan.promises.get(outward.id)
    arrives = promise.dropoff.latest if promise is not None else outward.dropoff.window.latest
    return arrives + outward.dropoff.service + request.stay > request.pickup.window.latest


def explain_refusal(
    plan: Plan, request: Request, constraint: Constraint | None, detail: str, slack: Slack | None
) -> Refusal:
    """Name the binding constraint, unless it is known, and look for ways out."""
    slack = slack or Slack()
    if constraint is None:
        constraint, detail = _binding(plan, request)
    ways = list(_ways_out(plan, request, constraint, slack))
    ways.sort(key=lambda way: (way.amount, way.offer.added_cost))
    return Refusal(request, constraint, detail, tuple(ways))


def binding(plan: Plan, request: Request) -> Constraint:
    """The constraint that a refusal of `insert` would name, without looking for ways out."""
    found = obstacle(plan, request)
    return found[0] if found is not None else _binding(plan, request)[0]


def _binding(plan: Plan, request: Request) -> tuple[Constraint, str]:
    free = Window(-math.inf, math.inf)
    lifts: list[tuple[Constraint, str, Callable[[], tuple[Plan, Request]]]] = [
        (Constraint.DIRECT, "a stop on the way would make it possible", lambda: (plan, replace(request, direct=False))),
        (
            Constraint.EXCLUSION,
            "with other vehicles or riders it would be possible",
            lambda: (_sociable(plan, request), replace(request, barred=frozenset(), apart_from=frozenset())),
        ),
        (
            Constraint.RIDE_TIME,
            "the ride would take longer than the longest ride",
            lambda: (plan, replace(request, max_ride=math.inf)),
        ),
        (Constraint.CAPACITY, "the vehicles that could come are full", lambda: (_roomy(plan), request)),
        (Constraint.BREAK, "a break stands against it", lambda: (_without_breaks(plan), request)),
        (
            Constraint.SHIFT,
            "no vehicle is in service long enough",
            lambda: (_fleet(plan, lambda v: replace(v, shift=free, max_duration=math.inf)), request),
        ),
        (Constraint.PROMISE, "promises to other riders would break", lambda: (_patient(plan), request)),
        (
            Constraint.WINDOW,
            "no vehicle is there within the window",
            lambda: (plan, _later(request, math.inf)),
        ),
    ]
    for constraint, detail, lift in lifts:
        if seek(*lift(), Slack()) is not None:
            return constraint, detail
    if (
        seek(
            _patient(_fleet(_without_breaks(plan), lambda v: replace(v, shift=free, max_duration=math.inf))),
            _later(request, math.inf),
            Slack(),
        )
        is None
    ):
        return Constraint.UNREACHABLE, "no vehicle can reach the places"
    return Constraint.WINDOW, "several things stand against it at once"


def _fleet(plan: Plan, change: Callable[[Vehicle], Vehicle]) -> Plan:
    return replace(plan, vehicles=tuple(change(vehicle) for vehicle in plan.vehicles), _memory={})


def _roomy(plan: Plan) -> Plan:
    seats = sum(request.party.total for request in plan.requests.values()) + 1000

    def more(vehicle: Vehicle) -> Vehicle:
        return replace(
            vehicle,
            layouts=tuple(
                replace(
                    layout,
                    **{
                        kind: getattr(layout, kind) + seats
                        for kind in ("seat", "wheelchair", "stretcher")
                        if getattr(layout, kind)
                    },
                )
                for layout in vehicle.layouts
            ),
        )

    return _fleet(plan, more)


def _without_breaks(plan: Plan) -> Plan:
    bare = _fleet(plan, lambda vehicle: replace(vehicle, breaks=()))
    routes = []
    for route in plan.routes:
        kept = [k for k, call in enumerate(route.calls) if call.kind is not CallKind.BREAK]
        fixed = sum(k < route.fixed for k in kept)
        began = tuple(at for k, at in enumerate(route.began) if k in kept)
        routes.append(replace(route, calls=tuple(route.calls[k] for k in kept), fixed=fixed, began=began))
    return replace(bare, routes=tuple(routes), _memory={})


def _patient(plan: Plan) -> Plan:
    """Everybody who is not there yet would wait and ride as long as it takes."""

    def easy(request: Request) -> Request:
        return replace(_later(request, math.inf), max_ride=math.inf)

    return replace(
        plan,
        requests=MappingProxyType({key: easy(request) for key, request in plan.requests.items()}),
        promises=MappingProxyType({}),
        _memory={},
    )


def _sociable(plan: Plan, request: Request) -> Plan:
    requests = {key: replace(other, apart_from=other.apart_from - {request.id}) for key, other in plan.requests.items()}
    return replace(plan, requests=MappingProxyType(requests), _memory={})


def _later(request: Request, amount: float) -> Request:
    pickup, dropoff = request.pickup, request.dropoff
    return replace(
        request,
        pickup=replace(pickup, window=Window(pickup.window.earliest, pickup.window.latest + amount)),
        dropoff=replace(dropoff, window=Window(dropoff.window.earliest, dropoff.window.latest + amount)),
    )


def _earlier(request: Request, amount: float, now: float) -> Request:
    pickup, dropoff = request.pickup, request.dropoff
    return replace(
        request,
        pickup=replace(
            pickup, window=Window(max(now, pickup.window.earliest - amount), max(now, pickup.window.latest))
        ),
        dropoff=replace(
            dropoff, window=Window(max(now, dropoff.window.earliest - amount), max(now, dropoff.window.latest))
        ),
    )


def _longer(request: Request, amount: float) -> Request:
    return replace(request, max_ride=request.max_ride + amount)


def _ways_out(plan: Plan, request: Request, constraint: Constraint, slack: Slack) -> Iterator[Relaxation]:
    hopeless = {
        Constraint.DUPLICATE,
        Constraint.EMPTY_PARTY,
        Constraint.PARTY,
        Constraint.EXCLUSION,
        Constraint.UNKNOWN_PLACE,
    }
    if constraint in hopeless - {Constraint.EXCLUSION, Constraint.UNKNOWN_PLACE}:
        return
    for kind, end, places in (
        (RelaxationKind.PICKUP_PLACE, "pickup", request.pickup_instead),
        (RelaxationKind.DROPOFF_PLACE, "dropoff", request.dropoff_instead),
    ):
        for place in places:
            moved = replace(request, **{end: replace(getattr(request, end), place=place)})
            if obstacle(plan, moved) is None and (offer := seek(plan, moved, slack)) is not None:
                yield Relaxation(kind, offer, place=place)
    if obstacle(plan, request) is None or constraint in {Constraint.PAST, Constraint.LINK}:
        if (found := _smallest(plan, request, slack, _later, math.inf)) is not None:
            yield Relaxation(RelaxationKind.LATER, found[0], found[1])
        room = max(request.pickup.window.earliest, request.dropoff.window.earliest) - plan.now
        if constraint not in {Constraint.PAST, Constraint.LINK} and room > 0 and math.isfinite(room):
            sooner = _smallest(plan, request, slack, lambda asked, amount: _earlier(asked, amount, plan.now), room)
            if sooner is not None:
                yield Relaxation(RelaxationKind.EARLIER, sooner[0], sooner[1])
    if math.isfinite(request.max_ride):
        longer = _smallest(plan, request, slack, _longer, math.inf)
        if longer is not None:
            yield Relaxation(RelaxationKind.LONGER_RIDE, longer[0], longer[1])


def _smallest(
    plan: Plan, request: Request, slack: Slack, change: Callable[[Request, float], Request], most: float
) -> tuple[Offer, float] | None:
    """An offer for the smallest amount of giving way that helps, closed in from above, and the amount."""
    from souto.services.transit.dispatch.insertion import linked

    def ask(amount: float, *, soonest: bool = False) -> Offer | None:
        changed = linked(plan, change(request, amount))
        if obstacle(plan, changed) is not None:
            return None
        return seek(plan, changed, slack, waiting=1e6 if soonest else None)

    found = ask(most, soonest=True)
    if found is None:
        return None
    high = min(most, _given(request, found))
    low = 0.0
    best = ask(high) or found
    for _ in range(HALVINGS):
        if high - low <= 1.0:
            break
        middle = (low + high) / 2
        offer = ask(middle)
        if offer is None:
            low = middle
        else:
            high, best = middle, offer
    return best, high


def _given(request: Request, offer: Offer) -> float:
    """By how much an offer leaves what was asked for."""
    pickup, dropoff = request.pickup.window, request.dropoff.window
    return max(
        offer.pickup_at - pickup.latest,
        offer.dropoff_at - dropoff.latest,
        pickup.earliest - offer.pickup_at,
        dropoff.earliest - offer.dropoff_at,
        offer.ride - request.max_ride if math.isfinite(request.max_ride) else 0.0,
        0.0,
    )
