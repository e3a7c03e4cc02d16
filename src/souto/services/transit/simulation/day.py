"""A simulated day: each ride is asked for, offered and booked as a real one; vehicles drive as planned meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from souto.services.transit import answers, calendar, plans, trips
from souto.services.transit.definition import RiderClass, ServiceDefinition
from souto.services.transit.simulation.week import Ask, DayTask
from souto.services.transit.trips import Reason, Trip, When

if TYPE_CHECKING:
    from souto.services.transit import dispatch


@dataclass(frozen=True, slots=True)
class Ridden:
    """A ride that took place: seconds between the time asked for and the pickup (or between arrival and the time to be there), in the vehicle, and of the direct
    way; how many rode, whether others were aboard on the way, the fare in yen.
    """

    wait: float
    ride: float
    direct: float
    party: int
    shared: bool
    fare: int


@dataclass(frozen=True, slots=True)
class DayResult:
    """What came of a day: `not_asked` are ways back of rides that were refused; metres driven, those of them with nobody aboard; seconds on shift."""

    simulation: int
    asked: int
    out_of_reach: int
    not_asked: int
    refused: dict[str, int]
    rides: tuple[Ridden, ...]
    metres: float
    empty_metres: float
    shift_seconds: float
    cpu_seconds: float


@dataclass
class _Road:
    """What vehicles do while the plan grows: the moments of each route, which hold as long as its calls are the same."""

    moments: dict[str, tuple[tuple[dispatch.Call, ...], dispatch.Timetable]] = field(default_factory=dict)

    def timetable(self, plan: dispatch.Plan, place: int) -> dispatch.Timetable:
        """When the vehicle at this position is where."""
        from souto.services.transit import dispatch

        route = plan.routes[place]
        known = self.moments.get(route.vehicle)
        if known is None or known[0] != route.calls:
            known = (route.calls, dispatch.timetable(plan, place))
            self.moments[route.vehicle] = known
        return known[1]

    def drive(self, plan: dispatch.Plan, now: float) -> dispatch.Plan:
        """The plan at `now`: calls that were reached have begun as planned, and who has to leave for the next one by now is on the way."""
        from souto.services.transit.dispatch.schedule import leave_by

        if now <= plan.now:
            return plan
        routes = list(plan.routes)
        for place, route in enumerate(plan.routes):
            at = self.timetable(plan, place).calls
            began = tuple(moment for moment in at if moment <= now)
            fixed = max(route.fixed, len(began))
            if fixed == len(began) < len(at):
                vehicle = plan.vehicles[place]
                last = plan.visit(route.calls[fixed - 1], vehicle).place if fixed else vehicle.start
                ends = plan.network.place(last), plan.network.place(plan.visit(route.calls[fixed], vehicle).place)
                fixed += leave_by(plan.network.profile, at[fixed], float(plan.network.times[ends])) <= now
            if (fixed, began) != (route.fixed, route.began):
                routes[place] = replace(route, fixed=fixed, began=began)
        return replace(plan, routes=tuple(routes), now=now, _memory={})


def run(task: DayTask) -> DayResult:
    """Put a day's rides to the service, in the order of asking."""
    from souto.services.transit import dispatch

    started = time.process_time()
    definition = ServiceDefinition.model_validate(task.body)
    objective = dispatch.Objective(waiting=plans.WAITING)
    plan = dispatch.Plan.empty(trips.network(task.ways), trips.fleet(definition), objective=objective)
    road, refused, taken = _Road(), Counter[str](), dict[str, Ask]()
    lost: set[str] = set()
    not_asked = 0
    for ask in sorted(task.asks, key=lambda ask: (ask.booked, ask.key)):
        if ask.outward in lost:
            not_asked += 1
            continue
        plan = road.drive(plan, float(ask.booked))
        answer = _ask(definition, task, plan, ask)
        if isinstance(answer, Reason):
            refused[answer.value] += 1
            lost.add(ask.key)
        else:
            plan = answer
            taken[ask.key] = ask
    closed = calendar.why_closed(definition.hours, task.day) is not None
    metres, empty = _driven(plan, task)
    return DayResult(
        simulation=task.simulation,
        asked=len(taken) + refused.total(),
        out_of_reach=task.out_of_reach,
        not_asked=not_asked,
        refused=dict(refused),
        rides=tuple(_ridden(plan, definition, road, taken)),
        metres=metres,
        empty_metres=empty,
        shift_seconds=0.0 if closed else float(sum(v.ends - v.begins for v in definition.vehicles)),
        cpu_seconds=time.process_time() - started,
    )


