"""The words of the engine: what contradicts itself is refused, promises only tighten, a plan survives its row."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from souto.services.transit.dispatch import (
    Break,
    Call,
    CallKind,
    Constraint,
    ModelError,
    Network,
    NetworkError,
    Plan,
    Profile,
    Promise,
    Request,
    Route,
    Seats,
    Vehicle,
    Visit,
    Window,
)

LINE = [[0, 10, 20], [10, 0, 10], [20, 10, 0]]


def small() -> Plan:
    bus = Vehicle(
        "bus", "depot", "depot", Window(0, 1000), (Seats(4), Seats(2, 1)), (Break("rest", Window(300, 400), 60),)
    )
    plan = Plan.empty(Network.of(["depot", "a", "b"], LINE), [bus])
    ride = Request(
        "r1", Visit("a", Window(5, 50), 2), Visit("b"), Seats(1, 1), max_ride=30, apart_from=frozenset({"x"})
    )
    plan = Plan(
        plan.network,
        plan.vehicles,
        (Route("bus", (Call(CallKind.PICKUP, "r1"), Call(CallKind.DROPOFF, "r1"), *plan.routes[0].calls)),),
        {"r1": ride},
    )
    return plan.promised("r1", Promise(Window(5, 50), Window(20, 90)))


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ([[0, math.nan], [1, 0]], "from place 0 to place 1 is missing"),
        ([[0, 1], [-1, 0]], "from place 1 to place 0 is negative"),
        ([[0, 1, 2]], "shape"),
    ],
)
def test_a_matrix_with_holes_or_negative_times_is_refused(times, words):
    with pytest.raises(NetworkError, match=words):
        Network.of(["a", "b"], times)


def test_the_triangle_inequality_is_proved_not_assumed():
    assert Network.of(["a", "b", "c"], LINE).metric
    assert not Network.of(["a", "b", "c"], [[0, 10, 25], [10, 0, 10], [20, 10, 0]]).metric
    assert Network.of(["a", "b"], [[0, math.inf], [1, 0]]).metric, "no way there is no contradiction"


def test_networks_are_known_by_their_content():
    same = Network.of(["a", "b", "c"], LINE)

    assert same == Network.of(["a", "b", "c"], np.array(LINE))
    assert same != Network.of(["a", "b", "c"], LINE, profile=Profile((0,), (0.5,)))
    assert same != Network.of(["a", "b", "d"], LINE)


@pytest.mark.parametrize(("since", "speed"), [((), ()), ((0, 0), (1, 1)), ((0,), (0,)), ((0,), (1, 2))])
def test_a_profile_that_stands_still_or_runs_backwards_is_refused(since, speed):
    with pytest.raises(NetworkError):
        Profile(since, speed)


def test_windows_and_service_times_make_sense():
    with pytest.raises(ModelError):
        Window(10, 9)
    with pytest.raises(ModelError):
        Window(math.nan, 9)
    with pytest.raises(ModelError):
        Visit("a", service=-1)


def test_a_promise_tightens_and_never_widens():
    promise = Promise(Window(10, 20), Window(30, 50))

    assert promise.tightened(pickup=Window(12, 15)).pickup == Window(12, 15)
    for wider in (Window(9, 15), Window(12, 21), Window(21, 22)):
        with pytest.raises(ModelError) as refused:
            promise.tightened(pickup=wider)
        assert refused.value.constraint is Constraint.PROMISE


def test_a_plan_survives_its_row():
    plan = small().begun("bus", 12.25)

    row = json.loads(json.dumps(plan.to_json(), allow_nan=False))

    assert Plan.from_json(row, plan.network) == plan
    assert plan.routes[0].fixed == 1


def test_a_row_of_another_network_or_format_is_refused():
    plan = small()

    with pytest.raises(ModelError):
        Plan.from_json(plan.to_json(), Network.of(["depot", "a", "c"], LINE))
    with pytest.raises(ModelError):
        Plan.from_json({**plan.to_json(), "format": 99}, plan.network)


def test_a_clock_that_jumps_back_changes_nothing():
    plan = small().advance(100)

    assert plan.advance(40) is plan
    assert plan.advance(101).now == 101


def test_a_rider_aboard_cannot_be_taken_out_but_a_waiting_one_can():
    plan = small()

    assert plan.without("r1").routes[0].riders == ()
    with pytest.raises(ModelError):
        plan.begun("bus", 10).without("r1")


def test_the_cost_of_a_plan_is_its_way_there_and_back():
    assert small().cost == 10 + 10 + 20


def test_two_vehicles_never_share_an_id_nor_stand_nowhere():
    bus = small().vehicles[0]
    network = small().network

    with pytest.raises(ModelError):
        Plan.empty(network, [bus, bus])
    with pytest.raises(ModelError):
        Plan.empty(network, [Vehicle("b", "nowhere", None, Window(), (Seats(1),))])


def test_nothing_is_promised_that_was_not_asked_for():
    plan = small()
    fresh = Plan(plan.network, plan.vehicles, plan.routes, plan.requests)

    with pytest.raises(ModelError):
        fresh.promised("r1", Promise(Window(5, 51), Window(20, 90)))
