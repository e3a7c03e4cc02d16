from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.services.transit.coverage import (
    Analysis,
    Change,
    Kind,
    NetworkWalk,
    Service,
    ServiceError,
    Standard,
    State,
    Stop,
    StraightWalk,
    Zone,
    covered_area,
)
from souto.services.transit.roads import around_places
from tests.services.transit.coverage.town import BOUNDARY, DAY, EAST, NORTH, SOUTH, STOPS, TOWNS, WEST, people

PEOPLE = people()
GRID = PEOPLE.grid
STRAIGHT = Analysis(PEOPLE, STOPS, StraightWalk(GRID))
ROADS = around_places([p.lat for p in (*STOPS, *TOWNS)], [p.lon for p in (*STOPS, *TOWNS)])

services = st.builds(
    Service,
    st.none() | st.integers(0, 50),
    st.none() | st.integers(300, 700),
    st.none() | st.integers(700, 1_500),
)
stops = st.lists(
    st.builds(
        Stop,
        st.uuids().map(str),
        st.just("停留所"),
        st.floats(SOUTH, NORTH),
        st.floats(WEST, EAST),
        st.sampled_from(Kind),
        services,
    ),
    max_size=8,
)
standards = st.builds(
    Standard,
    st.fixed_dictionaries({kind: st.sampled_from([0.0, 150.0, 300.0, 500.0, 800.0]) for kind in Kind}),
    st.integers(0, 30),
    st.none() | st.integers(300, 700),
    st.none() | st.integers(700, 1_500),
    st.booleans(),
)


def by_hand(found, standard):
    """The state of every sample, stop by stop."""
    state = np.full(len(GRID.lat), State.NO_STOP)
    for stop in found:
        near = np.hypot(*(GRID.xy - GRID.plane.xy([stop.lat], [stop.lon])).T) <= standard.reach_m[stop.kind]
        best = State.COVERED if standard.serves(stop.service, stop.kind) else State.THIN_SERVICE
        state[near] = np.minimum(state[near], best)
    return state


@settings(max_examples=40, deadline=None)
@given(stops, standards)
def test_a_sample_is_covered_when_a_good_stop_is_within_reach(found, standard):
    assessment = Analysis(PEOPLE, found, StraightWalk(GRID)).assess(standard)

    assert np.array_equal(assessment.state, by_hand(found, standard))
    assert sum(assessment.counted(state) for state in State) == pytest.approx(PEOPLE.total)
    assert sum(town.covered for town in assessment.towns) == pytest.approx(assessment.counted(State.COVERED))
    assert (assessment.cells.people * assessment.cells.share).sum() == pytest.approx(
        assessment.counted(State.COVERED), abs=0.01
    )


@settings(max_examples=30, deadline=None)
@given(stops, stops, standards, st.randoms())
def test_a_change_tried_out_is_the_same_as_a_city_with_it(found, added, standard, chance):
    analysis = Analysis(PEOPLE, found, StraightWalk(GRID))
    removed = frozenset(stop.id for stop in found if chance.random() < 0.3)
    changed = {stop.id: Service(chance.randrange(40), 400, 1_200) for stop in found if chance.random() < 0.3}

    tried = analysis.what_if(standard, Change(added, removed, changed))

    rest = [replace(s, service=changed.get(s.id, s.service)) for s in found if s.id not in removed]
    anew = Analysis(PEOPLE, [*rest, *added], StraightWalk(GRID)).assess(standard)
    assert np.array_equal(tried.after.state, anew.state)
    assert np.array_equal(tried.after.nearest_m, anew.nearest_m)
    assert tried.after.counted(State.COVERED) - tried.before.counted(State.COVERED) == pytest.approx(
        tried.newly_covered - tried.no_longer_covered
    )


@settings(max_examples=20, deadline=None)
@given(stops, standards)
def test_a_longer_reach_or_a_lower_demand_never_covers_fewer(found, standard):
    analysis = Analysis(PEOPLE, found, StraightWalk(GRID))
    easier = replace(standard, reach_m={k: v + 100 for k, v in standard.reach_m.items()}, departures=0, last_from=None)

    assert analysis.assess(easier).counted(State.COVERED) >= analysis.assess(standard).counted(State.COVERED) - 1e-9


def test_people_and_area_are_different_shares():
    found = STRAIGHT.assess(Standard())

    assert found.share > found.area_share
    assert [town.name for town in found.towns] == [town.name for town in TOWNS]
    assert found.towns[0].share == pytest.approx(
        np.pi * 0.5**2 / (9_000 / 4_000), abs=0.02
    )  # a circle of what the people fill


def test_a_minimum_of_departures_and_a_last_bus_leave_thin_service():
    loose, strict = Standard(), Standard(departures=20, last_from=1_200)

    thin = STRAIGHT.assess(strict)

    assert STRAIGHT.assess(loose).counted(State.THIN_SERVICE) == 0
    assert thin.towns[1].covered == 0  # 南町: 8 departures, the last at 18:00
    assert thin.towns[1].thin > 0
    assert thin.towns[3].covered > 0  # nobody knows how often it stops there
    assert STRAIGHT.assess(replace(strict, unknown_counts=False)).towns[3].covered == 0


