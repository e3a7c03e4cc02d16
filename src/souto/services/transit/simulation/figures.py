"""The figures of a simulated week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from souto.services.transit.simulation.day import DayResult
from souto.services.transit.simulation.questions import Question


class Figures(TypedDict):
    """Of a week of one alternative. Minutes, kilometres, yen, shares between 0 and 1; None where nobody rode. A ride is one booking, whoever rides along."""

    asked: int
    out_of_reach: int
    not_asked: int
    rides: int
    riders: int
    refused: int
    refused_share: float | None
    reasons: dict[str, int]
    wait_median: float | None
    wait_p90: float | None
    ride_median: float | None
    detour: float | None
    shared: float | None
    km: float
    empty_km: float
    vehicle_hours: float
    rides_per_hour: float | None
    cost: int
    fares: int
    cost_per_ride: float | None


def quantile(values: Sequence[float], share: float) -> float | None:
    """A quantile by linear interpolation; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def figures(days: Sequence[DayResult], question: Question) -> Figures:
    """The figures of the days of one alternative."""
    rides = [ride for day in days for ride in day.rides]
    reasons: Counter[str] = Counter()
    for day in days:
        reasons.update(day.refused)
    asked, refused = sum(day.asked for day in days), reasons.total()
    km = sum(day.metres for day in days) / 1000
    hours = sum(day.shift_seconds for day in days) / 3600
    cost = round(hours * question.yen_per_hour + km * question.yen_per_km)
    direct = sum(ride.direct for ride in rides)
    return Figures(
        asked=asked,
        out_of_reach=sum(day.out_of_reach for day in days),
        not_asked=sum(day.not_asked for day in days),
        rides=len(rides),
        riders=sum(ride.party for ride in rides),
        refused=refused,
        refused_share=refused / asked if asked else None,
        reasons=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        wait_median=_minutes(quantile([ride.wait for ride in rides], 0.5)),
        wait_p90=_minutes(quantile([ride.wait for ride in rides], 0.9)),
        ride_median=_minutes(quantile([ride.ride for ride in rides], 0.5)),
        detour=round(sum(ride.ride for ride in rides) / direct, 3) if direct else None,
        shared=round(sum(ride.shared for ride in rides) / len(rides), 4) if rides else None,
        km=round(km, 1),
        empty_km=round(sum(day.empty_metres for day in days) / 1000, 1),
        vehicle_hours=round(hours, 1),
        rides_per_hour=round(len(rides) / hours, 2) if hours else None,
        cost=cost,
        fares=sum(ride.fare for ride in rides),
        cost_per_ride=round(cost / len(rides), 1) if rides else None,
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
