"""`insert`: the best place for a new rider, or why there is none and what would help."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from souto.services.transit.dispatch.answers import Offer, Refusal
from souto.services.transit.dispatch.compiled import Compiled, Growth, compiled, write_request
from souto.services.transit.dispatch.kernel.insertion import best_of_all, trial
from souto.services.transit.dispatch.kernel.state import AT, Arrays
from souto.services.transit.dispatch.model import Constraint, Promise, Request, Window
from souto.services.transit.dispatch.plan import Call, CallKind, Plan


@dataclass(frozen=True, slots=True)
class Slack:
    """How much wider than the expected moments a promise is, cut to what the request allows.

    The pickup is promised from `before` ahead of the expected moment until `after` behind it, the drop-off until `arrival` behind it. Without
    limits the promise is the request's own windows, and later riders find most room.
    """

    before: float = math.inf
    after: float = math.inf
    arrival: float = math.inf


def insert(plan: Plan, request: Request, *, slack: Slack | None = None, explain: bool = True) -> Offer | Refusal:
    """Find the best way to take a rider along, over all vehicles and all pairs of places in their routes.

    Exact for the plan's objective (travel cost, fixed cost of a vehicle that nobody uses yet, and `waiting` times the moment of arrival),
    with every window, promise, longest ride, seat, shift and break kept. The plan itself does not change; `Offer.plan` is the one with the rider. With
    `explain=False` a refusal names only what can be seen without trying variants.
    """
    from souto.services.transit.dispatch.refusals import explain_refusal, obstacle

    asked = linked(plan, request)
    found = obstacle(plan, asked)
    if found is not None:
        constraint, detail = found
        if explain:
            return explain_refusal(plan, asked, constraint, detail, slack)
        return Refusal(request, constraint, detail)
    offer = seek(plan, asked, slack or Slack())
    if offer is not None:
        return offer
    if explain:
        return explain_refusal(plan, asked, None, "", slack)
    return Refusal(request, Constraint.WINDOW, "no vehicle can take this ride and keep everything")


def linked(plan: Plan, request: Request) -> Request:
    """The request with its pickup not before the trip there has certainly ended and the stay is over."""
    outward = plan.requests.get(request.returns) if request.returns is not None else None
    if outward is None:
        return request
    promise = plan.promises.get(outward.id)
    arrives = promise.dropoff.latest if promise is not None else outward.dropoff.window.latest
    ready = arrives + outward.dropoff.service + request.stay
    window = request.pickup.window
    if ready <= window.earliest:
        return request
    if ready > window.latest:
        return request  # `obstacle` says so
    return replace(request, pickup=replace(request.pickup, window=Window(ready, window.latest)))


def seek(plan: Plan, request: Request, slack: Slack, *, waiting: float | None = None) -> Offer | None:
    """The best offer, or None. The request has passed `obstacle`."""
    made = compiled(plan)
    spare = made.spare
    objective = plan.objective
    weight = objective.waiting if waiting is None else waiting
    with made.lock:
        arrays = candidate(made, plan, request)
        cost, v, i, j = best_of_all(arrays, spare, objective.driving, weight)
        if v < 0:
            return None
        dropoff_at = trial(arrays, v, spare, i, j)
        pickup_at = float(arrays.moments[arrays.g[spare, AT]])
        extra = weight * float(dropoff_at)
    promise = _promise(request, pickup_at, dropoff_at, slack)
    route = plan.routes[v]
    calls = (
        *route.calls[:i],
        Call(CallKind.PICKUP, request.id),
        *route.calls[i:j],
        Call(CallKind.DROPOFF, request.id),
        *route.calls[j:],
    )
    after = Plan(
        plan.network,
        plan.vehicles,
        (*plan.routes[:v], replace(route, calls=calls), *plan.routes[v + 1 :]),
        MappingProxyType({**plan.requests, request.id: request}),
        MappingProxyType({**plan.promises, request.id: promise}),
        plan.unserved,
        plan.now,
        objective,
        {"growth": Growth(made, request.id, v, i, j)},
    )
    return Offer(
        request=request,
        vehicle=route.vehicle,
        pickup_at=pickup_at,
        dropoff_at=float(dropoff_at),
        promise=promise,
        ride=float(dropoff_at) - pickup_at - request.pickup.service,
        direct=direct_time(plan, request),
        added_cost=float(cost) - extra,
        plan=after,
    )


def candidate(made: Compiled, plan: Plan, request: Request) -> Arrays:
    """The arrays with a request in the spare slot. Call with the lock held."""
    arrays = made.arrays
    spare = made.spare
    write_request(arrays, plan, spare, request, (request.pickup, request.dropoff))
    changes: dict[str, Any] = {}
    others = made.apart(request)
    if others:
        changes["apart"] = np.append(arrays.apart, np.array(others, np.int32))
        ends = arrays.apart_at.copy()
        ends[-1] += len(others)
        changes["apart_at"] = ends
    if request.barred:
        barred = [v for v, vehicle in enumerate(plan.vehicles) if vehicle.id in request.barred]
        changes["barred"] = np.append(arrays.barred, np.array(barred, np.int32))
        ends = arrays.barred_at.copy()
        ends[-1] += len(barred)
        changes["barred_at"] = ends
    if not arrays.rides and math.isfinite(request.max_ride):
        changes["rides"] = True
    return arrays._replace(**changes) if changes else arrays


def direct_time(plan: Plan, request: Request) -> float:
    """The travel time from pickup to drop-off without a detour, at speed 1."""
    network = plan.network
    return float(network.times[network.place(request.pickup.place), network.place(request.dropoff.place)])


def _promise(request: Request, pickup_at: float, dropoff_at: float, slack: Slack) -> Promise:
    pickup, dropoff = request.pickup.window, request.dropoff.window
    return Promise(
        Window(
            max(pickup.earliest, pickup_at - slack.before),
            min(pickup.latest, pickup_at + slack.after),
        ),
        Window(dropoff.earliest, min(dropoff.latest, dropoff_at + slack.arrival)),
    )
