"""A simulated week: the same rules as a booking, the same figures every time, on any number of processes, and stopped when somebody says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from souto.foundation.audit.models import Entry
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.kernel.ids import new_id
from souto.kernel.jobs import registered
from souto.services.transit import actions, contradictions, definition, queries, seams, ways
from souto.services.transit.models import Comparison, ComparisonState, ServiceVersion
from souto.services.transit.simulation import running, week
from souto.services.transit.simulation.day import DayResult, run
from souto.services.transit.simulation.figures import figures, quantile
from souto.services.transit.simulation.local import Processes
from souto.services.transit.simulation.questions import Question, Variation
from tests.jobs import run_all
from tests.services.transit import service, town

MONDAY = date(2026, 12, 7)
QUESTION = Question(first=MONDAY, days=1, rides_per_1000=30, walk_m=900, seed=7)
PLANNER = Actor.system("planner")


@pytest.fixture
def city(settings: Any, tmp_path: Path) -> Path:
    """A city of two towns, simulated by the worker itself."""
    settings.SIMULATION_PROCESSES = 1
    return town.settle(settings, tmp_path)


def told(**parts: Any) -> definition.ServiceDefinition:
    """A service between the two towns."""
    return definition.load(service.text(stops=town.STOPS_OF_SERVICE, **parts))


def draft(**parts: Any) -> ServiceVersion:
    return actions.import_yaml(actor=PLANNER, text=service.text(stops=town.STOPS_OF_SERVICE, **parts))


def tasks(question: Question = QUESTION, **parts: Any) -> list[week.DayTask]:
    return running.tasks_of(question, {1: told(**parts)})


def without_clock(result: DayResult) -> DayResult:
    return replace(result, cpu_seconds=0.0)


def test_a_day_adds_up_and_comes_out_the_same_again(city: Path) -> None:
    (task,) = tasks()
    first, again = run(task), run(task)

    assert without_clock(first) == without_clock(again)
    assert first.rides
    assert first.asked == len(first.rides) + sum(first.refused.values())
    assert len(task.asks) == first.asked + first.not_asked
    assert 0 <= first.empty_metres <= first.metres
    assert first.shift_seconds == 14 * 3600
    longest = told().ride
    assert all(ride.ride <= longest.longest(1.5 * ride.direct) + 1 for ride in first.rides)
    assert all(ride.wait <= 60 * 30 + 1 for ride in first.rides)


def test_another_seed_is_another_week(city: Path) -> None:
    (one,), (other,) = tasks(), tasks(QUESTION.model_copy(update={"seed": 8}))

    assert one.asks != other.asks


def test_rides_are_refused_by_the_rules_of_a_booking(city: Path) -> None:
    closed = run(tasks(hours={"opens": "7:00", "closes": "20:00", "weekdays": ["sun"]})[0])
    one = {**service.BODY["booking"], "largest_party": 1}
    small = run(tasks(booking=one)[0])

    assert not closed.rides
    assert set(closed.refused) <= {"closed"}
    assert closed.shift_seconds == 0
    assert small.refused.get("party_rule", 0) > 0


def test_more_vehicles_refuse_fewer_and_cost_more(city: Path) -> None:
    question = QUESTION.model_copy(update={"rides_per_1000": 60})
    services = {n: Variation(vehicles=n).of(told()) for n in (1, 3)}
    found = running.compute(question, services, Processes(1), progress=lambda _done: True)
    one, three = found[1][0], found[3][0]

    assert one["asked"] + one["not_asked"] == three["asked"] + three["not_asked"]  # the very same wishes
    assert three["refused_share"] < one["refused_share"]
    assert three["vehicle_hours"] == 3 * one["vehicle_hours"]
    assert three["cost"] > one["cost"]
    assert found[1][1] > 0


def test_a_variation_changes_what_it_says_and_nothing_else() -> None:
    varied = Variation(vehicles=3, promise_minutes=4, search_minutes=40, factor=2.0).of(told())

    assert [vehicle.code for vehicle in varied.vehicles] == ["v1", "v1-2", "v1-3"]
    assert (varied.booking.promise_minutes, varied.booking.search_minutes, varied.ride.factor) == (4, 40, 2.0)
    assert varied.stops == told().stops
    assert contradictions.problems(varied) == []
    assert Variation().of(told()) == told()


def test_quantiles_and_figures_of_nothing() -> None:
    assert quantile([], 0.5) is None
    assert quantile([3.0], 0.9) == 3
    assert quantile([4.0, 1.0, 2.0, 3.0], 0.5) == 2.5
    empty = figures([DayResult(1, 0, 0, 0, {}, (), 0.0, 0.0, 0.0, 0.0)], QUESTION)
    assert (empty["cost_per_ride"], empty["refused_share"], empty["cost"]) == (None, None, 0)


def test_several_processes_find_what_one_does(city: Path) -> None:
    question = QUESTION.model_copy(update={"days": 2})
    services = {1: told()}

    alone = running.compute(question, services, Processes(1), progress=lambda _done: True)
    spread = running.compute(question, services, Processes(2), progress=lambda _done: True)

    assert alone[1][0] == spread[1][0]


def test_driven_metres_are_those_of_the_roads(city: Path) -> None:
    metres = ways.driven_metres(told())

    assert [row[n] for n, row in enumerate(metres)] == [0, 0, 0]
    assert 4000 < metres[0][2] < 8000  # 4.1 km as the crow flies


@pytest.mark.django_db
def test_a_comparison_is_computed_by_the_worker_and_kept(city: Path) -> None:
    version = draft()
    asked = actions.simulate(
        actor=PLANNER,
        title="2台か3台か",
        question=QUESTION,
        alternatives=[(version.id, Variation(vehicles=2)), (version.id, Variation(vehicles=3))],
    )
    assert (asked.state, asked.total) == (ComparisonState.WAITING, 2)

    registered()["transit.simulate"].run(comparison_id=str(asked.id))

    kept = queries.access_comparison(actor=PLANNER, comparison_id=asked.id)
    assert (kept.state, kept.done, kept.problem) == (ComparisonState.DONE, 2, "")
    two, three = kept.simulations.all()
    assert two.figures is not None
    assert three.figures is not None
    assert two.figures["vehicle_hours"] == 28
    assert three.cpu_seconds is not None
    assert len(two.definition.vehicles) == 2
    verbs = Entry.objects.filter(subject_id=asked.id).values_list("action", flat=True)
    assert set(verbs) == {"transit.simulate", "transit.simulate.begin", "transit.simulate.end"}
    # Once more does no harm.
    registered()["transit.simulate"].run(comparison_id=str(asked.id))
    assert Comparison.objects.get().finished_at == kept.finished_at


@pytest.mark.django_db
def test_a_later_change_of_the_draft_does_not_reach_a_comparison(city: Path) -> None:
    version = draft()
    asked = actions.simulate(actor=PLANNER, title="", question=QUESTION, alternatives=[(version.id, Variation())])
    draft(retention_days=9)

    assert asked.simulations.get().definition.retention_days == 30


@pytest.mark.django_db
def test_a_comparison_is_stopped_before_and_while_it_is_computed(city: Path) -> None:
    version = draft()
    before, during = (
        actions.simulate(actor=PLANNER, title="", question=QUESTION, alternatives=[(version.id, Variation())])
        for _ in range(2)
    )
    actions.cancel_simulation(actor=PLANNER, comparison_id=before.id)
    registered()["transit.simulate"].run(comparison_id=str(before.id))
    actions.begin_simulation(actor=service.SYSTEM, comparison_id=during.id)
    assert actions.note_progress(actor=service.SYSTEM, comparison_id=during.id, done=0)
    actions.cancel_simulation(actor=PLANNER, comparison_id=during.id)

    assert not actions.note_progress(actor=service.SYSTEM, comparison_id=during.id, done=1)
    actions.finish_simulation(actor=service.SYSTEM, comparison_id=during.id, found=None, problem="遅い")
    with pytest.raises(running.StoppedError):
        running.compute(QUESTION, {1: told()}, Processes(1), progress=lambda _done: False)
    for comparison in Comparison.objects.all():
        assert (comparison.state, comparison.done, comparison.problem) == (ComparisonState.CANCELLED, 0, "")
        assert comparison.simulations.get().figures is None


@pytest.mark.django_db
def test_what_cannot_be_computed_says_why(city: Path, settings: Any) -> None:
    version = draft()
    asked = actions.simulate(actor=PLANNER, title="", question=QUESTION, alternatives=[(version.id, Variation())])
    (city / "planning.toml").unlink()

    registered()["transit.simulate"].run(comparison_id=str(asked.id))

    kept = Comparison.objects.get()
    assert kept.state == ComparisonState.FAILED
    assert "人口のデータがありません" in kept.problem


@pytest.mark.django_db
@pytest.mark.parametrize("who", [Actor.anonymous(), service.resident(), service.staff("transit.operate")])
def test_only_planners_ask_stop_and_see(who: Actor, city: Path) -> None:
    version = draft()
    asked = actions.simulate(actor=PLANNER, title="", question=QUESTION, alternatives=[(version.id, Variation())])

    with pytest.raises(ForbiddenError):
        actions.simulate(actor=who, title="", question=QUESTION, alternatives=[(version.id, Variation())])
    with pytest.raises(ForbiddenError):
        actions.cancel_simulation(actor=who, comparison_id=asked.id)
    with pytest.raises(ForbiddenError):
        queries.access_comparison(actor=who, comparison_id=asked.id)
    with pytest.raises(ForbiddenError):
        queries.comparisons(actor=who)
    assert Comparison.objects.get().state == ComparisonState.WAITING


@pytest.mark.django_db
def test_what_makes_no_comparison_is_refused(city: Path) -> None:
    version = draft()
    many: list[tuple[UUID, Variation]] = [(version.id, Variation())] * 13

    for alternatives in ([], many):
        with pytest.raises(actions.NothingToCompareError):
            actions.simulate(actor=PLANNER, title="", question=QUESTION, alternatives=alternatives)
    with pytest.raises(NotFoundError):
        actions.simulate(actor=PLANNER, title="", question=QUESTION, alternatives=[(new_id(), Variation())])
    with pytest.raises(actions.UnusableAlternativeError, match="案1"):
        actions.simulate(
            actor=PLANNER, title="", question=QUESTION, alternatives=[(version.id, Variation(promise_minutes=59))]
        )
    with pytest.raises(NotFoundError):
        queries.access_comparison(actor=PLANNER, comparison_id=new_id())
    assert not Comparison.objects.exists()


def test_an_executor_that_is_not_there_says_so() -> None:
    with pytest.raises(seams.ExecutorMissingError, match="local"):
        seams.executor("moon")


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_ray_that_is_not_installed_is_named() -> None:
    with pytest.raises(seams.ExecutorMissingError, match="ray"):
        seams.executor("ray")


with_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed (pip install ray)")


@with_ray
def test_ray_finds_what_the_worker_does(city: Path) -> None:
    spread = running.compute(QUESTION, {1: told()}, seams.executor("ray"), progress=lambda _done: True)
    alone = running.compute(QUESTION, {1: told()}, Processes(1), progress=lambda _done: True)

    assert spread[1][0] == alone[1][0]


@with_ray
def test_ray_that_is_stopped_stops(city: Path) -> None:
    with pytest.raises(running.StoppedError):
        running.compute(QUESTION, {1: told()}, seams.executor("ray"), progress=lambda _done: False)


@with_ray
@pytest.mark.django_db
def test_a_sweep_that_a_planner_asks_for_runs_on_ray(city: Path, settings: Any) -> None:
    settings.SIMULATION_EXECUTOR = "ray"
    version = draft()
    sweep = [(version.id, Variation(vehicles=number)) for number in (1, 2)]
    comparison = actions.simulate(actor=PLANNER, title="Ray", question=QUESTION, alternatives=sweep)
    run_all()

    comparison.refresh_from_db()
    assert (comparison.state, comparison.done) == (ComparisonState.DONE, comparison.total)
    services = {one.number: one.definition for one in comparison.simulations.all()}
    alone = running.compute(QUESTION, services, Processes(1), progress=lambda _done: True)
    assert {one.number: one.figures for one in comparison.simulations.all()} == {n: alone[n][0] for n in alone}
