"""Small random towns for Hypothesis: places, vehicles, riders. Whole numbers, so that nothing hangs on rounding."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from souto.services.transit.dispatch import (
    Break,
    Call,
    CallKind,
    Network,
    Objective,
    Plan,
    Profile,
    Request,
    Seats,
    Vehicle,
    Visit,
    Window,
)
from souto.services.transit.dispatch.checker import check

PLACES = ("depot", "a", "b", "c", "d")
HORIZON = 200


@st.composite
def networks(draw):
    """Asymmetric, with and without the triangle inequality, now and then with a place that cannot be reached, or with speeds of the day."""
    times = [[draw(st.integers(1, 20)) for _ in PLACES] for _ in PLACES]
    if draw(st.booleans()):
        for via in range(len(PLACES)):
            for a in range(len(PLACES)):
                for b in range(len(PLACES)):
                    times[a][b] = min(times[a][b], times[a][via] + times[via][b])
    if draw(st.integers(0, 5)) == 0:
        times = [[math.inf if b == 4 else time for b, time in enumerate(row)] for row in times]
    profile = Profile((0, 40, 90), (1.0, 0.5, 2.0)) if draw(st.integers(0, 3)) == 0 else None
    return Network.of(PLACES, times, profile=profile)


@st.composite
def vehicles(draw, number):
    """A vehicle with one or two layouts, sometimes with a break, a longest shift, no end."""
    begin = draw(st.integers(0, 30))
    layouts = draw(st.sampled_from([(Seats(2),), (Seats(3), Seats(1, 1)), (Seats(4, 1),)]))
    rest = draw(st.integers(0, 3)) == 0
    return Vehicle(
        f"v{number}",
        "depot",
        draw(st.sampled_from(["depot", "a", None])),
        Window(begin, draw(st.integers(120, HORIZON))),
        layouts,
        (Break("rest", Window(draw(st.integers(30, 60)), 110), 10, "b"),) if rest else (),
        max_duration=draw(st.sampled_from([math.inf, 90.0])),
        fixed_cost=draw(st.sampled_from([0.0, 15.0])),
    )


@st.composite
def requests(draw, number):
    """A rider of some kind, with windows at either end."""
    origin, target = draw(st.permutations(PLACES))[:2]
    early = draw(st.integers(0, 100))
    late = draw(st.integers(0, 120))
    tight = draw(st.booleans())
    return Request(
        f"r{number}",
        Visit(origin, Window(early, early + draw(st.integers(0, 40))) if tight else Window(), draw(st.integers(0, 3))),
        Visit(target, Window() if tight else Window(late, late + draw(st.integers(0, 60))), draw(st.integers(0, 3))),
        draw(st.sampled_from([Seats(1), Seats(1), Seats(2), Seats(0, 1), Seats(1, 1)])),
        max_ride=draw(st.sampled_from([math.inf, 20.0, 35.0])),
        direct=draw(st.integers(0, 4)) == 0,
        barred=frozenset({"v0"}) if draw(st.integers(0, 5)) == 0 else frozenset(),
        apart_from=frozenset({"r0"}) if draw(st.integers(0, 3)) == 0 and number else frozenset(),
    )


@st.composite
def towns(draw):
    """A plan in which nobody rides yet and which can be driven, and riders who will ask one after the other."""
    network = draw(networks())
    fleet = [draw(vehicles(number)) for number in range(draw(st.integers(1, 2)))]
    objective = Objective(waiting=draw(st.sampled_from([0.0, 0.5])))
    plan = Plan.empty(network, fleet, objective=objective)
    if not check(plan).valid:
        plan = Plan.empty(network, [replace(v, breaks=(), max_duration=math.inf) for v in fleet], objective=objective)
    riders = [draw(requests(number)) for number in range(draw(st.integers(1, 4)))]
    return plan, riders


def insertions(plan, request):
    """Every plan with the request in it: all vehicles, all pairs of places, unchecked."""
    pickup, dropoff = Call(CallKind.PICKUP, request.id), Call(CallKind.DROPOFF, request.id)
    for route in plan.routes:
        for i in range(route.fixed, len(route.calls) + 1):
            for j in range(i, len(route.calls) + 1):
                calls = (*route.calls[:i], pickup, *route.calls[i:j], dropoff, *route.calls[j:])
                grown = plan.with_route(replace(route, calls=calls))
                yield replace(grown, requests={**plan.requests, request.id: request}, _memory={})


def length(plan, places):
    """The way over some places."""
    rows = [plan.network.place(place) for place in places]
    return sum(plan.network.costs[a, b] for a, b in pairwise(rows))
