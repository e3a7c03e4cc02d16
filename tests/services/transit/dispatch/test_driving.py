"""Reports of vehicles in the plan, rides moved by hand, vehicles that break down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.services.transit.dispatch import (
    Break,
    Call,
    CallKind,
    Constraint,
    ModelError,
    Network,
    Offer,
    Plan,
    Report,
    ReportKind,
    Request,
    Seats,
    Slack,
    Vehicle,
    Visit,
    Window,
    check,
    close,
    follow,
    insert,
    late_calls,
    lateness,
    leaves,
    move,
    rescue,
    reworded,
    timetable,
    under_way,
)

PLACES = ["depot", "a", "b", "c", "d"]
TIMES = [[abs(i - j) * 10.0 for j in range(5)] for i in range(5)]
ON, OFF, MISSED, REST = ReportKind.BOARDED, ReportKind.ALIGHTED, ReportKind.ABSENT, ReportKind.RESTED


def vehicle(name: str = "v", **more: object) -> Vehicle:
    return Vehicle(name, "depot", "depot", Window(0, 1000), (Seats(4),), **more)  # type: ignore[arg-type]


def ride(name: str, origin: str, goal: str, early: float, **more: object) -> Request:
    return Request(name, Visit(origin, Window(early, early + 60), 1.0), Visit(goal, Window(), 1.0), **more)  # type: ignore[arg-type]


def planned(*riders: Request, vehicles: tuple[Vehicle, ...] | None = None) -> Plan:
    plan = Plan.empty(Network.of(PLACES, TIMES), vehicles or (vehicle(),))
    for rider in riders:
        found = insert(plan, rider, slack=Slack(10, 10, 20))
        assert isinstance(found, Offer), found
        plan = found.plan
    return plan


def three() -> Plan:
    rest = Break("rest", Window(200, 400), 20, "depot")
    return planned(
        ride("x", "a", "c", 20), ride("y", "b", "d", 30), ride("z", "c", "a", 100), vehicles=(vehicle(breaks=(rest,)),)
    )


REPORTS = [
    Report(ON, "x", 22.0),
    Report(ON, "y", 40.0),
    Report(OFF, "x", 55.0),
    Report(OFF, "y", 70.0),
    Report(MISSED, "z", 110.0),
    Report(REST, "", 230.0),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(REPORTS), min_size=1), st.integers(0, 8), st.randoms(use_true_random=False))
def test_late_twice_and_out_of_order_make_no_difference(seen: list[Report], cut: int, shuffle) -> None:
    plan = three()
    straight = follow(plan, "v", dict.fromkeys(seen)).plan
    mixed = [*seen, *seen[:3]]
    shuffle.shuffle(mixed)
    early = follow(plan, "v", mixed[:cut]).plan
    assert follow(early, "v", mixed).plan == straight
    assert follow(straight, "v", mixed).plan == straight
    assert not [
        fault for fault in check(straight).violations if fault.constraint in {Constraint.PAIRING, Constraint.PRECEDENCE}
    ]


def test_what_is_driven_stands_at_its_moments_and_the_rest_follows() -> None:
    plan = follow(three(), "v", REPORTS[:2]).plan.advance(41)
    route = plan.routes[0]
    assert route.began == (22.0, 40.0)
    assert route.fixed == 2
    assert [call.id for call in route.calls[:2]] == ["x", "y"]
    assert timetable(plan, 0).calls[2] == 51.0  # from b at 40, one second to get on, ten of way


def test_who_gets_off_unreported_has_been_aboard_and_a_later_report_says_since_when() -> None:
    plan = follow(three(), "v", [Report(OFF, "x", 55.0)]).plan
    assert plan.routes[0].began == (55.0, 55.0)
    plan = follow(plan, "v", [Report(OFF, "x", 55.0), Report(ON, "x", 22.0)]).plan
    assert plan.routes[0].began == (22.0, 55.0)


def test_a_rider_who_is_not_there_leaves_the_vehicle_where_it_waited() -> None:
    before = three()
    plan = follow(before, "v", [Report(MISSED, "x", 30.0)]).plan
    assert plan.requests["x"].party.total == 0
    assert "x" not in plan.promises
    assert plan.routes[0].calls[:2] == (Call(CallKind.PICKUP, "x"), Call(CallKind.DROPOFF, "x"))
    after = timetable(plan.advance(31), 0)
    assert after.calls[2] == 41.0  # on from a, where it stood, not from the depot
    assert check(plan).valid


def test_who_came_running_rides_after_all() -> None:
    plan = three()
    known = {"x": plan.requests["x"]}
    plan = follow(plan, "v", [Report(MISSED, "x", 30.0)]).plan
    plan = follow(plan, "v", [Report(MISSED, "x", 30.0), Report(ON, "x", 32.0)], known).plan
    assert plan.requests["x"].dropoff.place == "c"
    assert Call(CallKind.DROPOFF, "x") in plan.routes[0].calls[plan.routes[0].fixed :]
    assert plan.routes[0].began == (32.0,)
    assert follow(plan, "v", [Report(ON, "x", 32.0), Report(MISSED, "x", 33.0)]).plan.requests["x"].party.total == 0


def test_who_gets_on_elsewhere_rides_there_and_whom_nobody_knows_is_a_stray() -> None:
    plan = planned(ride("x", "a", "c", 20), vehicles=(vehicle(), vehicle("w")))
    home = plan.route_of("x")
    assert home is not None
    other = "w" if home.vehicle == "v" else "v"
    found = follow(plan, other, [Report(ON, "x", 25.0), Report(ON, "ghost", 26.0)])
    assert found.strays == ("ghost",)
    moved = found.plan.route_of("x")
    assert moved is not None
    assert moved.vehicle == other
    assert check(found.plan).valid
    # The first vehicle says so, too: somebody is wrong, and the plan does not guess.
    assert follow(found.plan, home.vehicle, [Report(ON, "x", 25.0)]).strays == ("x",)


def test_an_unknown_vehicle_is_an_error() -> None:
    with pytest.raises(ModelError):
        follow(three(), "bus", [])


def test_a_vehicle_that_has_to_leave_is_on_its_way() -> None:
    plan = planned(ride("x", "c", "a", 100))
    assert leaves(plan, 0) == 70.0  # thirty of way to c, where the window opens at 100
    assert under_way(plan, by=60).routes[0].fixed == 0
    gone = under_way(plan, by=75)
    assert gone.routes[0].fixed == 1
    assert gone.routes[0].began == ()
    # It left at 70 and is there at 100, whatever the time is until it says so.
    assert timetable(gone.advance(95), 0).calls[0] == 100.0
    assert timetable(plan.advance(95), 0).calls[0] == 125.0
    assert check(gone.advance(95)).valid
    assert insert(gone.advance(95), ride("y", "c", "a", 100)).promise.pickup.earliest >= 100  # type: ignore[union-attr]


def test_a_report_on_the_way_does_not_send_the_vehicle_back_to_its_last_stop() -> None:
    plan = planned(ride("x", "a", "b", 20), ride("y", "d", "a", 100))
    driven = [Report(ON, "x", 20.0), Report(OFF, "x", 31.0)]
    gone = under_way(follow(plan, "v", driven).plan.advance(85), by=85)  # from b at 80, to be at d at 100
    assert gone.routes[0].fixed == 3

    again = follow(gone, "v", driven).plan.advance(110)  # it says that it stands at d, which is no part of the plan

    assert again.routes[0].fixed == 3
    assert timetable(again, 0).calls[2] == 110.0, "it is there: nobody has to be fetched from b"
    there = follow(again, "v", [*driven, Report(ON, "y", 111.0)]).plan
    assert there.routes[0].fixed == 3
    assert there.routes[0].began == (20.0, 31.0, 111.0)


def test_a_late_vehicle_says_which_calls_are_late() -> None:
    plan = planned(ride("x", "c", "a", 100)).advance(200)
    (call, late), *_ = late_calls(plan, "v")
    assert call == Call(CallKind.PICKUP, "x")
    assert late == pytest.approx(200 + 30 - plan.promises["x"].pickup.latest, abs=31)
    assert lateness(plan, "v") >= late


def test_a_move_that_breaks_nothing_is_harmless() -> None:
    plan = planned(ride("x", "a", "c", 20), vehicles=(vehicle(), vehicle("w")))
    home = plan.route_of("x")
    assert home is not None
    other = "w" if home.vehicle == "v" else "v"
    made = move(plan, "x", other)
    assert made.harmless
    route = made.plan.route_of("x")
    assert route is not None
    assert route.vehicle == other
    assert made.plan.promises == plan.promises
    assert check(made.plan).valid


def test_a_move_tells_what_it_breaks() -> None:
    four = Seats(4)
    plan = planned(
        ride("x", "a", "b", 20, party=four, barred=frozenset({"w"})),
        ride("y", "d", "a", 40, party=four, barred=frozenset({"v"})),
        vehicles=(vehicle(), vehicle("w")),
    )
    made = move(plan, "y", "v")
    assert not made.harmless
    assert {call.id for call, _ in made.late if call} == {"y"}
    assert all(by > 0 for _, by in made.late)
    assert {fault.constraint for fault in made.broken} == {Constraint.EXCLUSION}
    told = reworded(made.plan, "y", replace(made.plan.promises["y"], pickup=Window(0, 500), dropoff=Window(0, 600)))
    assert lateness(told, "v") == 0


def test_who_is_aboard_is_not_moved() -> None:
    plan = planned(ride("x", "a", "c", 20), vehicles=(vehicle(), vehicle("w")))
    home = plan.route_of("x")
    assert home is not None
    with pytest.raises(ModelError):
        move(plan.begun(home.vehicle, 21.0), "x", "v")


def test_riders_of_a_broken_vehicle_are_fetched_from_where_it_stands() -> None:
    plan = planned(ride("x", "a", "d", 20), ride("y", "c", "d", 60))
    plan = replace(
        plan,
        vehicles=(*plan.vehicles, vehicle("w")),
        routes=(*plan.routes, Plan.empty(plan.network, [vehicle("w")]).routes[0]),
        _memory={},
    )
    plan = follow(plan, "v", [Report(ON, "x", 22.0)]).plan.advance(35)
    shut = close(plan, "v", at=35.0, place="b")
    assert [request.id for request, _ in shut.aboard] == ["x"]
    assert [request.id for request, _ in shut.waiting] == ["y"]
    found = rescue(shut.plan, [*shut.aboard, *shut.waiting], slack=Slack(10, 10, 20))
    assert not found.stranded
    route = found.plan.route_of("x")
    assert route is not None
    assert route.vehicle == "w"
    assert found.plan.requests["x"].pickup.place == "b"
    assert check(found.plan).valid
    assert Plan.from_json(found.plan.to_json(), plan.network) == found.plan
    assert not isinstance(insert(found.plan.advance(36), ride("n", "a", "b", 100, barred=frozenset({"w"}))), Offer)


def test_without_another_vehicle_riders_are_stranded_and_said_so() -> None:
    plan = follow(planned(ride("x", "a", "d", 20), ride("y", "c", "d", 60)), "v", [Report(ON, "x", 22.0)]).plan.advance(
        35
    )
    shut = close(plan, "v", at=35.0, place="d")
    assert shut.there == ("x",)
    found = rescue(shut.plan, [*shut.aboard, *shut.waiting], slack=Slack())
    assert found.stranded == ("y",)
    assert found.plan.unserved == ("y",)
    assert check(found.plan).valid


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 4), st.sampled_from(PLACES[1:]))
def test_a_vehicle_may_stop_after_any_report_at_any_place(driven: int, place: str) -> None:
    plan = replace(three(), vehicles=three().vehicles)
    plan = follow(plan, "v", REPORTS[:driven]).plan
    at = max(plan.routes[0].began, default=10.0) + 1
    shut = close(plan.advance(at), "v", at=at, place=place)
    found = rescue(shut.plan, [*shut.aboard, *shut.waiting], slack=Slack())
    assert check(found.plan).valid
    assert set(found.stranded) == {request.id for request, _ in (*shut.aboard, *shut.waiting)}
