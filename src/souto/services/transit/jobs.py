"""Background work: better plans between bookings, reminders, and forgetting who rode where."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.conf import settings

from souto.foundation.vault.keys import destroy_key
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError
from souto.kernel.jobs import defer, job
from souto.services.transit import actions, engine, queries, seams
from souto.services.transit.models import Booking, Favourite, Series, ServiceDay
from souto.services.transit.simulation.questions import Question


@job("transit.improve", cron="* * * * *", attempts=1)
def improve() -> None:
    """Look for better plans of today and the days on which something was booked since; not before the engine is there."""
    if engine.ready():
        actions.improve(actor=Actor.system("transit.improve"))


@job("transit.remind", cron="* * * * *")
def remind() -> None:
    """Tell riders that their vehicle comes soon."""
    actions.remind(actor=Actor.system("transit.remind"))


@job("transit.forget", cron="40 3 * * *")
def forget() -> None:
    """Forget the days whose retention is over."""
    actions.forget(actor=Actor.system("transit.retention"))


@job("transit.series", cron="12 * * * *")
def series() -> None:
    """Let each ride of every week be booked for the days that have opened."""
    for key in queries.going_on().values_list("id", flat=True):
        defer("transit.book_series", series_id=str(key))


@job("transit.book_series")
def book_series(*, series_id: str) -> None:
    """Book the days of a ride of every week for which one can book now."""
    with contextlib.suppress(NotFoundError):  # it was forgotten meanwhile
        actions.book_series(actor=Actor.system("transit.series"), series_id=UUID(series_id))


@job("transit.destroy_key")
def destroy_key_of(*, key_id: str) -> None:
    """Destroy the key of a ride or a plan that is forgotten or gone, so that it is gone from backups too."""
    key = UUID(key_id)
    kept = Booking.objects.filter(key_id=key, forgotten_at=None).exists()
    kept = kept or Series.objects.filter(key_id=key).exists() or Favourite.objects.filter(key_id=key).exists()
    if not kept and not ServiceDay.objects.filter(key_id=key, forgotten_at=None).exists():
        destroy_key(key)


@job("transit.simulate", attempts=2)
def simulate(*, comparison_id: str) -> None:
    """Compute a comparison of simulated weeks, with progress on its row; stops when somebody cancels it."""
    from souto.services.transit.simulation import running

    actor, key = Actor.system("transit.simulate"), UUID(comparison_id)
    comparison = actions.begin_simulation(actor=actor, comparison_id=key)
    if comparison is None:
        return
    alternatives = {one.number: one.definition for one in comparison.simulations.all()}
    try:
        found = running.compute(
            Question.model_validate(comparison.question),
            alternatives,
            seams.executor(settings.SIMULATION_EXECUTOR),
            progress=lambda done: actions.note_progress(actor=actor, comparison_id=key, done=done),
        )
    except running.StoppedError:
        return
    except SoutoError as error:
        actions.finish_simulation(actor=actor, comparison_id=key, found=None, problem=str(error))
        return
    actions.finish_simulation(actor=actor, comparison_id=key, found=found)
