"""Searches: every promise and everything driven is kept, the same seed finds the same plan, and known optima are found."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from souto.config import environment
from souto.services.transit.dispatch import (
    Budget,
    Network,
    Objective,
    Offer,
    Plan,
    Request,
    Seats,
    Slack,
    Vehicle,
    Visit,
    Window,
    bulk,
    check,
    improve,
    insert,
    solve,
)
from souto.services.transit.dispatch.instances import read
from souto.services.transit.dispatch.roads import from_roads
from tests.services.transit.dispatch.test_insertion import QUICK
from tests.services.transit.dispatch.towns import towns

FOLDER = environment.SAMPLES.get() / "transit"
needs_samples = pytest.mark.skipif(not FOLDER.is_dir(), reason="no sample data: SOUTO_SAMPLES names their folder")


def field(size, riders, *, windows=True, seed=0, seats=4, **more):
    """A square of places and riders between them, all unserved."""
    random = np.random.default_rng(seed)
    xy = random.integers(0, 40, (size, 2))
    times = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    network = Network.of([str(k) for k in range(size)], times)
    requests = {}
    for k in range(riders):
        origin, target = random.choice(size, 2, replace=False)
        begin = int(random.integers(0, 400))
        window = Window(begin, begin + 60) if windows else Window()
        requests[f"r{k}"] = Request(f"r{k}", Visit(str(origin), window), Visit(str(target)), **more)
    fleet = [Vehicle(f"v{k}", "0", "0" if windows else None, Window(), (Seats(seats),)) for k in range(4)]
    return replace(Plan.empty(network, fleet), requests=requests, unserved=tuple(requests))


@settings(QUICK, max_examples=25)
@given(towns())
def test_improving_keeps_promises_riders_and_what_is_driven(town):
    plan, riders = town
    for rider in riders:
        answer = insert(plan, rider, slack=Slack(2, 8, 12), explain=False)
        plan = answer.plan if isinstance(answer, Offer) else plan
    verdict = check(plan)
    route = max(plan.routes, key=lambda route: len(route.calls))
    if route.calls:
        started = plan.begun(route.vehicle, verdict.moments[route.vehicle][0])
        plan = started if check(started).valid else plan

    better = improve(plan, Budget(steps=60), seed=3)

    assert check(better).violations == ()
    assert better.cost <= plan.cost + 1e-6
    assert (better.promises, better.requests) == (plan.promises, plan.requests)
    for old, new in zip(plan.routes, better.routes, strict=True):
        assert new.calls[: old.fixed] == old.calls[: old.fixed]
        assert new.began == old.began


def test_improving_finds_what_first_come_first_served_missed():
    plan = replace(field(12, 16), requests={}, unserved=())
    for rider in field(12, 16).requests.values():
        answer = insert(plan, rider)
        plan = answer.plan if isinstance(answer, Offer) else plan

    better = improve(plan, Budget(steps=400))

    assert better.cost < plan.cost
    assert check(better).valid
    assert improve(better, Budget(steps=0)) is better


def test_a_search_can_be_stopped_at_once_and_leaves_a_valid_plan():
    plan = solve(field(12, 16), Budget(steps=50))

    stopped = improve(plan, Budget(cpu_seconds=3600), stop=lambda: True)

    assert stopped is plan


def test_the_same_seed_finds_the_same_plan():
    plan = field(12, 20, max_ride=40.0)

    first, again = (solve(plan, Budget(steps=150), seed=5) for _ in range(2))

    assert first == again
    assert check(first).valid


def test_a_budget_is_steps_or_seconds():
    for wrong in ({}, {"steps": 1, "cpu_seconds": 1.0}):
        with pytest.raises(ValueError, match="either"):
            Budget(**wrong)


def test_fewer_vehicles_come_before_shorter_ways():
    plan = field(12, 14)
    few = solve(replace(plan, objective=Objective(vehicles_first=True)), Budget(steps=600))
    short = solve(plan, Budget(steps=600))

    assert check(few).valid
    assert not few.unserved
    assert few.used <= short.used
    assert few.used < 4


def test_who_cannot_be_served_is_listed():
    plan = field(12, 6)
    crowd = Request("crowd", Visit("1"), Visit("2"), Seats(9))
    plan = replace(plan, requests={**plan.requests, "crowd": crowd}, unserved=(*plan.unserved, "crowd"))

    solved = solve(plan, Budget(steps=50))

    assert solved.unserved == ("crowd",)
    assert check(solved).valid


def test_a_trip_there_and_back_is_parted():
    plan = field(12, 4)
    there = Request("there", Visit("1"), Visit("2", Window(0, 300)))
    back = Request("back", Visit("2", Window(0, 300)), Visit("1"), returns="there", stay=20)
    trips = {"there": there, "back": back}
    plan = replace(plan, requests={**plan.requests, **trips}, unserved=(*plan.unserved, *trips))

    solved = solve(plan, Budget(steps=50))

    assert not solved.unserved
    assert check(solved).violations == ()


def test_a_day_without_windows_is_solved_as_a_whole(monkeypatch):
    monkeypatch.setattr(bulk, "MANY", 10)
    plan = field(15, 40, windows=False, seats=3)
    assert bulk.applies(plan)

    rough, fine = (solve(plan, Budget(steps=steps)) for steps in (0, 500))

    for solved in (rough, fine):
        assert check(solved).violations == ()
        assert not solved.unserved
    assert fine.cost < rough.cost
    assert solve(plan, Budget(steps=500)) == fine


def test_shortest_ways_over_streets_with_directions():
    network = from_roads(["a", "b", "c"], [[0, 1], [1, 2], [2, 0], [0, 2]], [5, 6, 7, 20])

    assert network.times.tolist() == [[0, 5, 11], [13, 0, 6], [7, 12, 0]]
    assert network.metric
    assert from_roads(["x"], [[0, 1]], [5], nodes=[1]).times.tolist() == [[0]]
    assert from_roads(["a", "b"], [[0, 1]], [5]).times[1, 0] == math.inf


@pytest.mark.parametrize(
    ("arcs", "times"), [([[0, 1]], [-1]), ([[0, 1]], [math.nan]), ([[0, 1]], [1, 2]), ([[-1, 0]], [1])]
)
def test_streets_with_holes_or_negative_times_are_refused(arcs, times):
    with pytest.raises(ValueError, match=r"arc|node"):
        from_roads(["a", "b"], arcs, times)


@needs_samples
@pytest.mark.parametrize(("name", "optimum"), [("a2-16", 294.25), ("b2-20", 332.64)])
def test_known_optima_are_found(name, optimum):
    solved = solve(read(FOLDER / "cordeau_2006_ab" / f"{name}.txt").plan, Budget(steps=3000))

    verdict = check(solved)
    assert verdict.valid
    assert not solved.unserved
    assert verdict.cost == pytest.approx(optimum, abs=0.01)
