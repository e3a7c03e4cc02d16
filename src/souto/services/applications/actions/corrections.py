"""Corrections (補正): a section asks for named fields, the applicant sends those and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction

from souto.foundation.audit import actions as audit
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, NotFoundError, SoutoError
from souto.kernel.lifecycle import TransitionRefusedError
from souto.services.applications import letters, paths, receipts
from souto.services.applications.actions.drafts import Edit, Upload
from souto.services.applications.actions.files import put_file, take_file
from souto.services.applications.actions.steps import MAX_NOTE, NoteTooLongError, is_undecided
from souto.services.applications.actions.submitting import IncompleteError, SignatureNeededError, store
from souto.services.applications.attendance import Attendance, Noted
from souto.services.applications.correcting import Correcting
from souto.services.applications.events import CorrectionCancelled, CorrectionRequested, CorrectionSubmitted
from souto.services.applications.models import Application, Correction, Item, Submission
from souto.services.applications.queries.access import access_correctable_application, access_handled_application
from souto.services.applications.queries.answers import canonical_bytes, current_submission, is_signed
from souto.services.procedures.definition import Definition, Problem
from souto.services.procedures.definition.answering import fixed_value
from souto.services.procedures.definition.fields import ComputedField, FieldBase, FileField

#: Fields in one request; more than that is a conversation.
MAX_ITEMS = 30


class CorrectionOpenAlreadyError(ConflictError):
    """One request at a time."""

    message = "修正の依頼がすでに出ています。取り消してから、新しく依頼してください。"


class CorrectionEndedError(ConflictError):
    """The request was answered, taken back, or ended with a decision."""

    message = "この修正の依頼は終わっています。最新の状況を確認してください。"


class NothingToCorrectError(SoutoError):
    """A request without fields, or for a field that nobody can change (it is computed, or stands as the card says it)."""

    message = "修正してもらう項目を選んでください。カードの情報と自動で計算する項目は選べません。"


class CorrectionReasonError(SoutoError):
    """Each field needs its reason: the applicant must know what to do."""

    message = "修正してもらう項目ごとに、理由を入力してください。"


class DueDateError(SoutoError):
    """The deadline is today or has passed."""

    message = "期限は、明日以降の日付にしてください。"


class NothingChangedError(SoutoError):
    """The correction says nothing that was not sent before."""

    message = "修正した項目がありません。修正するか、修正できない理由を入力してください。"


@dataclass(frozen=True, slots=True)
class CorrectionSaved:
    """What became of a posted correction; `problems` keep the applicant on the page."""

    correction: Correction
    problems: list[Problem] = field(default_factory=list)


@transaction.atomic
def request_correction(
    *, actor: Actor, application_id: UUID, items: Sequence[Item], note: str, due_on: date
) -> Correction:
    """Ask the applicant to correct `items` (path and reason each) until `due_on`, that day included. Needs `casework.work`.

    The clock of the 標準処理期間 stands until the correction is sent or the request is cancelled.
    """
    application = access_handled_application(actor=actor, application_id=application_id, lock=True)
    actor.require("casework.work")
    if not is_undecided(application):
        raise TransitionRefusedError
    if actor.id is None:
        raise ForbiddenError
    submission = current_submission(application)
    checked = _checked(application.version.definition, submission, items)
    if due_on <= clock.today():
        raise DueDateError(field="due_on")
    correction = Correction(
        key_id=application.key_id,
        application=application,
        due_on=due_on,
        requested_by_id=actor.id,
        requested_at=clock.now(),
    )
    correction.items, correction.note, correction.reply = checked, _words(note), ""
    correction.draft = {"raw": {}, "answers": submission.payload["answers"]}
    try:
        with transaction.atomic():
            correction.save(force_insert=True)
    except IntegrityError:
        raise CorrectionOpenAlreadyError from None
    _record(actor, "request_correction", correction, fields=[i["path"] for i in checked], due_on=due_on.isoformat())
    letters.ask_for_correction(actor, application, correction)
    events.publish(CorrectionRequested(application.id, correction.id), actor=actor)
    return correction


@transaction.atomic
def cancel_correction(*, actor: Actor, correction_id: UUID) -> Correction:
    """Take a request back: the clock goes on. Needs `casework.work`."""
    correction = _locked(correction_id)
    application = access_handled_application(actor=actor, application_id=correction.application_id, lock=True)
    actor.require("casework.work")
    if not correction.is_open:
        raise CorrectionEndedError
    correction.withdrawn_at = clock.now()
    correction.save(update_fields=["withdrawn_at"])
    _record(actor, "cancel_correction", correction)
    letters.send(actor, application, "correction_cancelled")
    events.publish(CorrectionCancelled(application.id, correction.id), actor=actor)
    return correction


@transaction.atomic
def save_correction(
    *,
    actor: Actor,
    correction_id: UUID,
    raw: Mapping[str, Sequence[str]],
    reply: str = "",
    uploads: Sequence[Upload] = (),
    edit: Edit | None = None,
    token: str = "",
) -> CorrectionSaved:
    """Keep what the applicant (or, at the counter, an officer for her) has typed for a correction, right or wrong; fields that were not asked for are left aside."""
    correction, _ = _mine(actor, correction_id, token)
    state = correcting(correction)
    state, problems = state.post(raw, today=clock.today())
    answers = dict(state.answers)
    refused: list[Problem] = []
    for upload in uploads:
        try:
            answers = _attached(actor, correction, state, answers, upload)
        except SoutoError as error:
            refused.append(Problem(upload.path, error.message, error.params))
    if edit is not None and edit.kind == "remove_file":
        for path in [p for p in state.definition.file_paths(answers) if paths.covers(state.opened(), p)]:
            answers = take_file(actor, answers, path, edit.target, kept=_sent_files(state, path))
    if uploads or edit is not None:
        correction.draft = {"raw": _lists(state.raw), "answers": answers}
        _, problems = correcting(correction).post(raw, today=clock.today())
        problems = [*refused, *(p for p in problems if p.path not in {r.path for r in refused})]
    correction.draft = {"raw": _lists(state.raw), "answers": answers}
    correction.reply, correction.signing_id = _words(reply), None
    correction.save(update_fields=["draft_sealed", "reply_sealed", "signing_id"])
    _record(actor, "save_correction", correction, fields=paths.changed(state.sent, answers))
    return CorrectionSaved(correction, problems)


@transaction.atomic
def attach_correction_file(
    *, actor: Actor, correction_id: UUID, path: str, name: str, content: IO[bytes] | File[Any], token: str = ""
) -> dict[str, Any]:
    """Store one file of a correction as soon as it was chosen; returns it as it stands in the answers. Raises an `UploadError`."""
    correction, _ = _mine(actor, correction_id, token)
    state = correcting(correction)
    answers = _attached(actor, correction, state, dict(state.answers), Upload(path, name, content))
    correction.draft, correction.signing_id = {"raw": _lists(state.raw), "answers": answers}, None
    correction.save(update_fields=["draft_sealed", "signing_id"])
    _record(actor, "save_correction", correction, fields=[path])
    found: dict[str, Any] = (paths.get(answers, path) or [{}])[-1]
    return found


@transaction.atomic
def submit_correction(
    *, actor: Actor, correction_id: UUID, token: str = "", attendance: Attendance | None = None
) -> Application:
    """Send the correction: a new submission stands, the request is resolved, the clock goes on. A second tap changes nothing.

    Staff who typed it for somebody say who told them (`attendance`). Raises `IncompleteError`, `NothingChangedError`, `AttendanceError`,
    `SignatureNeededError` where a changed field asks for a new signature.
    """
    correction = _locked(correction_id)
    application = access_correctable_application(
        actor=actor, application_id=correction.application_id, token=token, lock=True
    )
    if correction.resolved_at is not None:
        return application
    if not correction.is_open or not is_undecided(application):
        raise CorrectionEndedError
    state = correcting(correction)
    problems = state.problems(today=clock.today())
    if problems:
        raise IncompleteError(problems)
    answers = state.settled()
    changed = paths.changed(state.sent, answers)
    if not changed and not correction.reply:
        raise NothingChangedError
    content = canonical_bytes(application, answers)
    noted = _noted(actor, application, attendance)
    signed = is_signed(actor=actor, signing_id=correction.signing_id, record=application, answers=answers)
    if state.needs_signature() and not signed and noted is None:
        raise SignatureNeededError
    submission = store(
        application,
        answers=answers,
        facts=state.facts,
        content=content,
        signing_id=correction.signing_id,
        correction=correction,
    )
    correction.resolved_at = clock.now()
    if noted is not None:
        correction.draft = {**correction.draft, "noted": noted}
    correction.save(update_fields=["resolved_at", "draft_sealed"])
    _record(
        actor,
        "submit_correction",
        correction,
        fields=changed,
        commitment=submission.commitment,
        revision=submission.revision,
        **({} if noted is None else {"way": noted["way"], "identity_check": noted["check"]}),
    )
    receipts.make(actor, application, answers)
    letters.send(actor, application, "correction_received")
    events.publish(CorrectionSubmitted(application.id, correction.id), actor=actor)
    return application


def correcting(correction: Correction) -> Correcting:
    """A correction request with what has been typed for it so far."""
    submission = current_submission(correction.application)
    payload, draft = submission.payload, correction.draft
    return Correcting(
        definition=correction.application.version.definition,
        sent=payload["answers"],
        named=tuple(item["path"] for item in correction.items),
        answers=draft["answers"],
        raw=draft["raw"],
        facts={**payload["facts"], "today": clock.today().isoformat()},
    )


def _locked(correction_id: UUID) -> Correction:
    correction = Correction.objects.select_for_update().filter(id=correction_id).first()
    if correction is None:
        raise NotFoundError
    return correction


def _mine(actor: Actor, correction_id: UUID, token: str) -> tuple[Correction, Application]:
    correction = _locked(correction_id)
    application = access_correctable_application(actor=actor, application_id=correction.application_id, token=token)
    if not correction.is_open:
        raise CorrectionEndedError
    correction.application = application
    return correction, application


def _noted(actor: Actor, application: Application, attendance: Attendance | None) -> Noted | None:
    """Who told an officer what she typed; None where the applicant typed it herself."""
    if not actor.is_staff or actor.id is None:
        return None
    needs_identity = application.version.definition.needs_identity
    return (attendance or Attendance(None)).settle(needs_identity=needs_identity).noted(actor.id)


def _checked(definition: Definition, submission: Submission, items: Sequence[Item]) -> list[Item]:
    """The items in order, each once; raises where one cannot be corrected or has no reason."""
    facts, answers = submission.payload["facts"], submission.payload["answers"]
    visible = definition.visible(answers, {"today": clock.today().isoformat(), **facts}).paths
    found: dict[str, Item] = {}
    for item in items[:MAX_ITEMS]:
        path = item["path"]
        target = definition.field_at(path)
        row = path.count("/") == 1 and paths.get(answers, path) is not None
        if not row and (target is None or path not in visible or not _changeable(target, facts)):
            raise NothingToCorrectError(field="items")
        reason = _words(item["reason"])
        if not reason:
            raise CorrectionReasonError(field=path)
        found[path] = {"path": path, "reason": reason}
    if not found:
        raise NothingToCorrectError(field="items")
    return list(found.values())


def _changeable(target: FieldBase, facts: Mapping[str, Any]) -> bool:
    return not isinstance(target, ComputedField) and fixed_value(target, facts) is None


def _attached(
    actor: Actor, correction: Correction, state: Correcting, answers: dict[str, Any], upload: Upload
) -> dict[str, Any]:
    target = state.definition.field_at(upload.path)
    if not isinstance(target, FileField) or not paths.covers(state.opened(), upload.path):
        raise NotFoundError
    return put_file(
        actor,
        target,
        answers,
        upload.path,
        correction.application_id,
        upload.name,
        upload.content,
        kept=_sent_files(state, upload.path),
    )


def _sent_files(state: Correcting, path: str) -> frozenset[str]:
    """Files that an earlier submission holds: they stay with it."""
    return frozenset(item["file_id"] for item in paths.get(state.sent, path) or ())


def _lists(raw: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(values) for name, values in raw.items()}


def _words(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > MAX_NOTE:
        raise NoteTooLongError(limit=MAX_NOTE, length=len(text))
    return text


def _record(actor: Actor, verb: str, correction: Correction, *, fields: Any = (), **facts: str | int) -> None:
    audit.record(
        actor=actor,
        action=f"applications.{verb}",
        subject=("applications.application", correction.application_id),
        fields=fields,
        facts={"correction": str(correction.id), **facts},
    )
