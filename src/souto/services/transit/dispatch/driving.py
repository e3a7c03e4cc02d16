"""What vehicles report, put into the plan: who got on and off when, who was not there, which breaks were taken.

Reports come late, twice and out of order, because tablets lose their network. So a route's driven part is always made anew from the whole set of
what its vehicle has said, in the order of the moments at which it happened: the plan does not depend on the order in which reports arrive. The calls that
are left keep their order. A fact wins over the plan: who got on here rides here, whatever was planned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from souto.services.transit.dispatch.model import Request, Seats, Vehicle, Visit, Window
from souto.services.transit.dispatch.plan import Call, CallKind, Plan, Route
from souto.services.transit.dispatch.schedule import leave_by, timetable


class ReportKind(StrEnum):
    """What a driver reports of a request, or of a break."""

    BOARDED = "boarded"
    ALIGHTED = "alighted"
    ABSENT = "absent"
    """The rider was not there (乗車なし)."""
    RESTED = "rested"
    """A break has begun."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report: of which request (empty for a break), and the moment at which it happened."""

    kind: ReportKind
    id: str
    at: float


@dataclass(frozen=True, slots=True)
class Followed:
    """The plan with the reports in it; `strays` are requests that this vehicle reports and cannot carry: unknown here, or aboard another vehicle."""

    plan: Plan
    strays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a request: moments of getting on and off, or of having been waited for in vain."""

    boarded: float | None = None
    alighted: float | None = None
    absent: float | None = None


def facts(reports: Iterable[Report]) -> dict[str, Fact]:
    """What a set of reports says of each request, whatever their order.

    Said twice, the first moment counts. Who got off has been aboard. Who got on after having been missed was there after all; missed after
    having got on: the first tap was a mistake.
    """
    said: dict[str, dict[ReportKind, list[float]]] = {}
    for report in reports:
        if report.kind is not ReportKind.RESTED:
            said.setdefault(report.id, {}).setdefault(report.kind, []).append(report.at)
    return {key: _fact(moments) for key, moments in sorted(said.items())}


def _fact(said: dict[ReportKind, list[float]]) -> Fact:
    on, off, missed = (said.get(kind, []) for kind in (ReportKind.BOARDED, ReportKind.ALIGHTED, ReportKind.ABSENT))
    if off:
        return Fact(boarded=min([*on, min(off)]), alighted=min(off))
    if on and (not missed or max(on) >= max(missed)):
        return Fact(boarded=min(on))
    return Fact(absent=min(missed))


def follow(
    plan: Plan, vehicle: str, reports: Iterable[Report], known: Mapping[str, Request] = MappingProxyType({})
) -> Followed:
    """Put everything that a vehicle has reported into the plan.

    `known` holds requests as they were asked for: needed for riders that the plan has not, or no longer as they were.

    Raises
    ------
    ModelError
        The plan has no such vehicle.
    """
    reports = list(reports)
    found = facts(reports)
    strays: list[str] = []
    adopted: list[str] = []
    for key, fact in list(found.items()):
        taken = _taken(plan, vehicle, key, fact, known)
        if taken is None:
            strays.append(key)
            del found[key]
            continue
        plan, fresh = taken
        if fresh:
            adopted.append(key)
    place = plan.position(vehicle)
    route, driver = plan.routes[place], plan.vehicles[place]
    driven = sorted(
        [*_ridden(found), *_rested(driver, reports)], key=lambda one: (one[0], *one[2:], one[1].id, one[1].kind)
    )
    done = {one[1] for one in driven}
    rest = [call for call in route.calls if call not in done]
    homeless = [call for call in rest if call.id in adopted and call.kind is CallKind.DROPOFF]
    rest = [call for call in rest if call not in homeless]
    calls = tuple(one[1] for one in driven)
    # A vehicle on its way to a call stays on its way: otherwise it would have to leave its last stop once more.
    ahead = route.calls[len(route.began) : route.fixed]
    fixed = len(calls) + (len(ahead) if tuple(rest[: len(ahead)]) == tuple(ahead) else 0)
    plan = plan.with_route(Route(vehicle, (*calls, *rest), fixed, tuple(one[0] for one in driven)))
    for call in homeless:
        plan = _fit(plan, vehicle, call)
    return Followed(plan, tuple(strays))


def _ridden(found: Mapping[str, Fact]) -> Iterable[tuple[float, Call, int]]:
    """Driven calls with their moments; at the same moment riders get off before others get on."""
    for key, fact in found.items():
        pickup, dropoff = Call(CallKind.PICKUP, key), Call(CallKind.DROPOFF, key)
        if fact.absent is not None:
            yield fact.absent, pickup, 1
            yield fact.absent, dropoff, 2
            continue
        if fact.boarded is not None:
            yield fact.boarded, pickup, 1
        if fact.alighted is not None:
            yield fact.alighted, dropoff, 0 if fact.boarded != fact.alighted else 2


def _rested(vehicle: Vehicle, reports: Iterable[Report]) -> Iterable[tuple[float, Call, int]]:
    """The vehicle's breaks in their order, each at the moment at which that many had begun; a break beyond the plan is just time that passes."""
    begun = sorted(report.at for report in reports if report.kind is ReportKind.RESTED)
    planned = sorted(vehicle.breaks, key=lambda rest: (rest.window.earliest, rest.window.latest, rest.id))
    return [(at, Call(CallKind.BREAK, rest.id), 3) for at, rest in zip(begun, planned, strict=False)]


