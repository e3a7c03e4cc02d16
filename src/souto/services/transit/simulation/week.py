"""From where people live to what they ask of one service, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from souto.services.transit import surroundings
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.simulation.questions import Question
from souto.services.transit.ways import Ways

if TYPE_CHECKING:
    from souto.services.transit import demand


@dataclass(frozen=True, slots=True)
class Ask:
    """One ride asked for: stops by code, `at` in seconds of the service day, `booked` in seconds of that day (below 0 on an earlier one), how many ride."""

    key: str
    origin: str
    goal: str
    at: int
    arrive_by: bool
    booked: int
    party: int
    wheelchair: bool
    outward: str


@dataclass(frozen=True, slots=True)
class DayTask:
    """A day of one alternative, everything in plain values so that it can go to another process: `simulation` is its number, `driven` metres by vehicle."""

    simulation: int
    day: date
    body: dict[str, Any]
    ways: Ways
    driven: list[list[int]]
    asks: tuple[Ask, ...]
    out_of_reach: int


def wishes(question: Question) -> list[demand.Wish]:
    """The wishes of the week, the same for every alternative.

    Raises:
        NoPlanningDataError, PlanningFileError, DemandError
    """
    from souto.services.transit import demand

    people = surroundings.people()
    lived = people.count > 0
    homes = demand.Homes(people.grid.lat[lived], people.grid.lon[lived], people.count[lived])
    habits = demand.Habits(rides_per_1000=question.rides_per_1000, returns=question.returns, ahead=question.ahead)
    return demand.week(
        homes, surroundings.facilities(), question.first, days=question.days, habits=habits, seed=question.seed
    )


def days_of(
    number: int,
    definition: ServiceDefinition,
    ways: Ways,
    driven: list[list[int]],
    wanted: Sequence[demand.Wish],
    question: Question,
) -> list[DayTask]:
    """The week of one alternative as tasks: each wish laid onto the nearest of its stops; who would walk too far, or from a stop to the same, is counted."""
    from souto.services.transit import demand

    stops, body = definition.stops, definition.body()
    tasks = []
    for offset in range(question.days):
        day = question.first + timedelta(days=offset)
        own = [wish for wish in wanted if wish.day == day]
        laid = demand.to_stops(own, [s.lat for s in stops], [s.lon for s in stops], question.walk_m)
        asks = tuple(
            Ask(
                key=wish.id,
                origin=stops[int(start)].code,
                goal=stops[int(end)].code,
                at=60 * wish.wanted,
                arrive_by=wish.arrive_by,
                booked=60 * wish.booked,
                party=wish.party,
                wheelchair=wish.wheelchair,
                outward=wish.outward,
            )
            for wish, start, end in zip(laid.wishes, laid.start, laid.end, strict=True)
        )
        tasks.append(DayTask(number, day, body, ways, driven, asks, laid.too_far + laid.same_stop))
    return tasks
