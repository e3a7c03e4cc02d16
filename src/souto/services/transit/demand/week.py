"""A week of wishes to ride, drawn from people, facilities and habits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from souto.services.transit.demand.habits import DAY, DemandError, Facility, Habits, Kind, Purpose
from souto.services.transit.roads import Plane

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LAST = 30 * 60
"""The end of the service day, minutes: wishes after 6 in the morning of the next day belong to that day."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to ride: from where to where (degrees), when, with how many.

    `wanted`: minute of the service day by which to arrive (`arrive_by`) or from which to leave. `booked`: minute of that day at which it is asked for; below
    0 on an earlier day. `outward`: the id of the ride of which this is the way back; empty for the way there.
    """

    id: str
    day: date
    booked: int
    wanted: int
    arrive_by: bool
    lat: float
    lon: float
    to_lat: float
    to_lon: float
    party: int
    wheelchair: bool
    purpose: Kind
    facility: str
    outward: str = ""


class Homes:
    """Where people live: degrees and numbers of people, shape (h,) each: towns, squares, or the samples of the analysis of gaps.

    Raises:
        DemandError: nobody lives anywhere, or a number is below zero.
    """

    def __init__(self, lat: ArrayLike, lon: ArrayLike, people: ArrayLike) -> None:
        self.lat, self.lon, self.people = (np.asarray(a, dtype=np.float64).ravel() for a in (lat, lon, people))
        if not (len(self.lat) == len(self.lon) == len(self.people)) or not (self.people >= 0).all():
            raise DemandError(what="住まいの配列がそろっていないか、人口が負です")
        self.total = float(self.people.sum())
        if not self.total > 0:
            raise DemandError(what="人が住んでいません")
        self.plane = Plane.around(self.lat, self.lon)
        self.xy = self.plane.xy(self.lat, self.lon)


def week(
    homes: Homes,
    facilities: Sequence[Facility],
    first: date,
    *,
    days: int = 7,
    habits: Habits | None = None,
    seed: int = 1,
) -> list[Wish]:
    """All wishes of some days, ordered by day and by the moment of asking.

    A day depends on the seed and its date only: a longer week begins like a shorter one. Where no facility of a purpose is open, nobody rides for it.

    Raises:
        DemandError: no facility, or the same id twice.
    """
    if not facilities or len({facility.id for facility in facilities}) != len(facilities):
        raise DemandError(what="施設がないか、同じIDの施設があります")
    rules = habits or Habits()
    wishes: list[Wish] = []
    for number in range(days):
        day = first + timedelta(days=number)
        found = []
        for place, purpose in enumerate(rules.purposes):
            chance = np.random.default_rng([seed, day.toordinal(), place])
            own = [facility for facility in facilities if facility.kind is purpose.kind]
            found += _rides(homes, own, purpose, rules, day, chance)
        wishes += sorted(found, key=lambda wish: (wish.booked, wish.id))
    return wishes


def _open_weights(facility: Facility, purpose: Purpose, weekday: int) -> Floats:
    """The weight of each hour of arrival while the facility is open, (24,)."""
    opens, closes = facility.hours.get(weekday, (0, 0))
    hours = np.arange(24) * 60
    share = np.clip(np.minimum(hours + 60, closes) - np.maximum(hours, opens), 0, 60) / 60
    weights: Floats = np.array(purpose.arrivals) * share
    return weights


def _rides(
    homes: Homes,
    facilities: Sequence[Facility],
    purpose: Purpose,
    habits: Habits,
    day: date,
    chance: np.random.Generator,
) -> list[Wish]:
    """The rides of one purpose on one day: their number is Poisson's, homes follow the people, facilities follow gravity, times follow the profile."""
    pull = np.array([facility.attraction for facility in facilities])
    by_hour = [np.stack([_open_weights(f, purpose, wd) for f in facilities]) for wd in range(7)] if facilities else []
    mass = [float((pull * weights.sum(axis=1)).sum()) for weights in by_hour]
    if not mass or mass[day.weekday()] <= 0:
        return []
    share = purpose.share / sum(other.share for other in habits.purposes)
    expected = homes.total / 1_000 * habits.rides_per_1000 * share * habits.weekdays[day.weekday()]
    number = int(chance.poisson(expected * mass[day.weekday()] / max(mass)))
    if not number:
        return []
    weights = by_hour[day.weekday()]
    home = chance.choice(len(homes.people), size=number, p=homes.people / homes.total)
    places = homes.plane.xy([f.lat for f in facilities], [f.lon for f in facilities])
    metres = np.hypot(*(homes.xy[home][:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    chosen = _choose(metres, pull * weights.sum(axis=1), habits, chance)
    made = chosen >= 0
    return _wishes(
        homes, [facilities[i] for i in chosen[made]], home[made], weights[chosen[made]], purpose, habits, day, chance
    )


def _choose(metres: Floats, pull: Floats, habits: Habits, chance: np.random.Generator) -> Ints:
    """A facility for each home, (n,), by pull times exp(−distance / decay) among those neither too near nor too far; −1 where there is none."""
    near = np.where(metres < habits.shortest_m, np.inf, metres).min(axis=1, initial=np.inf, keepdims=True)
    near = np.where(np.isfinite(near), near, 0.0)  # only differences of distances count, so nothing vanishes
    weight = pull * np.exp(-(metres - near) / habits.decay_m)
    weight = np.where((metres >= habits.shortest_m) & (metres <= habits.longest_m), weight, 0.0)
    edges = np.cumsum(weight, axis=1)
    total = edges[:, -1:]
    drawn = (edges <= chance.random((len(metres), 1)) * total).sum(axis=1)
    return np.where(total[:, 0] > 0, np.minimum(drawn, metres.shape[1] - 1), -1).astype(np.int64)


def _wishes(
    homes: Homes,
    facilities: Sequence[Facility],
    home: Ints,
    weights: Floats,
    purpose: Purpose,
    habits: Habits,
    day: date,
    chance: np.random.Generator,
) -> list[Wish]:
    number = len(home)
    edges = np.cumsum(weights, axis=1)
    hour = (edges <= chance.random((number, 1)) * edges[:, -1:]).sum(axis=1)
    minute = chance.random(number)
    party = chance.choice(len(habits.party), size=number, p=np.array(habits.party) / sum(habits.party)) + 1
    wheelchair = chance.random(number) < habits.wheelchair
    stay = chance.gamma(purpose.stay_shape, purpose.stay_min / purpose.stay_shape, number)
    back = chance.random(number) < habits.returns
    booked = [_lead(number, habits, chance) for _ in range(2)]
    wishes = []
    for i, facility in enumerate(facilities):
        opens, closes = facility.hours[day.weekday()]
        low, high = max(opens, int(hour[i]) * 60), min(closes, (int(hour[i]) + 1) * 60)
        arrive = int(low + minute[i] * (high - low))
        there = Wish(
            id=f"{day:%Y%m%d}-{purpose.kind}-{i}",
            day=day,
            booked=_asked(arrive, booked[0], i),
            wanted=arrive,
            arrive_by=True,
            lat=float(homes.lat[home[i]]),
            lon=float(homes.lon[home[i]]),
            to_lat=facility.lat,
            to_lon=facility.lon,
            party=int(party[i]),
            wheelchair=bool(wheelchair[i]),
            purpose=purpose.kind,
            facility=facility.id,
        )
        wishes.append(there)
        leave = int(min(arrive + stay[i], closes))
        if back[i] and arrive < leave < _LAST:
            wishes.append(
                replace(
                    there,
                    id=f"{there.id}-back",
                    booked=_asked(leave, booked[1], i),
                    wanted=leave,
                    arrive_by=False,
                    lat=there.to_lat,
                    lon=there.to_lon,
                    to_lat=there.lat,
                    to_lon=there.lon,
                    outward=there.id,
                )
            )
    return wishes


def _lead(number: int, habits: Habits, chance: np.random.Generator) -> tuple[NDArray[np.bool_], Ints, Floats]:
    """For each ride whether it is booked on an earlier day, then at which minute of such a day (below 0), else how many minutes before."""
    ahead = chance.random(number) < habits.ahead
    days = chance.integers(1, habits.ahead_days + 1, number)
    earlier = -days * DAY + chance.integers(8 * 60, 20 * 60, number)
    before = habits.notice_min + chance.exponential(max(0.0, habits.lead_min - habits.notice_min), number)
    return ahead, earlier, before


def _asked(wanted: int, lead: tuple[NDArray[np.bool_], Ints, Floats], i: int) -> int:
    ahead, earlier, before = lead
    return int(earlier[i]) if ahead[i] else int(wanted - before[i])


@dataclass(frozen=True, slots=True)
class Assigned:
    """Wishes laid onto stops: index of the stop at either end and metres walked there (straight), for the wishes that can be; the others with why not."""

    wishes: tuple[Wish, ...]
    start: Ints
    end: Ints
    walk_m: Floats
    too_far: int
    same_stop: int


def to_stops(wishes: Sequence[Wish], lat: ArrayLike, lon: ArrayLike, longest_walk_m: float = 500.0) -> Assigned:
    """Lay wishes onto the nearest of some stops (degrees, shape (n,)). Who would walk too far, or from a stop to the same, is counted and left out.

    Raises:
        DemandError: no stop.
    """
    lats, lons = np.asarray(lat, dtype=np.float64).ravel(), np.asarray(lon, dtype=np.float64).ravel()
    if not len(lats):
        raise DemandError(what="停留所がありません")
    plane = Plane.around(lats, lons)
    tree = cKDTree(plane.xy(lats, lons))
    from_m, start = tree.query(plane.xy([w.lat for w in wishes], [w.lon for w in wishes]).reshape(-1, 2))
    to_m, end = tree.query(plane.xy([w.to_lat for w in wishes], [w.to_lon for w in wishes]).reshape(-1, 2))
    near = (from_m <= longest_walk_m) & (to_m <= longest_walk_m)
    kept = near & (start != end)
    return Assigned(
        tuple(wish for wish, good in zip(wishes, kept, strict=True) if good),
        start[kept].astype(np.int64),
        end[kept].astype(np.int64),
        (from_m + to_m)[kept],
        int((~near).sum()),
        int((near & (start == end)).sum()),
    )
