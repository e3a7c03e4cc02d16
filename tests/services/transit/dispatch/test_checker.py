"""The checker finds each kind of fault, and nothing in plans that hold."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from souto.services.transit.dispatch import (
    Break,
    Call,
    CallKind,
    Constraint,
    Network,
    Plan,
    Profile,
    Promise,
    Request,
    Route,
    Seats,
    Vehicle,
    Visit,
    Window,
    check,
)

LINE = [[0, 10, 20], [10, 0, 10], [20, 10, 0]]
BUS = Vehicle("bus", "depot", "depot", Window(0, 100), (Seats(2),), (Break("rest", Window(45, 60), 10),))
RIDE = Request("r", Visit("a", Window(10, 20), 2), Visit("b", Window(0, 60)), max_ride=12)
OTHER = Request("s", Visit("a", Window(0, 90)), Visit("b", Window(0, 90)))
CODES = {"+": CallKind.PICKUP, "-": CallKind.DROPOFF, "*": CallKind.BREAK}


def plan_of(calls, *, riders=(RIDE,), bus=BUS, network=None, **more):
    parsed = tuple(Call(CODES[word[0]], word[1:]) for word in calls.split())
    return Plan(
        network or Network.of(["depot", "a", "b"], LINE),
        (bus,),
        (Route("bus", parsed),),
        {rider.id: rider for rider in riders},
        **more,
    )


def faults(plan):
    return {fault.constraint for fault in check(plan).violations}


def test_a_plan_that_holds_has_moments_and_costs():
    verdict = check(plan_of("+r -r *rest"))

    assert verdict.valid
    assert verdict.moments == {"bus": (10, 22, 45)}
    assert (verdict.cost, verdict.vehicles) == (10 + 10 + 20, 1)


@pytest.mark.parametrize(
    ("calls", "more", "constraint"),
    [
        ("+r *rest", {}, Constraint.PAIRING),
        ("+r +r -r *rest", {}, Constraint.PAIRING),
        ("*rest", {}, Constraint.PAIRING),
        ("+r -r +t -t *rest", {}, Constraint.PAIRING),
        ("-r +r *rest", {}, Constraint.PRECEDENCE),
        ("+r -r", {}, Constraint.BREAK),
        ("+r *rest -r", {"riders": (replace(RIDE, max_ride=math.inf),)}, Constraint.BREAK),
        ("*rest +r -r", {}, Constraint.WINDOW),
        ("+r -r *rest", {"riders": (replace(RIDE, party=Seats(3)),)}, Constraint.CAPACITY),
        ("+r -r *rest", {"riders": (replace(RIDE, party=Seats(0, 1)),)}, Constraint.CAPACITY),
        ("+r -r *rest", {"riders": (replace(RIDE, max_ride=9),)}, Constraint.RIDE_TIME),
        ("+r -r *rest", {"riders": (replace(RIDE, barred=frozenset({"bus"})),)}, Constraint.EXCLUSION),
        ("+r -r *rest", {"bus": replace(BUS, shift=Window(0, 54))}, Constraint.SHIFT),
        ("+r -r *rest", {"bus": replace(BUS, max_duration=50)}, Constraint.SHIFT),
        ("+r -r *rest", {"now": 15.0}, Constraint.WINDOW),
        ("+r +s -r -s *rest", {"riders": (replace(RIDE, direct=True), OTHER)}, Constraint.DIRECT),
        ("+r +s -r -s *rest", {"riders": (RIDE, replace(OTHER, apart_from=frozenset({"r"})))}, Constraint.EXCLUSION),
        ("+r -r *rest", {"promises": {"r": Promise(Window(10, 20), Window(0, 21))}}, Constraint.PROMISE),
        ("+s -s +r -r *rest", {"riders": (replace(RIDE, returns="s", stay=0), OTHER)}, Constraint.WINDOW),
        (
            "+r -r +s -s",
            {"bus": replace(BUS, breaks=()), "riders": (RIDE, replace(OTHER, returns="r", stay=30))},
            Constraint.LINK,
        ),
    ],
)
def test_each_fault_is_found(calls, more, constraint):
    assert constraint in faults(plan_of(calls, **more))


def test_waiting_at_the_pickup_keeps_the_longest_ride():
    rider = replace(RIDE, pickup=Visit("a", Window(0, 60)), dropoff=Visit("b", Window(50, 60)))

    verdict = check(
        plan_of("+r -r *rest", riders=(rider,), bus=replace(BUS, breaks=(Break("rest", Window(45, 99), 10),)))
    )

    assert verdict.moments["bus"][:2] == (38, 50), "the pickup is put off, nobody waits in the vehicle"


def test_a_ride_made_too_long_by_waiting_for_another_rider_is_found():
    first = Request("r", Visit("a", Window(0, 20)), Visit("b", Window(0, 99)), max_ride=15)
    second = Request("s", Visit("a", Window(30, 99)), Visit("b", Window(0, 99)), max_ride=10)

    assert Constraint.RIDE_TIME in faults(plan_of("+r +s -s -r *rest", riders=(first, second)))


def test_driven_calls_are_held_at_their_moments():
    plan = plan_of("+r -r *rest").begun("bus", 18)

    assert check(plan).moments["bus"][:2] == (18, 30)
    assert faults(plan_of("+r -r *rest").begun("bus", 25)) == {Constraint.WINDOW}


def test_travel_slows_with_the_time_of_day():
    slow = Network.of(["depot", "a", "b"], LINE, profile=Profile((0, 15), (1, 0.5)))

    verdict = check(plan_of("+r -r", network=slow, bus=replace(BUS, breaks=()), riders=(replace(RIDE, max_ride=99),)))

    # 3 units at full speed, the remaining 7 of the way at half.
    assert verdict.moments["bus"][1] == 15 + 14


def test_who_is_not_served_is_listed():
    plan = plan_of("*rest", unserved=("r",))

    assert check(plan).valid
    assert check(plan).unserved == ("r",)
    assert faults(plan_of("+r -r *rest", unserved=("r",))) == {Constraint.PAIRING}


def test_a_rider_fetched_before_the_promised_window_is_a_fault():
    assert faults(plan_of("+r -r *rest").begun("bus", 8)) == {Constraint.WINDOW}
