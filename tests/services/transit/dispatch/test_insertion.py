"""The best insertion is the best of all, promises hold whatever comes, refusals say why and what would help."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from souto.services.transit.dispatch import (
    Break,
    Call,
    CallKind,
    Constraint,
    Network,
    Offer,
    Plan,
    Refusal,
    RelaxationKind,
    Request,
    Seats,
    Slack,
    Vehicle,
    Visit,
    Window,
    check,
    insert,
)
from souto.services.transit.dispatch.schedule import timetable
from tests.services.transit.dispatch.towns import insertions, towns

TIMES = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
NETWORK = Network.of(["depot", "a", "b", "c"], TIMES)
BUS = Vehicle("bus", "depot", "depot", Window(0, 300), (Seats(2),))


#: A failing town is small as it is; making it smaller takes minutes.
QUICK = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def ride(key, origin, target, pickup=(0, math.inf), dropoff=(0, math.inf), **more):
    return Request(key, Visit(origin, Window(*pickup)), Visit(target, Window(*dropoff)), **more)


def booked(plan, *riders, **more):
    for rider in riders:
        offer = insert(plan, rider, **more)
        assert isinstance(offer, Offer), offer
        plan = offer.plan
    return plan


def kinds(refusal):
    return {way.kind for way in refusal.relaxations}


def best_by_force(plan, request):
    """The lowest cost among all insertions that the checker lets pass, or None."""
    costs = []
    for grown in insertions(plan, request):
        verdict = check(grown)
        if verdict.valid:
            route = grown.route_of(request.id)
            at = next(
                at
                for call, at in zip(route.calls, verdict.moments[route.vehicle], strict=True)
                if call.id == request.id and call.kind == "dropoff"
            )
            costs.append(verdict.cost - check(plan).cost + plan.objective.waiting * at)
    return min(costs, default=None)


@settings(QUICK, max_examples=60)
@given(towns(), st.data())
def test_the_best_insertion_is_the_best_of_all_and_promises_hold(town, data):
    plan, riders = town
    for rider in riders:
        expected = best_by_force(plan, rider)
        slack = Slack(*data.draw(st.sampled_from([(math.inf, math.inf, math.inf), (0, 5, 10), (3, 0, 0)])))

        answer = insert(plan, rider, slack=slack, explain=False)

        if isinstance(answer, Refusal):
            assert expected is None
            continue
        assert expected is not None
        assert answer.added_cost + plan.objective.waiting * answer.dropoff_at == pytest.approx(expected)
        plan = answer.plan
        verdict = check(plan)
        assert verdict.violations == ()
        assert plan.cost == pytest.approx(verdict.cost)
        if data.draw(st.booleans()):
            route = data.draw(st.sampled_from(plan.routes))
            if len(route.began) < len(route.calls):
                plan = plan.begun(route.vehicle, verdict.moments[route.vehicle][len(route.began)])
                assume(check(plan).valid)  # time passed for the other vehicles, too


@settings(QUICK, max_examples=20)
@given(towns())
def test_what_a_refusal_proposes_can_be_booked(town):
    plan, riders = town
    for rider in riders:
        answer = insert(plan, replace(rider, pickup_instead=("a", "b")))
        if isinstance(answer, Offer):
            plan = answer.plan
            continue
        for way in answer.relaxations:
            assert check(way.offer.plan).valid
            assert set(way.offer.plan.promises) == {*plan.promises, rider.id}


def test_the_vehicle_comes_when_the_offer_says():
    offer = insert(Plan.empty(NETWORK, [BUS]), ride("r", "a", "c", pickup=(15, 60)), slack=Slack(0, 10, 20))

    assert (offer.pickup_at, offer.dropoff_at, offer.ride, offer.direct) == (15, 35, 20, 20)
    assert offer.promise.pickup == Window(15, 25)
    assert offer.promise.dropoff == Window(0, 55)
    assert offer.added_cost == 60


def test_a_promise_keeps_a_later_rider_from_making_a_detour():
    plan = booked(Plan.empty(NETWORK, [BUS]), ride("first", "a", "c", pickup=(10, 100)), slack=Slack(0, 5, 5))

    answer = insert(plan, ride("second", "b", "a", pickup=(20, 25), dropoff=(0, 40)))

    assert isinstance(answer, Refusal)
    assert answer.constraint is Constraint.PROMISE
    assert RelaxationKind.LATER in kinds(answer)


def test_a_refusal_says_how_much_later_it_is_possible():
    answer = insert(Plan.empty(NETWORK, [BUS]), ride("r", "b", "c", pickup=(0, 5)))

    assert isinstance(answer, Refusal)
    assert answer.constraint is Constraint.WINDOW
    (way,) = answer.relaxations
    assert way.kind is RelaxationKind.LATER
    assert 15 <= way.amount <= 16
    assert way.offer.pickup_at == 20


def test_a_refusal_proposes_another_stop():
    rider = ride("r", "b", "c", pickup=(0, 10))

    answer = insert(Plan.empty(NETWORK, [BUS]), replace(rider, pickup_instead=("a",)))

    assert answer.relaxations[0].kind is RelaxationKind.PICKUP_PLACE
    assert answer.relaxations[0].place == "a"


@pytest.mark.parametrize(
    ("rider", "constraint"),
    [
        (ride("r", "a", "b", pickup=(0, 40)), Constraint.PAST),
        (ride("r", "a", "a"), Constraint.SAME_PLACE),
        (ride("r", "a", "b", party=Seats(3)), Constraint.PARTY),
        (ride("r", "a", "b", party=Seats(0, 1)), Constraint.PARTY),
        (ride("r", "a", "b", party=Seats(0)), Constraint.EMPTY_PARTY),
        (ride("r", "a", "moon"), Constraint.UNKNOWN_PLACE),
        (ride("r", "a", "b", barred=frozenset({"bus"})), Constraint.EXCLUSION),
        (ride("r", "a", "c", max_ride=19), Constraint.RIDE_TIME),
        (ride("r", "c", "a", pickup=(285, 290)), Constraint.SHIFT),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(rider, constraint):
    plan = Plan.empty(NETWORK, [BUS]).advance(50)

    answer = insert(plan, rider)

    assert isinstance(answer, Refusal)
    assert answer.constraint is constraint
    assert plan == Plan.empty(NETWORK, [BUS]).advance(50), "asking changes nothing"


def test_a_booked_id_is_not_booked_twice():
    plan = booked(Plan.empty(NETWORK, [BUS]), ride("r", "a", "b"))

    assert insert(plan, ride("r", "b", "c")).constraint is Constraint.DUPLICATE


def test_unreachable_places_are_refused():
    island = Network.of(["depot", "a", "b"], [[0, math.inf, 5], [3, 0, 5], [5, math.inf, 0]])
    plan = Plan.empty(island, [replace(BUS, start="depot", end="depot")])

    assert insert(plan, ride("r", "b", "a")).constraint is Constraint.UNREACHABLE
    assert insert(plan, ride("r", "a", "b")).constraint is Constraint.UNREACHABLE


def test_a_shift_never_ends_with_riders_aboard():
    answer = insert(Plan.empty(NETWORK, [BUS]), ride("r", "a", "c", pickup=(255, 280)))

    assert answer.constraint is Constraint.SHIFT
    assert RelaxationKind.EARLIER in kinds(answer)
    for way in answer.relaxations:
        assert way.offer.dropoff_at + 30 <= 300


def test_the_last_seat_is_given_once():
    plan = booked(Plan.empty(NETWORK, [BUS]), ride("r1", "a", "c", pickup=(10, 10), dropoff=(30, 30), party=Seats(2)))

    answer = insert(plan, ride("r2", "a", "c", pickup=(10, 10), dropoff=(30, 30)))

    assert answer.constraint is Constraint.CAPACITY


def test_nobody_rides_through_a_break():
    rest = Break("rest", Window(40, 60), 30, "b")
    plan = booked(Plan.empty(NETWORK, [replace(BUS, breaks=(rest,))]), ride("r", "a", "c", pickup=(0, 50)))

    assert check(plan).valid
    assert [call.kind for call in plan.routes[0].calls] in (
        ["pickup", "dropoff", "break"],
        ["break", "pickup", "dropoff"],
    )


def test_a_trip_back_waits_for_the_trip_there():
    there = ride("there", "a", "c", pickup=(10, 20), dropoff=(0, 60))
    plan = booked(Plan.empty(NETWORK, [BUS]), there)

    back = insert(plan, ride("back", "c", "a", pickup=(0, 200), returns="there", stay=30))

    assert back.pickup_at >= 90
    assert insert(plan, ride("back", "c", "a", pickup=(0, 80), returns="there", stay=30)).constraint is Constraint.LINK


def test_a_late_vehicle_takes_nobody_who_would_make_it_later():
    plan = booked(Plan.empty(NETWORK, [BUS]), ride("r", "a", "c", pickup=(10, 20)), slack=Slack(0, 5, 5))
    late = plan.advance(40)

    assert not check(late).valid, "the world has broken the promise"
    answer = insert(late, ride("s", "b", "a", pickup=(0, 100)))

    assert isinstance(answer, Offer)
    route = answer.plan.routes[0]
    times = dict(zip(route.calls, timetable(answer.plan, 0).calls, strict=True))
    assert times[Call(CallKind.DROPOFF, "r")] == 70, "as soon as is still possible"


def test_a_clock_jump_ahead_leaves_a_plan_that_can_be_asked():
    plan = booked(Plan.empty(NETWORK, [BUS]), ride("r", "a", "c", pickup=(10, 20)))

    answer = insert(plan.advance(10_000), ride("s", "a", "b", pickup=(0, 20_000)))

    assert isinstance(answer, Refusal)
