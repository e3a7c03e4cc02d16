"""Signing (電子署名): the applicant signs the canonical bytes of what she is about to send."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.identity import actions as identity
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.services.applications.actions.corrections import CorrectionEndedError, correcting
from souto.services.applications.actions.submitting import IncompleteError, settle
from souto.services.applications.models import Correction, Draft
from souto.services.applications.queries.access import access_correction, access_draft, access_own_application
from souto.services.applications.queries.answers import canonical_bytes


def start_signing(*, actor: Actor, draft_id: UUID, return_to: str) -> str:
    """Open a signature over the draft as it stands; returns where the browser goes. Raises `IncompleteError`.

    The signature counts as long as nothing of the draft changes. The signing service answers before the draft is locked, so that
    nobody waits for it.
    """
    draft = access_draft(actor=actor, draft_id=draft_id)
    answers, facts = settle(actor, draft)
    problems = draft.version.definition.check_all(answers, facts=facts, today=clock.today())
    if problems:
        raise IncompleteError(problems)
    started = identity.start_signing(actor=actor, content=canonical_bytes(draft, answers), return_to=return_to)
    with transaction.atomic():
        Draft.objects.filter(id=draft.id, revision=draft.revision).update(signing_id=started.id)
        _record(actor, ("applications.draft", draft.id), started.id)
    return started.redirect_url


def start_signing_correction(*, actor: Actor, correction_id: UUID, return_to: str) -> str:
    """Open a signature over an application as it would stand with its correction; returns where the browser goes."""
    correction = access_correction(actor=actor, correction_id=correction_id)
    application = access_own_application(actor=actor, application_id=correction.application_id)
    if not correction.is_open:
        raise CorrectionEndedError
    state = correcting(correction)
    problems = state.problems(today=clock.today())
    if problems:
        raise IncompleteError(problems)
    content = canonical_bytes(application, state.settled())
    started = identity.start_signing(actor=actor, content=content, return_to=return_to)
    with transaction.atomic():
        Correction.objects.filter(id=correction.id, resolved_at__isnull=True).update(signing_id=started.id)
        _record(actor, ("applications.application", application.id), started.id)
    return started.redirect_url


def _record(actor: Actor, subject: tuple[str, UUID], signing_id: UUID) -> None:
    audit.record(actor=actor, action="applications.start_signing", subject=subject, facts={"signing": str(signing_id)})
