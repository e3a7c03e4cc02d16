"""Two vehicles exchange the rest of their ways only where both are empty, only if they are alike, and so that everything still holds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from souto.services.transit.dispatch import (
    Break,
    Call,
    CallKind,
    Network,
    Offer,
    Plan,
    Request,
    Seats,
    Slack,
    Vehicle,
    Visit,
    Window,
    check,
    insert,
)
from souto.services.transit.dispatch.compiled import compile_plan
from souto.services.transit.dispatch.kernel.crossing import cross, cuts
from souto.services.transit.dispatch.kernel.memory import COST, remember
from souto.services.transit.dispatch.kernel.state import route_cost
from souto.services.transit.dispatch.solving import _Searching
from tests.services.transit.dispatch.test_insertion import QUICK
from tests.services.transit.dispatch.towns import networks, requests

#: A town along a street: west is far from east, the depot in the middle.
STREET = {"depot": 0.0, "west": -20.0, "far west": -25.0, "east": 20.0, "far east": 25.0}
NETWORK = Network.of(list(STREET), [[abs(a - b) for b in STREET.values()] for a in STREET.values()])


def rider(name, origin, target, earliest):
    return Request(name, Visit(origin, Window(earliest, earliest + 30)), Visit(target))


def riding(*routes, fleet=None, **requests):
    """A plan whose vehicles serve some riders one after the other."""
    fleet = fleet or [Vehicle(f"v{k}", "depot", "depot", Window(0, 400), (Seats(4),)) for k in range(len(routes))]
    plan = replace(Plan.empty(NETWORK, fleet), requests=requests, _memory={})
    for number, names in enumerate(routes):
        calls = tuple(Call(kind, name) for name in names for kind in (CallKind.PICKUP, CallKind.DROPOFF))
        plan = plan.with_route(replace(plan.routes[number], calls=calls))
    assert check(plan).valid
    return plan


def crossed(plan, *, heat=1e-6, tries=40, seed=0):
    """The plan after exchanges that only shorten ways (or whatever a temperature allows), as `run` would keep them."""
    made = compile_plan(plan, room=2 * len(plan.requests) + 4)
    searching = _Searching(plan, np.ones(len(plan.requests), np.uint8), made, seed)
    a, w = searching.arrays, searching.memory
    for _ in range(tries):
        changed, possible = cross(a, w, heat)
        if changed and not possible:
            break  # taking a step back is `run`'s
        for v in w.touched[:changed]:
            w.cost[v] = route_cost(a, v)
            w.saved[v] = 0
    else:
        w.sums[COST] = w.cost.sum()
        remember(a, w)
    routes, _ = searching.best()
    return replace(plan, routes=routes, _memory={})


def morning_and_noon(**more):
    """Each vehicle begins on one side of the town and goes on on the other."""
    return riding(
        ("a", "d"),
        ("b", "c"),
        a=rider("a", "west", "far west", 30),
        b=rider("b", "east", "far east", 30),
        c=rider("c", "far west", "west", 120),
        d=rider("d", "far east", "east", 120),
        **more,
    )


def test_vehicles_stay_on_their_side_of_the_town():
    plan = morning_and_noon()

    better = crossed(plan)

    assert check(better).valid
    assert (plan.cost, better.cost) == (200.0, 100.0)
    assert {frozenset(call.id for call in route.calls) for route in better.routes} == {frozenset("ac"), frozenset("bd")}


def test_nobody_aboard_is_parted_from_his_way_out():
    plan = morning_and_noon()
    aboard = plan.routes[0].calls
    plan = replace(plan, requests={**plan.requests, "a": Request("a", Visit("west", Window(30, 60)), Visit("depot"))})
    plan = plan.with_route(
        replace(plan.routes[0], calls=(aboard[0], aboard[2], aboard[3], Call(CallKind.DROPOFF, "a")))
    )
    assert check(plan).valid

    same = crossed(plan, heat=1e9)

    assert check(same).valid
    assert all(
        {call.id for call in route.calls if call.kind is CallKind.PICKUP}
        == {call.id for call in route.calls if call.kind is CallKind.DROPOFF}
        for route in same.routes
    )


@pytest.mark.parametrize(
    "other",
    [
        {"layouts": (Seats(3),)},
        {"closed": True},
        {"breaks": (Break("rest", Window(90, 110), 5, "depot"),)},
    ],
)
def test_vehicles_that_differ_exchange_nothing(other):
    plan = morning_and_noon()
    calls = plan.routes[1].calls
    for rest in other.get("breaks", ()):
        calls = (*calls[:2], Call(CallKind.BREAK, rest.id), *calls[2:])
    fleet = (plan.vehicles[0], replace(plan.vehicles[1], **other))
    plan = replace(plan, vehicles=fleet, _memory={}).with_route(replace(plan.routes[1], calls=calls))

    assert crossed(plan).routes == plan.routes


def test_a_rider_never_comes_into_a_vehicle_that_is_barred():
    plan = morning_and_noon()
    barred = {
        name: replace(request, barred=frozenset({"v0"} if name in "bc" else {"v1"}))
        for name, request in plan.requests.items()
    }

    assert crossed(replace(plan, requests=barred, _memory={})).routes == plan.routes


def test_what_is_driven_stays():
    driven = morning_and_noon()
    for position in range(2):
        driven = driven.begun("v0", check(driven).moments["v0"][position])
    driven = driven.with_route(replace(driven.routes[0], fixed=3))  # on the way to the next pickup

    def found(plan):
        made = compile_plan(plan, room=12)
        searches = (_Searching(plan, np.ones(4, np.uint8), made, seed) for seed in range(30))
        return {cuts(one.arrays, one.memory, 0, 1, 1e9) for one in searches}

    assert (2, 2) in found(morning_and_noon())
    assert found(driven) == {(-1, -1)}


def test_a_break_stays_with_its_vehicle():
    plan = morning_and_noon()
    rest = Break("rest", Window(90, 110), 5, "depot")
    plan = replace(plan, vehicles=tuple(replace(vehicle, breaks=(rest,)) for vehicle in plan.vehicles), _memory={})
    for route in plan.routes:
        plan = plan.with_route(replace(route, calls=(*route.calls[:2], Call(CallKind.BREAK, "rest"), *route.calls[2:])))
    assert check(plan).valid

    assert crossed(plan).routes == plan.routes


@pytest.mark.parametrize(
    ("longest", "requests"),
    [
        (
            60,
            {"a": Request("a", Visit("west"), Visit("far west")), "b": Request("b", Visit("east"), Visit("far east"))},
        ),
        (150, {"a": rider("a", "west", "far west", 30), "b": rider("b", "east", "far east", 320)}),
    ],
)
def test_no_shift_becomes_longer_than_it_may_be(longest, requests):
    fleet = [Vehicle(f"v{k}", "depot", "depot", Window(0, 4000), (Seats(4),), max_duration=longest) for k in range(2)]
    plan = riding(("a",), ("b",), fleet=fleet, **requests)

    for seed in range(20):
        assert check(crossed(plan, heat=1e9, tries=1, seed=seed)).valid


@settings(QUICK, max_examples=40)
@given(st.data())
def test_whatever_is_exchanged_can_be_driven(data):
    network = data.draw(networks())
    longest = data.draw(st.sampled_from([math.inf, 120.0]))
    fleet = [Vehicle(f"v{k}", "depot", "a", Window(0, 200), (Seats(3, 1),), max_duration=longest) for k in range(3)]
    plan = Plan.empty(network, fleet)
    for number in range(data.draw(st.integers(3, 7))):
        answer = insert(plan, data.draw(requests(number)), slack=Slack(20, 30, 40), explain=False)
        plan = answer.plan if isinstance(answer, Offer) else plan
    assume(plan.used > 1)

    other = crossed(plan, heat=1e6, tries=5, seed=data.draw(st.integers(0, 99)))

    assert check(other).violations == ()
