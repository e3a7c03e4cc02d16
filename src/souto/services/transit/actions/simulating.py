"""Simulated weeks: asked for by planners, carried on by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError
from souto.services.transit import contradictions, queries
from souto.services.transit.models import Comparison, ComparisonState, Simulation
from souto.services.transit.simulation.questions import Question, Variation

#: How many alternatives one comparison has at most.
MOST = 12


class NothingToCompareError(SoutoError):
    """No alternative, or too many."""

    message = "比べる案は、1つから12までにしてください。"


class UnusableAlternativeError(SoutoError):
    """An alternative contradicts itself."""

    message = "案%(number)sの運行に、直すところがあります：%(problems)s"


@transaction.atomic
def simulate(
    *, actor: Actor, title: str, question: Question, alternatives: Sequence[tuple[UUID, Variation]]
) -> Comparison:
    """Ask for a simulated week of some versions (drafts too), each perhaps varied; the worker computes it.

    Raises `ForbiddenError`, `NotFoundError`, `NothingToCompareError`, `UnusableAlternativeError`.
    """
    actor.require("transit.publish")
    if not 1 <= len(alternatives) <= MOST:
        raise NothingToCompareError
    comparison = Comparison.objects.create(
        title=title.strip()[:100],
        question=question.model_dump(mode="json"),
        total=question.days * len(alternatives),
        created_by_id=actor.id if actor.is_staff else None,
        is_demo=settings.DEMO,
    )
    for number, (version_id, variation) in enumerate(alternatives, 1):
        version = queries.access_version(actor=actor, version_id=version_id)
        varied = variation.of(version.definition)
        if found := contradictions.problems(varied):
            raise UnusableAlternativeError(number=number, problems="\n".join(found))
        Simulation.objects.create(
            comparison=comparison,
            number=number,
            version=version,
            version_number=version.number,
            variation=variation.model_dump(mode="json", exclude_none=True),
            body=varied.body(),
        )
    _trace(actor, "simulate", comparison, alternatives=len(alternatives), days=question.days)
    jobs.defer("transit.simulate", comparison_id=str(comparison.id), lock="transit.simulate")
    return comparison


@transaction.atomic
def cancel_simulation(*, actor: Actor, comparison_id: UUID) -> Comparison:
    """Stop a comparison that waits or is being computed; one that has ended stays as it is.

    Raises `ForbiddenError`, `NotFoundError`.
    """
    actor.require("transit.publish")
    comparison = queries.access_comparison(actor=actor, comparison_id=comparison_id, lock=True)
    if comparison.state in {ComparisonState.WAITING, ComparisonState.RUNNING}:
        comparison.state, comparison.finished_at = ComparisonState.CANCELLED, clock.now()
        comparison.save(update_fields=["state", "finished_at"])
        _trace(actor, "simulate.cancel", comparison)
    return comparison


@transaction.atomic
def begin_simulation(*, actor: Actor, comparison_id: UUID) -> Comparison | None:
    """The worker begins (or, after a fault, begins again); None where there is nothing to do any more."""
    comparison = Comparison.objects.select_for_update().filter(pk=comparison_id).first()
    if comparison is None or comparison.state not in {ComparisonState.WAITING, ComparisonState.RUNNING}:
        return None
    comparison.state, comparison.done = ComparisonState.RUNNING, 0
    comparison.save(update_fields=["state", "done"])
    _trace(actor, "simulate.begin", comparison)
    return comparison


def note_progress(*, actor: Actor, comparison_id: UUID, done: int) -> bool:  # noqa: ARG001 - every action has one
    """So many days are computed; False where somebody has stopped it meanwhile."""
    running = Comparison.objects.filter(pk=comparison_id, state=ComparisonState.RUNNING)
    return bool(running.update(done=done))


@transaction.atomic
def finish_simulation(
    *,
    actor: Actor,
    comparison_id: UUID,
    found: dict[int, tuple[dict[str, Any], float]] | None,
    problem: str = "",
) -> None:
    """Keep the figures and CPU-seconds of each alternative by its number; or why there are none."""
    comparison = Comparison.objects.select_for_update().get(pk=comparison_id)
    if comparison.state != ComparisonState.RUNNING:
        return
    for simulation in comparison.simulations.all() if found is not None else ():
        simulation.figures, simulation.cpu_seconds = (found or {})[simulation.number]
        simulation.save(update_fields=["figures", "cpu_seconds"])
    comparison.state = ComparisonState.FAILED if found is None else ComparisonState.DONE
    comparison.problem, comparison.finished_at = problem, clock.now()
    comparison.save(update_fields=["state", "problem", "finished_at"])
    _trace(actor, "simulate.end", comparison, state=comparison.state)


def _trace(actor: Actor, verb: str, comparison: Comparison, **facts: Any) -> None:
    record(actor=actor, action=f"transit.{verb}", subject=("transit.comparison", comparison.id), facts=facts)