def _taken(plan: Plan, vehicle: str, key: str, fact: Fact, known: Mapping[str, Request]) -> tuple[Plan, bool] | None:
    """The plan with a reported request on this vehicle, and whether its drop-off needs a place there; None where that cannot be."""
    home = plan.route_of(key)
    if home is not None and home.vehicle == vehicle:
        return _as_it_was(plan, key, fact, known)
    request = plan.requests.get(key) or known.get(key)
    if request is None:
        return None
    if home is not None:
        if any(call.id == key and call.kind is not CallKind.BREAK for call in home.calls[: len(home.began)]):
            return None
        kept = tuple(call for call in home.calls if call.id != key or call.kind is CallKind.BREAK)
        lost = sum(1 for call in home.calls[: home.fixed] if call not in kept)
        plan = plan.with_route(replace(home, calls=kept, fixed=home.fixed - lost))
    route = plan.routes[plan.position(vehicle)]
    calls = (*route.calls, Call(CallKind.PICKUP, key), Call(CallKind.DROPOFF, key))
    plan = replace(
        plan,
        requests=MappingProxyType({**plan.requests, key: request}),
        unserved=tuple(name for name in plan.unserved if name != key),
        _memory={},
    ).with_route(replace(route, calls=calls))
    return (_stood_up(plan, key), False) if fact.absent is not None else (plan, True)


def _as_it_was(plan: Plan, key: str, fact: Fact, known: Mapping[str, Request]) -> tuple[Plan, bool]:
    """The plan with the request as the latest report has it: missing riders go nowhere, found ones ride on."""
    request = plan.requests[key]
    if fact.absent is not None:
        return _stood_up(plan, key), False
    if request.party.total == 0 and key in known:
        return replace(plan, requests=MappingProxyType({**plan.requests, key: known[key]}), _memory={}), True
    return plan, False


def _stood_up(plan: Plan, key: str) -> Plan:
    """The plan in which nobody gets on at a pickup: the vehicle was there, and goes on from there."""
    request = plan.requests[key]
    if request.party.total == 0:
        return plan
    nobody = replace(
        request,
        pickup=replace(request.pickup, window=Window()),
        dropoff=Visit(request.pickup.place),
        party=Seats(),
        max_ride=math.inf,
        direct=False,
        returns=None,
    )
    promises = {name: promise for name, promise in plan.promises.items() if name != key}
    return replace(
        plan,
        requests=MappingProxyType({**plan.requests, key: nobody}),
        promises=MappingProxyType(promises),
        _memory={},
    )


def _fit(plan: Plan, vehicle: str, call: Call) -> Plan:
    """The plan with a call at the place in the vehicle's undriven part where it costs others least."""
    route = plan.routes[plan.position(vehicle)]
    variants = (
        plan.with_route(replace(route, calls=(*route.calls[:k], call, *route.calls[k:])))
        for k in range(route.fixed, len(route.calls) + 1)
    )
    return min(variants, key=lambda variant: (lateness(variant, vehicle), variant.cost))


def lateness(plan: Plan, vehicle: str) -> float:
    """By how much the calls that are left, and the end of the shift, are later than their windows allow, in all."""
    return sum(late for _, late in late_calls(plan, vehicle))


def late_calls(plan: Plan, vehicle: str) -> list[tuple[Call | None, float]]:
    """The calls of a vehicle that are left and will be later than their windows (promised ones, where something was promised), with how much; None: its shift."""
    place = plan.position(vehicle)
    route, driver = plan.routes[place], plan.vehicles[place]
    times = timetable(plan, place)
    found: list[tuple[Call | None, float]] = []
    for number in range(len(route.began), len(route.calls)):
        late = times.calls[number] - plan.visit(route.calls[number], driver).window.latest
        if late > 1e-6:
            found.append((route.calls[number], late))
    if times.done > driver.shift.latest + 1e-6:
        found.append((None, times.done - driver.shift.latest))
    return found


def under_way(plan: Plan, *, by: float) -> Plan:
    """The plan in which every vehicle that has to leave for its next call by a moment is on its way: that call can no longer change.

    A vehicle that leaves its start for the first time begins its shift at that moment, so that its arrival stands however late it gets until it reports.
    """
    for place, route in enumerate(plan.routes):
        done = len(route.began)
        if route.fixed > done or done == len(route.calls) or (left := leaves(plan, place)) > by:
            continue
        if not done:
            vehicle = plan.vehicles[place]
            shift = Window(max(vehicle.shift.earliest, left), vehicle.shift.latest)
            vehicles = (*plan.vehicles[:place], replace(vehicle, shift=shift), *plan.vehicles[place + 1 :])
            plan = replace(plan, vehicles=vehicles, _memory={})
        plan = plan.with_route(replace(route, fixed=done + 1))
    return plan


def leaves(plan: Plan, place: int) -> float:
    """When the vehicle at this position has to leave for its next call, at the latest; infinite where it has none left."""
    route, vehicle = plan.routes[place], plan.vehicles[place]
    done = len(route.began)
    if done == len(route.calls):
        return math.inf
    stops = [vehicle.start, *(plan.visit(call, vehicle).place for call in route.calls[: done + 1])]
    begin, end = list(pairwise(plan.network.place(stop) for stop in stops))[-1]
    arrive = timetable(plan, place).calls[done]
    return leave_by(plan.network.profile, arrive, float(plan.network.times[begin, end]))
