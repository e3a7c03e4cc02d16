"""Background work: what follows a decision or a payment, the hand-over, the core systems' answers."""

from __future__ import annotations

import logging
from contextlib import suppress
from uuid import UUID

from souto.foundation.vault.erasure import DisposedError
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.kernel.jobs import job
from souto.services.casework import actions, queries

logger = logging.getLogger(__name__)


@job("casework.advance", attempts=8, wait=5)
def advance(*, case_id: str) -> None:
    """Prepare the hand-over that is due, or close what is finished; for a case that is no more, or was disposed of, there is nothing to do."""
    with suppress(NotFoundError, DisposedError):
        actions.advance(actor=Actor.system("casework.advance"), case_id=UUID(case_id))


@job("casework.hand_over", attempts=12, wait=10)
def hand_over(*, hand_over_id: str) -> None:
    """Write the package. While the folder cannot be written, the officer sees why, and the job is tried again."""
    actor, found = Actor.system("casework.hand_over"), UUID(hand_over_id)
    try:
        with suppress(NotFoundError):
            actions.send(actor=actor, hand_over_id=found)
    except OSError as error:
        actions.note_obstacle(
            actor=actor,
            hand_over_id=found,
            problem=f"連携先のフォルダーに書き込めません（{error.strerror or error}）。",
        )
        raise


@job("casework.clear_packages", attempts=12, wait=60)
def clear_packages(*, application_id: str) -> None:
    """Remove the packages and answers of an application that was disposed of; tried again while a folder cannot be reached."""
    actions.clear_packages(actor=Actor.system("casework.clear_packages"), application_id=UUID(application_id))


@job("casework.read_results", attempts=1, cron="* * * * *")
def read_results() -> None:
    """Read the answers of every core system; one that cannot be reached does not hold up the others."""
    actor = Actor.system("casework.read_results")
    for system in queries.core_systems():
        try:
            actions.read_results(actor=actor, system=system)
        except OSError as error:
            logger.warning("casework.read_results: %s: %s", system, error)
