"""Computes a comparison: its days as tasks, spread over processes, put together again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

from souto.services.transit import ways
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.seams import Executor
from souto.services.transit.simulation.day import DayResult, run
from souto.services.transit.simulation.figures import figures
from souto.services.transit.simulation.questions import Question
from souto.services.transit.simulation.week import DayTask, days_of, wishes


class StoppedError(Exception):
    """Somebody stopped the computation."""


def tasks_of(question: Question, services: Mapping[int, ServiceDefinition]) -> list[DayTask]:
    """Every day of every alternative, by its number.

    Raises:
        NoPlanningDataError, PlanningFileError, DemandError, StopCutOffError
    """
    wanted = wishes(question)
    tasks = []
    for number, definition in services.items():
        measured, driven = ways.measure(definition), ways.driven_metres(definition)
        tasks += days_of(number, definition, measured, driven, wanted, question)
    return tasks


def compute(
    question: Question,
    services: Mapping[int, ServiceDefinition],
    executor: Executor,
    *,
    progress: Callable[[int], bool],
) -> dict[int, tuple[dict[str, Any], float]]:
    """Figures and CPU-seconds of each alternative. `progress` hears how many days are done and says whether to go on.

    Raises:
        StoppedError: `progress` said no.
    """
    tasks = tasks_of(question, services)
    days: dict[int, list[tuple[int, DayResult]]] = defaultdict(list)
    with closing(executor.run(run, tasks)) as results:
        for done, (place, result) in enumerate(results, 1):
            days[result.simulation].append((place, result))
            if not progress(done):
                raise StoppedError
    found = {}
    for number, results_of in days.items():
        ordered = [result for _, result in sorted(results_of, key=lambda pair: pair[0])]
        found[number] = (dict(figures(ordered, question)), round(sum(day.cpu_seconds for day in ordered), 2))
    return found
