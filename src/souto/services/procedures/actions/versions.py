"""Drafts and publication."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from souto.foundation.audit import actions as audit
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError, SoutoError
from souto.services.procedures.actions.facts import record_publication
from souto.services.procedures.definition import PublishProblem, check, yaml_io
from souto.services.procedures.definition.canonical import body_hash
from souto.services.procedures.events import ProcedurePublished
from souto.services.procedures.models import Procedure, ProcedureVersion, State


class PublishRefusedError(SoutoError):
    """The static checks found errors; each of `problems` names its page and field."""

    message = "公開する前に、次のところを直してください：%(problems)s"

    def __init__(self, problems: list[PublishProblem]) -> None:
        self.problems = problems
        super().__init__(problems="\n".join(str(problem) for problem in problems))


class NotADraftError(ConflictError):
    """The version is published already (perhaps by somebody else a moment ago), or was superseded."""

    message = "この版は、もう下書きではありません。最新の内容を確認してください。"


@transaction.atomic
def import_yaml(*, actor: Actor, text: str, is_demo: bool | None = None) -> ProcedureVersion:
    """Read a definition. Where it equals the published version or the draft, that one is returned and nothing changes; otherwise it becomes the
    procedure's one draft, in place of an older draft. `is_demo` marks a sample (見本); left out, demo mode decides.

    Raises `DefinitionUnreadableError`, `SchemaVersionError`, `ForbiddenError`.
    """
    actor.require("procedures.edit")
    definition = yaml_io.load(text)
    body = definition.body()
    digest = body_hash(body)
    procedure, _ = Procedure.objects.get_or_create(
        slug=definition.slug, defaults={"department_code": definition.department}
    )
    procedure = Procedure.objects.select_for_update().get(pk=procedure.pk)
    standing = {version.state: version for version in procedure.versions.exclude(state=State.SUPERSEDED)}
    # A draft in work is replaced even by what is published now: that is how an edit is taken back.
    newest = standing.get(State.DRAFT) or standing.get(State.PUBLISHED)
    if newest is not None and newest.body_hash == digest:
        return newest
    draft = standing.get(State.DRAFT)
    if draft is None:
        last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
        draft = ProcedureVersion(procedure=procedure, number=last + 1)
    draft.body, draft.body_hash = body, digest
    draft.is_demo = settings.DEMO if is_demo is None else is_demo
    draft.save()
    audit.record(
        actor=actor,
        action="procedures.import",
        subject=("procedures.version", draft.id),
        facts={"slug": procedure.slug, "number": draft.number, "hash": digest},
    )
    return draft


@transaction.atomic
def publish(*, actor: Actor, version_id: UUID) -> ProcedureVersion:
    """Publish a draft: at once, whole, and for ever; the version before it is superseded in the same moment.

    Raises `NotFoundError`, `NotADraftError`, `PublishRefusedError` (with every error found), `ForbiddenError`.
    """
    actor.require("procedures.publish")
    draft = _lock(version_id)
    found = check.errors(draft.definition)
    if found:
        raise PublishRefusedError(found)
    now = clock.now()
    before = draft.procedure.versions.filter(state=State.PUBLISHED).first()
    if before is not None:
        before.state, before.superseded_at = State.SUPERSEDED, now
        before.save(update_fields=["state", "superseded_at"])
    draft.state, draft.published_at = State.PUBLISHED, now
    draft.published_by_id = actor.id if actor.is_staff else None
    draft.save(update_fields=["state", "published_at", "published_by"])
    draft.procedure.department_code = draft.definition.department
    draft.procedure.save(update_fields=["department_code"])
    record_publication(draft)
    audit.record(
        actor=actor,
        action="procedures.publish",
        subject=("procedures.version", draft.id),
        facts={"slug": draft.slug, "number": draft.number, "hash": draft.body_hash},
    )
    events.publish(ProcedurePublished(version_id=draft.id, slug=draft.slug), actor=actor)
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, version_id: UUID) -> None:
    """Throw a draft away; raises `NotFoundError`, `NotADraftError`, `ForbiddenError`."""
    actor.require("procedures.edit")
    draft = _lock(version_id)
    audit.record(
        actor=actor,
        action="procedures.discard",
        subject=("procedures.version", draft.id),
        facts={"slug": draft.slug, "number": draft.number, "hash": draft.body_hash},
    )
    draft.delete()


def _lock(version_id: UUID) -> ProcedureVersion:
    """The draft, its procedure locked so that two persons cannot publish at once."""
    known = ProcedureVersion.objects.filter(pk=version_id).first()
    if known is None:
        raise NotFoundError
    Procedure.objects.select_for_update().get(pk=known.procedure_id)
    # Read again under the lock: somebody may have published or discarded it in between.
    version = ProcedureVersion.objects.select_related("procedure").filter(pk=version_id).first()
    if version is None:
        raise NotFoundError
    if version.state != State.DRAFT:
        raise NotADraftError
    return version
