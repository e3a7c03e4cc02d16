"""Sending: a draft becomes an application, exactly once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from souto.foundation.audit import actions as audit
from souto.foundation.identity import queries as identity
from souto.foundation.ui.city import city
from souto.kernel import clock, events, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, SoutoError
from souto.services.applications import canonical, fees, letters, lifecycle, numbers, paths, receipts
from souto.services.applications.actions.drafts import SignInNeededError
from souto.services.applications.actions.steps import open_record
from souto.services.applications.attendance import Attendance, AttendanceError
from souto.services.applications.events import ApplicationSubmitted
from souto.services.applications.filling import Filling
from souto.services.applications.known import facts_for
from souto.services.applications.models import AccessGrant, Application, Channel, Contact, Correction, Draft, Submission
from souto.services.applications.queries.access import access_counter_application, access_draft, access_own_application
from souto.services.applications.queries.answers import canonical_bytes, is_signed
from souto.services.procedures.definition import Definition, Problem
from souto.services.procedures.definition.fields import EmailField, NameField

__all__ = [
    "AttendanceError",
    "ChangedSinceReviewError",
    "IncompleteError",
    "SignatureNeededError",
    "settle",
    "store",
    "submit",
]

#: Facts that are kept with a submission: they decided what was asked.
_KEPT = frozenset({"today", "assurance", "on_behalf"})


class IncompleteError(SoutoError):
    """Something is still missing or has to be mended; `problems` say what and where."""

    message = "まだ入力が終わっていない項目があります。内容を確認してください。"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__()


class ChangedSinceReviewError(ConflictError):
    """Another tab changed the draft after this one showed it for review."""

    message = "確認したあとに、別の画面で内容が変わりました。もう一度、内容を確認してから送信してください。"


class SignatureNeededError(SoutoError):
    """The procedure asks for a signature over what is sent, and none covers it: none was made, or something changed since."""

    message = (
        "送信する前に、マイナンバーカードで署名してください。署名のあとに内容を変えたときは、もう一度署名してください。"
    )


@transaction.atomic
def submit(
    *,
    actor: Actor,
    draft_id: UUID,
    revision: int | None = None,
    language: str = "",
    token: str = "",
    attendance: Attendance | None = None,
) -> Application:
    """Send a draft. A second call, a second tap, a second tab, a client that tries again all get the same application.

    `revision`: the one that was shown for review; a newer draft is not sent unseen. Verified values are taken from the card anew, hidden
    answers are left out, everything is checked against the pinned version. Staff who send for somebody at the counter say who came
    (`attendance`). Raises `IncompleteError`, `ChangedSinceReviewError`, `SignatureNeededError`, `SignInNeededError`, `AttendanceError`.
    """
    draft = Draft.objects.select_for_update().filter(id=draft_id).first()
    if draft is None and actor.is_staff:
        return access_counter_application(actor=actor, application_id=draft_id)
    if draft is None:
        return access_own_application(actor=actor, application_id=draft_id, token=token)
    draft = access_draft(actor=actor, draft_id=draft_id, token=token)
    if revision is not None and revision != draft.revision:
        raise ChangedSinceReviewError
    definition = draft.version.definition
    if not actor.is_staff and actor.assurance < definition.assurance:
        raise SignInNeededError(definition.assurance)
    answers, facts = settle(actor, draft)
    problems = definition.check_all(answers, facts=facts, today=clock.today())
    if problems:
        raise IncompleteError(problems)
    came = None
    if actor.is_staff:
        came = (attendance or Attendance(None)).settle(needs_identity=definition.needs_identity)
    content = canonical_bytes(draft, answers)
    signs = definition.signature and not actor.is_staff
    if signs and not is_signed(actor=actor, signing_id=draft.signing_id, record=draft, answers=answers):
        raise SignatureNeededError
    application = _open(actor, draft, definition, answers, language or draft.language, came)
    submission = store(
        application, answers=answers, facts=facts, content=content, signing_id=draft.signing_id, correction=None
    )
    grant = AccessGrant(application=application, department_id=identity.get_department(definition.department).id)
    grant.save(force_insert=True)
    files = sum(len(paths.get(answers, path) or ()) for path in definition.file_paths(answers))
    checked = {} if came is None or came.check is None else {"identity_check": came.check.value}
    open_record(actor=actor, application=application, facts={"files": files, **checked})
    jobs.defer("applications.forget_key", key_id=str(draft.key_id))
    draft.delete()
    audit.record(
        actor=actor,
        action="applications.submit",
        subject=("applications.application", application.id),
        fields=sorted(answers),
        facts={"number": application.number, "commitment": submission.commitment, "files": files, **checked},
    )
    fees.charge_if_due(actor, application, "submission", answers=answers, facts=facts)
    receipts.make(actor, application, answers)
    letters.send(actor, application, "received")
    events.publish(ApplicationSubmitted(application.id), actor=actor)
    return application


def settle(actor: Actor, draft: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers as they would be sent now, and the facts they rest on: verified values from the card, hidden answers gone."""
    facts = facts_for(actor, draft.person_id)
    return Filling(draft.version.definition, draft.answers, draft.raw, facts).settled(), facts


def store(
    application: Application,
    *,
    answers: dict[str, Any],
    facts: Mapping[str, Any],
    content: bytes,
    signing_id: UUID | None,
    correction: Correction | None,
) -> Submission:
    """Write the next submission of an application: answers, the facts that decided what was asked, and the salted commitment."""
    salt = secrets.token_bytes(16)
    submission = Submission(
        key_id=application.key_id,
        application=application,
        revision=application.submissions.count() + 1,
        at=clock.now(),
        commitment=canonical.commitment(content, salt=salt),
        signing_id=signing_id,
        correction=correction,
    )
    submission.payload = {
        "answers": answers,
        "facts": {
            name: value for name, value in facts.items() if name in _KEPT or name.startswith(("card.", "register."))
        },
        "salt": salt.hex(),
    }
    submission.save(force_insert=True)
    return submission


def _open(
    actor: Actor,
    draft: Draft,
    definition: Definition,
    answers: Mapping[str, Any],
    language: str,
    came: Attendance | None,
) -> Application:
    now = clock.now()
    application = Application(
        id=draft.id,
        number=_next_number(),
        version=draft.version,
        person_id=draft.person_id,
        token_hash=draft.token_hash,
        submitter_kind=actor.kind,
        submitter_id=actor.id,
        channel=Channel.COUNTER if draft.assisted_by_id else Channel.ONLINE,
        kind=definition.kind,
        state=lifecycle.of(definition.kind).initial,
        department_code=definition.department,
        submitted_at=now,
        language=language,
        is_demo=draft.is_demo,
    )
    application.contact = _contact(definition, answers)
    application.mandate = None if actor.on_behalf_of is None else {"by": str(actor.id), "for": str(actor.on_behalf_of)}
    if came is not None:
        application.mandate = came.mandate
    application.save(force_insert=True)
    return application


def _contact(definition: Definition, answers: Mapping[str, Any]) -> Contact:
    """Name and e-mail as the form has them, for those whom the register does not know."""
    found: Contact = {"name": "", "email": ""}
    for _, field in definition.all_fields():
        value = answers.get(field.key)
        if value is None:
            continue
        if isinstance(field, NameField) and not found["name"]:
            found["name"] = field.display(value, language="ja")[0]
        if isinstance(field, EmailField) and not found["email"]:
            found["email"] = str(value)
    return found


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('applications_number')")
        (sequence,) = cursor.fetchone()
    return numbers.write(city().name_en[:1].upper(), clock.today(), sequence)
