from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.services.transit.roads import (
    DRIVING,
    Mode,
    NetworkError,
    Places,
    RoadClass,
    RoadNetwork,
    Router,
    Shape,
    Speeds,
    around_places,
    day_matrices,
    snap,
)

BLOCK = 0.001
"""Degrees of latitude between two crossings of the small networks: about 111 m."""


def network(links, *, size=None, **changes):
    """A network of a few nodes in a row of small steps; `links` are (start, end, metres, forward, backward)."""
    size = size or 1 + max(max(link[:2]) for link in links)
    count = len(links)
    arrays = {
        "lat": np.array([35.65 + BLOCK * (i // 3) for i in range(size)]),
        "lon": np.array([139.33 + BLOCK * (i % 3) for i in range(size)]),
        "start": np.array([link[0] for link in links], dtype=np.int64),
        "end": np.array([link[1] for link in links], dtype=np.int64),
        "length_m": np.array([float(link[2]) for link in links]),
        "road_class": np.full(count, int(RoadClass.RESIDENTIAL)),
        "forward": np.array([link[3] for link in links], dtype=bool),
        "backward": np.array([link[4] for link in links], dtype=bool),
        "walkable": np.ones(count, dtype=bool),
        "speed_kmh": np.full(count, np.nan),
    }
    return RoadNetwork(**{**arrays, **changes})


def at(*pairs):
    """Places at (link, share of its length)."""
    return Places(
        np.array([link for link, _ in pairs], dtype=np.int64),
        np.array([offset for _, offset in pairs], dtype=float),
        np.zeros(len(pairs)),
    )


def metres(roads, mode=Mode.DRIVE):
    return Router(roads, mode, roads.length_m)


def test_a_one_way_street_makes_the_way_back_longer():
    square = network([(0, 1, 100, True, False), (1, 2, 100, True, True), (2, 0, 300, True, True)])
    ends = at((0, 0.0), (0, 1.0))

    driven = metres(square).between(ends)

    assert driven[0, 1] == pytest.approx(100)
    assert driven[1, 0] == pytest.approx(400)
    assert metres(square, Mode.WALK).between(ends)[1, 0] == pytest.approx(100)


def test_two_places_on_a_one_way_street_are_joined_directly_in_its_direction_only():
    ring = network([(0, 1, 100, True, False), (1, 0, 900, True, False)])

    between = metres(ring).between(at((0, 0.2), (0, 0.7)))

    assert between == pytest.approx(np.array([[0.0, 50.0], [950.0, 0.0]]))


def test_what_cannot_be_reached_is_infinitely_far():
    apart = network([(0, 1, 100, True, True), (2, 3, 100, True, True)])

    assert metres(apart).between(at((0, 0.5), (1, 0.5))).tolist() == [[0.0, np.inf], [np.inf, 0.0]]


def test_a_limit_leaves_out_what_is_beyond_it():
    row = network([(0, 1, 100, True, True), (1, 2, 100, True, True)])

    assert metres(row).between(at((0, 0.0)), at((0, 1.0), (1, 1.0)), limit=150).tolist() == [[100.0, np.inf]]


def test_the_walk_to_the_road_counts_on_foot():
    row = network([(0, 1, 90, True, True)])
    beside = Places(np.array([0, 0]), np.array([0.0, 1.0]), np.array([30.0, 12.0]))

    assert Router.walking_metres(row).between(beside)[0, 1] == pytest.approx(90 + 42)
    assert Router.walking(row).between(beside)[0, 1] == pytest.approx((90 + 42) / 80 * 60)  # 80 m a minute


def test_of_parallel_links_the_shorter_counts():
    two = network([(0, 1, 300, True, True), (0, 1, 100, True, True), (1, 2, 10, True, True)])

    assert metres(two).between(at((0, 0.0)), at((2, 1.0)))[0, 0] == pytest.approx(110)


@st.composite
def questions(draw):
    """A random network of up to 7 nodes, and up to 4 places on it."""
    nodes = draw(st.integers(2, 7))
    ends = st.integers(0, nodes - 1)
    link = st.tuples(ends, ends, st.integers(1, 50), st.booleans(), st.booleans())
    links = draw(st.lists(link, min_size=1, max_size=10))
    place = st.tuples(st.integers(0, len(links) - 1), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    return network(links, size=nodes), draw(st.lists(place, min_size=1, max_size=4))


def by_hand(roads, places, mode):
    """The same by Floyd and Warshall on a network whose links are cut at the places."""
    forward, backward = roads.open_for(mode)
    size = roads.nodes + len(places)
    far = np.full((size, size), np.inf)
    np.fill_diagonal(far, 0)
    for link in range(roads.links):
        on_it = [(places[i][1], roads.nodes + i) for i in range(len(places)) if places[i][0] == link]
        stations = [(0.0, roads.start[link]), *sorted(on_it), (1.0, roads.end[link])]
        for (a, one), (b, other) in pairwise(stations):
            step = (b - a) * roads.length_m[link]
            if step == 0:  # a place on a node, or two at one point
                far[one, other] = far[other, one] = 0
                continue
            if forward[link]:
                far[one, other] = min(far[one, other], step)
            if backward[link]:
                far[other, one] = min(far[other, one], step)
    for via in range(size):
        far = np.minimum(far, far[:, [via]] + far[[via], :])
    return far[roads.nodes :, roads.nodes :]


@settings(max_examples=150, deadline=None)
@given(questions(), st.sampled_from([Mode.DRIVE, Mode.WALK]))
def test_distances_are_those_of_a_network_cut_at_the_places(question, mode):
    roads, places = question

    found = metres(roads, mode).between(at(*places))

    assert found == pytest.approx(by_hand(roads, places, mode), abs=1e-6)


def test_points_snap_to_the_nearest_point_of_a_bent_road():
    bent = network(
        [(0, 1, 300, True, True)],
        corners=np.array([[35.65 + BLOCK, 139.33], [35.65 + BLOCK, 139.33 + BLOCK]]),
        corner_of=np.array([0, 0]),
    )

    place = snap(bent, [35.65 + BLOCK * 1.5], [139.33 + BLOCK / 2])  # half a block north of the middle of the bend

    assert place.offset[0] == pytest.approx(0.5, abs=0.01)
    assert place.access_m[0] == pytest.approx(55.5, abs=0.5)


def test_rush_hour_slows_the_busy_roads_only():
    speeds = Speeds(kmh={RoadClass.PRIMARY: 36, RoadClass.RESIDENTIAL: 18}, factors=(*(1.0,) * 8, 2.0, *(1.0,) * 15))
    roads = network(
        [(0, 1, 100, True, True), (1, 2, 100, True, True)],
        road_class=np.array([int(RoadClass.PRIMARY), int(RoadClass.RESIDENTIAL)]),
    )

    assert speeds.seconds(roads).tolist() == pytest.approx([10, 20])
    assert speeds.seconds(roads, 8).tolist() == pytest.approx([20, 20])
    assert speeds.seconds(roads, 7.5).tolist() == pytest.approx([15, 20])


def test_a_posted_limit_counts_more_than_the_class():
    roads = network([(0, 1, 100, True, True)], speed_kmh=np.array([40.0]))

    assert Speeds(kmh={RoadClass.RESIDENTIAL: 10}, limit_share=0.9).seconds(roads)[0] == pytest.approx(10)


def test_a_class_without_a_speed_is_not_driven():
    roads = network([(0, 1, 100, True, True)], road_class=np.array([int(RoadClass.STEPS)]))

    assert DRIVING.seconds(roads)[0] == np.inf
    assert Router.driving(roads).between(at((0, 0.0), (0, 1.0)))[0, 1] == np.inf


def test_a_loop_is_left_at_its_nearer_end():
    lasso = network([(0, 0, 100, True, True), (0, 1, 10, True, True)])

    assert metres(lasso).between(at((0, 0.9)), at((1, 1.0)))[0, 0] == pytest.approx(20)


def test_the_usable_part_has_no_islands_and_no_dead_one_way():
    roads = network([(0, 1, 10, True, True), (1, 2, 10, True, True), (2, 3, 10, True, False), (4, 5, 10, True, True)])

    part = roads.usable_part(Mode.DRIVE)

    assert part.nodes == 3
    assert part.links == 2
    assert roads.usable_part(Mode.WALK).links == 3


@pytest.mark.parametrize(
    "changes",
    [{"length_m": np.array([-1.0])}, {"end": np.array([9])}, {"lat": np.array([np.nan, 0.0])}, {"forward": np.ones(2)}],
)
def test_arrays_that_do_not_fit_are_refused(changes):
    with pytest.raises(NetworkError):
        network([(0, 1, 10, True, True)], **changes)


STOPS = np.random.default_rng(5)
LAT, LON = 35.6 + STOPS.random(30) * 0.05, 139.3 + STOPS.random(30) * 0.05


def test_a_made_up_network_is_the_same_every_time_and_joins_all_places():
    roads, again = around_places(LAT, LON, hubs=[0, 9, 17]), around_places(LAT, LON, hubs=[0, 9, 17])

    assert np.array_equal(roads.length_m, again.length_m)
    assert np.array_equal(roads.backward, again.backward)
    assert roads.usable_part(Mode.DRIVE).links == roads.links
    assert np.allclose(roads.lat[:30], LAT)
    assert {RoadClass.PRIMARY, RoadClass.SECONDARY, RoadClass.RESIDENTIAL} == {*map(RoadClass, roads.road_class)}
    assert not np.array_equal(roads.length_m, around_places(LAT, LON, shape=Shape(seed=1)).length_m)


def test_no_way_on_a_made_up_network_is_shorter_than_the_straight_line():
    roads = around_places(LAT, LON)
    places = snap(roads, LAT, LON)
    xy = roads.plane.xy(LAT, LON)
    straight = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))

    between = Router.walking_metres(roads).between(places)

    assert np.isfinite(between).all()
    assert (between >= straight - 1e-6).all()


def test_a_day_of_matrices_is_slowest_in_the_morning_and_obeys_the_triangle():
    roads = around_places(LAT, LON)

    night, morning = day_matrices(roads, snap(roads, LAT, LON), [2, 8])

    assert (morning >= night).all()
    assert morning.sum() > night.sum()
    assert not np.array_equal(morning, morning.T)
    assert (morning[:, None, :] <= morning[:, :, None] + morning[None, :, :] + 1e-6).all()


def test_two_places_are_too_few_for_a_network():
    with pytest.raises(NetworkError):
        around_places([35.6, 35.6, 35.61], [139.3, 139.3, 139.3])
