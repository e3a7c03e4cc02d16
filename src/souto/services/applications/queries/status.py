"""Where an application stands, as the applicant is told, and when its clock stands still."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.calendar import Pause, PauseOpenError, add_working_days
from souto.kernel.language import say
from souto.services.applications.lifecycle import UNDECIDED, Kind, State
from souto.services.applications.models import Application, Correction, Draft, Feedback, TransitionRecord
from souto.services.procedures.definition import Outcome


@dataclass(frozen=True, slots=True)
class ApplicantState:
    """A chip: `code` for tests and styles, `label` in the page's language, `chip` the kind of the chip component."""

    code: str
    label: str
    chip: str


def decision_of(application: Application) -> TransitionRecord | None:
    """The record of the decision, once there is one."""
    return next((r for r in application.records.all() if r.name == "decide"), None)


def outcome_of(application: Application) -> Outcome | None:
    """The outcome that was decided, with its label, as the procedure's version names it."""
    decision = decision_of(application)
    if decision is None:
        return None
    code = decision.facts.get("outcome")
    return next((o for o in application.version.definition.outcomes if o.code == code), None)


def open_correction(application: Application) -> Correction | None:
    """The request for correction that waits for the applicant, if any."""
    return next((c for c in application.corrections.all() if c.is_open), None)


def draft_state() -> ApplicantState:
    """The chip of a draft."""
    return ApplicantState("draft", _("下書き"), "gray-outline")


def applicant_state(application: Application, *, language: str) -> ApplicantState:
    """What the applicant is told. Reads `records` and `corrections`: prefetch them for lists."""
    if application.state == State.WITHDRAWN:
        return ApplicantState("withdrawn", _("取下げ"), "gray-outline")
    if State(application.state) in UNDECIDED:
        if open_correction(application) is not None:
            return ApplicantState("correction", _("修正依頼"), "orange-fill")
        if application.state == State.SUBMITTED:
            return ApplicantState("submitted", _("受付済"), "blue")
        working = {
            Kind.APPLICATION: _("審査中"),
            Kind.NOTIFICATION: _("確認中"),
            Kind.REPORT: _("対応中"),
        }
        return ApplicantState("in_review", working[Kind(application.kind)], "light-blue")
    outcome = outcome_of(application)
    if outcome is None:
        return ApplicantState("decided", _("決定"), "gray-fill")
    return ApplicantState(
        f"decided-{outcome.code}", say(outcome.label, language), "green" if outcome.granted else "gray-fill"
    )


def pauses_of(corrections: Iterable[Correction]) -> list[Pause]:
    """The spans, as business dates, in which the clock of the 標準処理期間 stood or stands: from each request to its end."""
    return [
        Pause(
            start=clock.local_date(c.requested_at),
            end=clock.local_date(ended) if (ended := c.resolved_at or c.withdrawn_at) else None,
        )
        for c in corrections
    ]


def clock_pauses(application: Application) -> list[Pause]:
    """`pauses_of` the application's corrections, in order."""
    return pauses_of(application.corrections.all())


def expected_on(application: Application) -> date | None:
    """The business date by which the result is due: the procedure's working days after receipt, without pauses; None while a correction is
    open, once it is decided, and where the procedure names no time.
    """
    days = application.version.definition.processing_days
    if days is None or State(application.state) not in UNDECIDED:
        return None
    try:
        return add_working_days(clock.local_date(application.submitted_at), days, pauses=clock_pauses(application))
    except PauseOpenError:
        return None


def may_give_feedback(application: Application) -> bool:
    """True once it is settled and the two questions were not answered yet."""
    if application.state not in {State.DECIDED, State.CLOSED}:
        return False
    return not Feedback.objects.filter(application=application).exists()


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the applicant's list: a draft or an application."""

    id: UUID
    slug: str
    title: str
    state: ApplicantState
    number: str
    on: date
    due_on: date | None
    is_draft: bool
    is_finished: bool

    @property
    def needs_action(self) -> bool:
        """True where the applicant has something to do (やること)."""
        return self.is_draft or self.state.code == "correction"


def list_mine(*, actor: Actor, language: str) -> Sequence[Listed]:
    """The drafts and applications of a signed-in person: what waits for her first, then the newest."""
    if not actor.is_resident or actor.id is None:
        return []
    drafts = Draft.objects.filter(person_id=actor.id, assisted_by__isnull=True).select_related("version__procedure")
    applications = (
        Application.objects.filter(person_id=actor.id)
        .select_related("version__procedure")
        .prefetch_related("records", "corrections")
    )
    rows = [_listed_draft(d, language) for d in drafts] + [_listed(a, language) for a in applications]
    return sorted(rows, key=lambda row: (not row.needs_action, row.is_draft, row.is_finished, -row.on.toordinal()))


def waiting_for(*, actor: Actor) -> int:
    """How many corrections wait for a signed-in person."""
    if not actor.is_resident or actor.id is None:
        return 0
    return Correction.objects.filter(
        application__person_id=actor.id,
        application__state__in=UNDECIDED,
        resolved_at__isnull=True,
        withdrawn_at__isnull=True,
    ).count()


def _listed_draft(draft: Draft, language: str) -> Listed:
    return Listed(
        id=draft.id,
        slug=draft.version.procedure.slug,
        title=say(draft.version.definition.title, language),
        state=draft_state(),
        number="",
        on=clock.local_date(draft.saved_at),
        due_on=draft.expires_on,
        is_draft=True,
        is_finished=False,
    )


def _listed(application: Application, language: str) -> Listed:
    correction = open_correction(application) if State(application.state) in UNDECIDED else None
    return Listed(
        id=application.id,
        slug=application.version.procedure.slug,
        title=say(application.version.definition.title, language),
        state=applicant_state(application, language=language),
        number=application.number,
        on=clock.local_date(application.submitted_at),
        due_on=correction.due_on if correction else None,
        is_draft=False,
        is_finished=State(application.state) not in UNDECIDED,
    )