def _ask(definition: ServiceDefinition, task: DayTask, plan: dispatch.Plan, ask: Ask) -> dispatch.Plan | Reason:
    """The plan with the ride, or why there is none: rules first, then the engine, then the offer taken within the windows that were shown."""
    from souto.services.transit import dispatch
    from souto.services.transit.dispatch.refusals import binding

    riders = {RiderClass.ADULT: ask.party}
    when = When.ARRIVE if ask.arrive_by else When.DEPART
    trip = Trip(ask.origin, ask.goal, task.day, ask.at, riders, when, int(ask.wheelchair))
    now = calendar.instant_at(task.day, ask.booked)
    against = answers.against_rules(definition, trip, open_rides=0, now=now)
    if against is not None:
        return against[0]
    wanted = trips.request(ask.key, trip, definition, task.ways)
    found = dispatch.insert(plan, wanted, slack=answers.slack(definition), explain=False)
    if isinstance(found, dispatch.Refusal):
        return Reason(binding(plan, wanted).value)
    pickup, dropoff = found.promise.pickup, found.promise.dropoff
    shown = replace(
        wanted,
        pickup=replace(wanted.pickup, window=pickup),
        dropoff=replace(wanted.dropoff, window=replace(wanted.dropoff.window, latest=dropoff.latest)),
    )
    booked = dispatch.insert(plan, shown, explain=False)
    return Reason(booked.constraint.value) if isinstance(booked, dispatch.Refusal) else booked.plan


def _ridden(plan: dispatch.Plan, definition: ServiceDefinition, road: _Road, taken: dict[str, Ask]) -> list[Ridden]:
    from souto.services.transit import dispatch

    found = []
    for place, route in enumerate(plan.routes):
        at = road.timetable(plan, place).calls
        aboard: dict[str, tuple[float, bool]] = {}
        for call, moment in zip(route.calls, at, strict=True):
            if call.kind is dispatch.CallKind.PICKUP:
                aboard = {key: (since, True) for key, (since, _) in aboard.items()}
                aboard[call.id] = (moment, bool(aboard))
            elif call.kind is dispatch.CallKind.DROPOFF:
                since, shared = aboard.pop(call.id)
                ask, asked = taken[call.id], plan.requests[call.id]
                found.append(
                    Ridden(
                        wait=max(0.0, ask.at - moment if ask.arrive_by else since - ask.at),
                        ride=moment - since - asked.pickup.service,
                        direct=float(plan.network.times[plan.network.place(ask.origin), plan.network.place(ask.goal)]),
                        party=ask.party,
                        shared=shared,
                        fare=definition.fares.of({RiderClass.ADULT: ask.party}),
                    )
                )
    return found


def _driven(plan: dispatch.Plan, task: DayTask) -> tuple[float, float]:
    """Metres driven, and those with nobody aboard; the way from and to the depot counts for vehicles that served somebody."""
    from souto.services.transit import dispatch

    index = {code: number for number, code in enumerate(task.ways["stops"])}
    whole = empty = 0.0
    for place, route in enumerate(plan.routes):
        if not route.used:
            continue
        vehicle = plan.vehicles[place]
        stops = [vehicle.start, *(plan.visit(call, vehicle).place for call in route.calls), vehicle.end or ""]
        load, loads = 0, [0]
        for call in route.calls:
            load += {dispatch.CallKind.PICKUP: 1, dispatch.CallKind.DROPOFF: -1}.get(call.kind, 0)
            loads.append(load)
        for (a, b), riding in zip(pairwise(stops), loads, strict=True):
            metres = task.driven[index[a]][index[b]] if b else 0
            whole += metres
            empty += 0 if riding else metres
    return whole, empty
