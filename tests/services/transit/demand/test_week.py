from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from souto.services.transit.demand import (
    PURPOSES,
    DemandError,
    Facility,
    Habits,
    Homes,
    Kind,
    Purpose,
    to_stops,
    week,
)

MONDAY = date(2026, 5, 11)
HOMES = Homes([35.66, 35.65, 35.64, 35.63], [139.30, 139.32, 139.28, 139.35], [4_000, 9_000, 1_000, 0])
OFFICE = dict.fromkeys(range(5), (8 * 60 + 30, 17 * 60 + 15))
FACILITIES = (
    Facility("h1", "市民病院", Kind.HOSPITAL, 35.655, 139.34, 3, dict.fromkeys(range(6), (510, 1020))),
    Facility("h2", "山の診療所", Kind.HOSPITAL, 35.67, 139.27, 1, {1: (540, 720)}),
    Facility("e1", "駅", Kind.STATION, 35.656, 139.339),
    Facility("s1", "店", Kind.SHOP, 35.645, 139.31, 1, dict.fromkeys(range(7), (600, 1_260))),
    Facility("c1", "市役所", Kind.CITY_HALL, 35.666, 139.316, 1, OFFICE),
)
PLANE = HOMES.plane


def metres(wish):
    return float(np.hypot(*(PLANE.xy([wish.lat], [wish.lon])[0] - PLANE.xy([wish.to_lat], [wish.to_lon])[0])))


def test_the_same_seed_gives_the_same_week_and_another_another():
    assert week(HOMES, FACILITIES, MONDAY) == week(HOMES, FACILITIES, MONDAY)
    assert week(HOMES, FACILITIES, MONDAY, seed=2) != week(HOMES, FACILITIES, MONDAY)


def test_a_day_is_the_same_in_a_longer_week():
    whole, tuesday = week(HOMES, FACILITIES, MONDAY), week(HOMES, FACILITIES, date(2026, 5, 12), days=1)

    assert [wish for wish in whole if wish.day == date(2026, 5, 12)] == tuesday
    assert len({wish.id for wish in whole}) == len(whole)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_000), st.floats(0, 40), st.sampled_from([300.0, 2_500.0, 20_000.0]), st.floats(0, 1))
def test_every_wish_obeys_opening_hours_distances_and_notice(seed, rides, decay, ahead):
    habits = Habits(rides_per_1000=rides, decay_m=decay, ahead=ahead, shortest_m=800, longest_m=6_000)
    hours = {facility.id: facility.hours for facility in FACILITIES}
    wishes = week(HOMES, FACILITIES, MONDAY, habits=habits, seed=seed)
    outward = {wish.id: wish for wish in wishes if not wish.outward}

    for wish in wishes:
        opens, closes = hours[wish.facility][wish.day.weekday()]
        assert opens <= wish.wanted <= closes
        assert wish.booked <= wish.wanted - habits.notice_min + 1
        assert 800 <= metres(wish) <= 6_000
        assert 1 <= wish.party <= len(habits.party)
        if wish.outward:
            there = outward[wish.outward]
            assert wish.wanted > there.wanted
            assert (wish.lat, wish.lon, wish.to_lat, wish.to_lon) == (there.to_lat, there.to_lon, there.lat, there.lon)
    assert [(w.day, w.booked) for w in wishes] == sorted((w.day, w.booked) for w in wishes)


def test_the_number_of_rides_is_what_the_habits_say():
    always = [replace(facility, hours=dict.fromkeys(range(7), (0, 1_440))) for facility in FACILITIES]
    purposes = tuple(purpose for purpose in PURPOSES if purpose.kind is not Kind.LEISURE)
    habits = Habits(rides_per_1000=10, weekdays=(1.0,) * 7, purposes=purposes, shortest_m=0, longest_m=50_000)

    outward = [w for w in week(HOMES, always, MONDAY, days=50, habits=habits) if not w.outward]

    expected = 50 * 14 * 10
    assert abs(len(outward) - expected) < 5 * expected**0.5  # five standard deviations of Poisson; the seed is fixed
    shares = Counter(wish.purpose for wish in outward)
    assert shares[Kind.HOSPITAL] / len(outward) == pytest.approx(0.34 / 0.92, abs=0.03)


def test_nobody_rides_to_what_is_closed():
    days = {(wish.purpose, wish.day.weekday()) for wish in week(HOMES, FACILITIES, MONDAY, habits=Habits(20))}

    assert {day for kind, day in days if kind is Kind.CITY_HALL} == set(range(5))
    assert not any(kind is Kind.LEISURE for kind, _ in days)
    assert {day for kind, day in days if kind is Kind.SHOP} == set(range(7))


def test_people_prefer_what_is_near_and_what_pulls():
    near = Facility("near", "近い店", Kind.SHOP, 35.651, 139.33)
    far = replace(near, id="far", lon=139.40)
    one = Homes([35.65], [139.32], [50_000])
    only = (Purpose(Kind.SHOP, 1, (1.0,) * 24, 60),)

    def share(of, **changes):
        chosen = Counter(
            w.facility for w in week(one, [near, far], MONDAY, days=1, habits=Habits(10, purposes=only, **changes))
        )
        return chosen[of] / chosen.total()

    # 905 m and 7,240 m away: the odds are e^((7240 - 905) / decay)
    assert share("near", decay_m=2_000) == pytest.approx(1 / (1 + np.exp(-6_335 / 2_000)), abs=0.05)
    assert share("near", decay_m=1_000_000) == pytest.approx(0.5, abs=0.08)
    assert share("near", decay_m=2_000, shortest_m=2_000) == 0


def test_homes_without_people_send_nobody():
    assert not any(wish.lon == 139.35 for wish in week(HOMES, FACILITIES, MONDAY) if not wish.outward)


def test_wishes_are_laid_onto_stops():
    wishes = week(HOMES, FACILITIES, MONDAY, days=1, habits=Habits(20))
    lat, lon = [*HOMES.lat[:2], *(f.lat for f in FACILITIES)], [*HOMES.lon[:2], *(f.lon for f in FACILITIES)]

    laid = to_stops(wishes, lat, lon)

    assert len(laid.wishes) + laid.too_far + laid.same_stop == len(wishes)
    assert laid.too_far > 0  # the third home has no stop near
    assert (laid.start != laid.end).all()
    assert (laid.walk_m < 1).all()
    assert to_stops(wishes, lat[:1], lon[:1], 100_000).same_stop == len(wishes)
    assert to_stops([], lat, lon).wishes == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Homes([35.6], [139.3], [0]),
        lambda: Homes([35.6], [139.3], [-1]),
        lambda: Homes([35.6, 35.7], [139.3], [1]),
        lambda: week(HOMES, [], MONDAY),
        lambda: week(HOMES, [FACILITIES[0], FACILITIES[0]], MONDAY),
        lambda: Facility("x", "店", Kind.SHOP, 35.6, 139.3, 1, {0: (600, 500)}),
        lambda: Purpose(Kind.SHOP, 1, (1.0,) * 23, 60),
        lambda: Habits(party=(0.5, 0.4)),
        lambda: Habits(returns=1.2),
        lambda: Habits(longest_m=100),
        lambda: Habits(purposes=()),
        lambda: to_stops([], [], []),
    ],
)
def test_what_contradicts_itself_is_refused(make):
    with pytest.raises(DemandError):
        make()
