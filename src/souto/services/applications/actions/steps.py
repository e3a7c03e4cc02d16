"""Steps of an application's life: review, decision, withdrawal, close. Each checks the table, leaves a record and announces itself."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.audit.actions import Fact
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.calendar import format_date
from souto.kernel.errors import ConflictError, SoutoError
from souto.services.applications import fees, letters, lifecycle
from souto.services.applications.events import (
    ApplicationClosed,
    ApplicationDecided,
    ApplicationWithdrawn,
    ReviewStarted,
)
from souto.services.applications.lifecycle import Kind, State
from souto.services.applications.models import Application, Correction, TransitionRecord
from souto.services.applications.queries.access import access_application, access_handled_application
from souto.services.applications.queries.answers import current_submission

#: Longest reason or note that a person writes, in characters.
MAX_NOTE = 2_000


class UnknownOutcomeError(SoutoError):
    """The procedure knows no such outcome."""

    message = "この手続にない結果です。表示されている中から選んでください。"


class ReasonMissingError(SoutoError):
    """A refusal states its reasons (行政手続法8条), and so does a withdrawal."""

    message = "理由を入力してください。"


class NoteTooLongError(SoutoError):
    """More words than a note holds."""

    message = "文章は%(limit)s字までです（いま%(length)s字）。短くしてください。"


class CorrectionOpenError(ConflictError):
    """The applicant still has time to correct: nothing is decided meanwhile."""

    message = (
        "補正をお願いしている間は決定できません。期限（%(due_on)s）を過ぎるか、依頼を取り消してから決定してください。"
    )


@transaction.atomic
def start_review(*, actor: Actor, application_id: UUID) -> Application:
    """Take the application up (審査開始)."""
    application = _handled(actor, application_id, "casework.work")
    _take(actor, application, "start_review")
    _charge(actor, application, "acceptance")
    events.publish(ReviewStarted(application.id), actor=actor)
    return application


@transaction.atomic
def decide(*, actor: Actor, application_id: UUID, outcome: str, reason: str = "") -> Application:
    """Settle the application (決定) with one of its procedure's outcomes.

    An application (申請) needs `casework.approve`; that approver and proposer differ is for `casework` to keep. A refusal needs its
    reason. While a correction is open nothing is decided, unless its deadline has passed: then the request ends with the decision.
    """
    application = access_handled_application(actor=actor, application_id=application_id, lock=True)
    actor.require("casework.approve" if application.kind == Kind.APPLICATION else "casework.work")
    chosen = next((o for o in application.version.definition.outcomes if o.code == outcome), None)
    if chosen is None:
        raise UnknownOutcomeError
    reason = _words(reason)
    if not chosen.granted and not reason:
        raise ReasonMissingError(field="reason")
    _end_overdue_correction(application)
    _take(actor, application, "decide", facts={"outcome": outcome, "granted": chosen.granted}, note=reason)
    if chosen.granted:
        _charge(actor, application, "approval")
    letters.send(actor, application, "decided")
    events.publish(ApplicationDecided(application.id), actor=actor)
    return application


@transaction.atomic
def withdraw(*, actor: Actor, application_id: UUID, reason: str, token: str = "") -> Application:
    """Take the application back (取下げ), by the applicant, or by staff on her word; possible until it is decided."""
    application = access_application(actor=actor, application_id=application_id, token=token, lock=True)
    if actor.is_staff:
        actor.require("casework.work")
    reason = _words(reason)
    if not reason:
        raise ReasonMissingError(field="reason")
    Correction.objects.filter(application=application, resolved_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    _take(actor, application, "withdraw", note=reason)
    fees.give_up(actor, application, reason)
    letters.send(actor, application, "withdrawn")
    events.publish(ApplicationWithdrawn(application.id), actor=actor)
    return application


@transaction.atomic
def close(*, actor: Actor, application_id: UUID) -> Application:
    """Nothing more is to be done (完了): the result was handed over and told."""
    application = _handled(actor, application_id, "casework.work")
    _take(actor, application, "close")
    letters.send(actor, application, "closed", page="feedback")
    events.publish(ApplicationClosed(application.id), actor=actor)
    return application


def open_record(*, actor: Actor, application: Application, facts: Mapping[str, Fact] | None = None) -> TransitionRecord:
    """Write the first record of a new application (for `submit`)."""
    return _write(actor, application, "submit", source="", facts=facts, note="")


def _charge(actor: Actor, application: Application, moment: str) -> None:
    payload = current_submission(application).payload
    fees.charge_if_due(actor, application, moment, answers=payload["answers"], facts=payload["facts"])


def _handled(actor: Actor, application_id: UUID, permission: str) -> Application:
    application = access_handled_application(actor=actor, application_id=application_id, lock=True)
    actor.require(permission)
    return application


def _take(
    actor: Actor, application: Application, name: str, *, facts: Mapping[str, Fact] | None = None, note: str = ""
) -> None:
    """Move a locked application along its table, record and audit the step."""
    source = application.state
    application.state = lifecycle.of(application.kind).next_state(source, name, by=actor.kind)
    application.save(update_fields=["state"])
    _write(actor, application, name, source=source, facts=facts, note=note)
    audit.record(
        actor=actor,
        action=f"applications.{name}",
        subject=("applications.application", application.id),
        fields=["state"],
        facts={"from": source, "to": application.state, **(facts or {})},
    )


def _write(
    actor: Actor, application: Application, name: str, *, source: str, facts: Mapping[str, Fact] | None, note: str
) -> TransitionRecord:
    record = TransitionRecord(
        key_id=application.key_id,
        application=application,
        name=name,
        source=source,
        target=application.state,
        actor_kind=actor.kind,
        actor_id=actor.id,
        at=clock.now(),
        facts=dict(facts or {}),
    )
    record.note = note
    record.save(force_insert=True)
    return record


def _end_overdue_correction(application: Application) -> None:
    """Refuse a decision while the applicant has time left; end a request whose deadline has passed."""
    correction = Correction.objects.filter(
        application=application, resolved_at__isnull=True, withdrawn_at__isnull=True
    ).first()
    if correction is None:
        return
    if correction.due_on >= clock.today():
        raise CorrectionOpenError(due_on=format_date(correction.due_on, weekday=True))
    correction.withdrawn_at = clock.now()
    correction.save(update_fields=["withdrawn_at"])


def _words(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > MAX_NOTE:
        raise NoteTooLongError(limit=MAX_NOTE, length=len(text))
    return text


def is_undecided(application: Application) -> bool:
    """True while corrections and withdrawal are possible."""
    return State(application.state) in lifecycle.UNDECIDED