def test_the_exact_area_is_that_of_the_circles():
    one = [Stop("a", "中央", (SOUTH + NORTH) / 2, (WEST + EAST) / 2)]

    covered, whole = covered_area(GRID, one, Standard())

    assert covered == pytest.approx(np.pi * 0.3**2, rel=1e-3)
    assert Analysis(PEOPLE, one, StraightWalk(GRID)).assess(Standard()).area_share == pytest.approx(
        covered / whole, rel=0.05
    )
    assert covered_area(GRID, [], Standard())[0] == 0


def test_no_stop_leaves_everybody_without():
    found = Analysis(PEOPLE, [], StraightWalk(GRID)).assess(Standard())

    assert found.share == 0
    assert found.cells.geojson()["features"][0]["properties"]["nearest_m"] is None


def test_walking_on_streets_covers_no_more_than_the_straight_line():
    on_foot = Analysis(PEOPLE, STOPS, NetworkWalk(GRID, ROADS))

    by_street, straight = on_foot.assess(Standard()), STRAIGHT.assess(Standard())

    assert not ((by_street.state == State.COVERED) & (straight.state != State.COVERED)).any()
    assert 0 < by_street.counted(State.COVERED) < straight.counted(State.COVERED)


def test_a_detour_shortens_the_reach():
    wide = Analysis(PEOPLE, STOPS, StraightWalk(GRID, detour=1.3)).assess(Standard(dict.fromkeys(Kind, 390.0)))
    narrow = STRAIGHT.assess(Standard(dict.fromkeys(Kind, 300.0)))

    assert np.array_equal(wide.state, narrow.state)


def test_a_new_stop_on_the_network_is_the_same_as_a_city_with_it():
    new = Stop("new", "新停留所", 35.659, 139.33, Kind.BUS, DAY)
    walk = NetworkWalk(GRID, ROADS)

    tried = Analysis(PEOPLE, STOPS, walk).what_if(Standard(), Change(added=[new]))

    assert tried.newly_covered > 0
    assert np.array_equal(tried.after.state, Analysis(PEOPLE, [*STOPS, new], walk).assess(Standard()).state)
    assert all(old.covered < changed.covered for old, changed in tried.towns)


def test_a_zone_serves_at_the_door_in_its_hours():
    zone = Zone(
        "south",
        "南部",
        {**BOUNDARY, "coordinates": [[[WEST, SOUTH], [EAST, SOUTH], [EAST, 35.65], [WEST, 35.65], [WEST, SOUTH]]]},
        Service(None, 480, 1_020),
    )
    plain, late = Standard(), Standard(last_from=1_200)

    assert STRAIGHT.what_if(plain, Change(zones=[zone])).after.towns[1].share == 1
    assert STRAIGHT.what_if(late, Change(zones=[zone])).after.towns[1].covered == 0
    assert STRAIGHT.what_if(replace(plain, zones_count=False), Change(zones=[zone])).newly_covered == 0
    with pytest.raises(ServiceError):
        STRAIGHT.what_if(plain, Change(zones=[replace(zone, geometry={"type": "Polygon"})]))


def test_demand_transit_is_not_asked_for_departures():
    virtual = Stop("v", "集会所前", 35.644, 139.311, Kind.DEMAND, Service(None, 480, 1_020))

    assert Standard(departures=30).serves(virtual.service, virtual.kind)
    assert not Standard(departures=30).serves(Service(10), Kind.BUS)


def test_a_line_joins_the_stops_that_are_there():
    line = [
        Stop("l1", "南町", 35.6441, 139.311, Kind.BUS, Service(20, 400, 1_300)),
        Stop("l2", "途中", 35.650, 139.315, Kind.BUS, Service(20, 400, 1_300)),
    ]

    change = STRAIGHT.line(line)

    assert change.services == {"minami": Service(28, 400, 1_300)}
    assert change.added == (line[1],)


def test_what_contradicts_itself_is_refused():
    with pytest.raises(ServiceError):
        Service(5, 900, 800)
    with pytest.raises(ServiceError):
        Analysis(PEOPLE, [STOPS[0], STOPS[0]], StraightWalk(GRID))
    with pytest.raises(ServiceError):
        STRAIGHT.assess(Standard({Kind.BUS: 5_000}))
    with pytest.raises(ServiceError):
        STRAIGHT.what_if(Standard(), Change(removed=frozenset(["absent"])))
    with pytest.raises(ServiceError):
        STRAIGHT.what_if(Standard(), Change(added=[STOPS[0]]))
    with pytest.raises(ServiceError):
        Standard({Kind.BUS: -1})


def test_the_squares_of_a_map_close_and_carry_their_people():
    found = STRAIGHT.assess(Standard()).cells.geojson()

    ring = found["features"][0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert sum(f["properties"]["people"] for f in found["features"]) == pytest.approx(PEOPLE.total, abs=20)
    assert {f["properties"]["state"] for f in found["features"]} <= {"covered", "thin_service", "no_stop"}
