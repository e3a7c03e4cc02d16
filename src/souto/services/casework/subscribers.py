"""Reactions to what happens to applications and charges: only this room's rows change here; what follows is a job."""

from __future__ import annotations

from uuid import UUID

from souto.foundation.retention.events import RecordDisposed
from souto.kernel import jobs
from souto.kernel.actor import Actor
from souto.kernel.events import subscribe
from souto.services.applications.events import (
    ApplicationClosed,
    ApplicationDecided,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CorrectionCancelled,
    CorrectionRequested,
    CorrectionSubmitted,
    ReviewStarted,
)
from souto.services.casework import actions, queries
from souto.services.payments.events import ChargeCancelled, ChargePaid

_FEE = "applications.fee"
_APPLICATION = "applications.application"


@subscribe(ApplicationSubmitted)
def open_case(event: ApplicationSubmitted, actor: Actor) -> None:
    """Every application has a case from the moment it is received."""
    case = actions.open_case(actor=actor, application_id=event.application_id)
    jobs.defer("casework.advance", case_id=str(case.id), lock=f"case-{case.id}")


@subscribe(ReviewStarted)
def review_started(event: ReviewStarted, actor: Actor) -> None:
    """Whoever has the page open sees an older state now."""
    actions.follow_application(actor=actor, application_id=event.application_id)


@subscribe(CorrectionRequested)
def pause(event: CorrectionRequested, actor: Actor) -> None:
    """The clock stands."""
    actions.follow_application(actor=actor, application_id=event.application_id)


@subscribe(CorrectionCancelled)
def go_on(event: CorrectionCancelled, actor: Actor) -> None:
    """The clock goes on."""
    actions.follow_application(actor=actor, application_id=event.application_id)


@subscribe(CorrectionSubmitted)
def corrected(event: CorrectionSubmitted, actor: Actor) -> None:
    """The clock goes on; a proposal that rests on the earlier submission lapses."""
    actions.follow_application(actor=actor, application_id=event.application_id, cancel_proposal=True)


@subscribe(ApplicationDecided)
def decided(event: ApplicationDecided, actor: Actor) -> None:
    """There is no deadline any more."""
    actions.follow_application(actor=actor, application_id=event.application_id)


@subscribe(ApplicationWithdrawn)
def withdrawn(event: ApplicationWithdrawn, actor: Actor) -> None:
    """There is nothing to decide any more."""
    actions.follow_application(actor=actor, application_id=event.application_id, cancel_proposal=True)
    _advance_later(event.application_id)


@subscribe(ApplicationClosed)
def closed(event: ApplicationClosed, actor: Actor) -> None:
    """The case has ended."""
    actions.follow_application(actor=actor, application_id=event.application_id)


@subscribe(ChargePaid)
def paid(event: ChargePaid, _actor: Actor) -> None:
    """What waited for the fee goes on."""
    if event.purpose == _FEE:
        _advance_later(event.subject_id)


@subscribe(ChargeCancelled)
def no_longer_owed(event: ChargeCancelled, _actor: Actor) -> None:
    """What waited for the fee goes on."""
    if event.purpose == _FEE:
        _advance_later(event.subject_id)


@subscribe(RecordDisposed)
def disposed(event: RecordDisposed, _actor: Actor) -> None:
    """Packages that lie in the folders of core systems are copies, and go too."""
    if event.kind == _APPLICATION:
        jobs.defer("casework.clear_packages", application_id=str(event.subject_id))


def _advance_later(application_id: UUID) -> None:
    case_id = queries.case_id_of(application_id)
    if case_id is not None:
        jobs.defer("casework.advance", case_id=str(case_id), lock=f"case-{case_id}")
