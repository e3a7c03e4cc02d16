"""Drafts of a service and their publication."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, ProtectedError

from souto.foundation.audit.actions import record
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError, SoutoError
from souto.services.transit import contradictions, queries, ways
from souto.services.transit import definition as definitions
from souto.services.transit.events import ServicePublished
from souto.services.transit.models import Service, ServiceVersion, Simulation, VersionState


class PublishRefusedError(SoutoError):
    """The definition contradicts itself; `problems` names each place."""

    message = "公開する前に、次のところを直してください：%(problems)s"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(problems="\n".join(problems))


class NotADraftError(ConflictError):
    """The version is published already."""

    message = "この版は、もう下書きではありません。最新の内容を確認してください。"


class DraftChangedError(ConflictError):
    """Somebody else has saved the draft since it was read."""

    message = "ほかの人が、この下書きを先に保存しました。別の画面で最新の下書きを開き、もう一度入力してください。ここに入力した内容は残っています。"


class TooSoonError(SoutoError):
    """Days that are over, or that a later version holds for, cannot be given another version."""

    message = "始まりの日は、今日から後で、いまの版の始まりの日より後にしてください。"


@transaction.atomic
def import_yaml(*, actor: Actor, text: str, is_demo: bool | None = None) -> ServiceVersion:
    """Read a definition. Where it equals the newest version, that one is returned and nothing changes; otherwise it becomes the service's one
    draft, in place of an older draft. `is_demo` marks a sample (見本); left out, demo mode decides.

    Raises `DefinitionUnreadableError`, `ForbiddenError`.
    """
    actor.require("transit.publish")
    definition = definitions.load(text)
    body = definition.body()
    digest = definitions.body_hash(body)
    Service.objects.get_or_create(slug=definition.slug, defaults={"department_code": definition.department})
    service = Service.objects.select_for_update().get(slug=definition.slug)
    newest = service.versions.order_by("-number").first()
    if newest is not None and newest.body_hash == digest:
        return newest
    sample = settings.DEMO if is_demo is None else is_demo
    if newest is not None and newest.state == VersionState.DRAFT:
        draft = newest
        draft.body, draft.body_hash, draft.is_demo = body, digest, sample
        draft.save(update_fields=["body", "body_hash", "is_demo"])
    else:
        last = service.versions.aggregate(last=Max("number"))["last"] or 0
        draft = ServiceVersion.objects.create(
            service=service, number=last + 1, body=body, body_hash=digest, is_demo=sample
        )
    record(
        actor=actor,
        action="transit.import",
        subject=("transit.version", draft.id),
        facts={"slug": service.slug, "number": draft.number, "hash": digest},
    )
    return draft


@transaction.atomic
def draft_from(*, actor: Actor, version_id: UUID) -> ServiceVersion:
    """Begin a draft as a copy of a published version; where the service has a draft already, that one is returned and stays as it is.

    Raises `NotFoundError`, `ForbiddenError`.
    """
    actor.require("transit.publish")
    version = queries.access_version(actor=actor, version_id=version_id)
    service = Service.objects.select_for_update().get(pk=version.service_id)
    draft = service.versions.filter(state=VersionState.DRAFT).first()
    if draft is not None:
        return draft
    last = service.versions.aggregate(last=Max("number"))["last"] or 0
    draft = ServiceVersion.objects.create(
        service=service, number=last + 1, body=version.body, body_hash=version.body_hash, is_demo=version.is_demo
    )
    record(
        actor=actor,
        action="transit.draft",
        subject=("transit.version", draft.id),
        facts={"slug": service.slug, "number": draft.number, "from": version.number},
    )
    return draft


@transaction.atomic
def edit_draft(*, actor: Actor, version_id: UUID, changes: dict[str, Any], seen: str) -> ServiceVersion:
    """Replace parts of a draft's body. `seen`: the hash of the body that the changes were made on. What contradicts itself may be saved, what cannot be read may not.

    Raises `NotFoundError`, `NotADraftError`, `DraftChangedError`, `DefinitionUnreadableError`, `ForbiddenError`.
    """
    actor.require("transit.publish")
    draft = _lock(version_id)
    if draft.body_hash != seen:
        raise DraftChangedError
    # The address of a service is not a part that can be edited.
    definition = definitions.read({**draft.body, **changes, "slug": draft.service.slug})
    draft.body = definition.body()
    draft.body_hash = definitions.body_hash(draft.body)
    draft.save(update_fields=["body", "body_hash"])
    record(
        actor=actor,
        action="transit.edit",
        subject=("transit.version", draft.id),
        facts={"slug": draft.service.slug, "parts": " ".join(sorted(changes)), "hash": draft.body_hash},
    )
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, version_id: UUID) -> None:
    """Throw a draft away, and with it a service that has no other version: its code is free again. Weeks that were simulated stay.

    Raises `NotFoundError`, `NotADraftError`, `ForbiddenError`.
    """
    actor.require("transit.publish")
    draft = _lock(version_id)
    service = draft.service
    record(
        actor=actor,
        action="transit.discard",
        subject=("transit.version", draft.id),
        facts={"slug": service.slug, "number": draft.number, "hash": draft.body_hash},
    )
    Simulation.objects.filter(version=draft).update(version=None)
    draft.delete()
    if not service.versions.exists():
        # Costs may have been written down for it: then the empty service stays.
        with contextlib.suppress(ProtectedError):
            service.delete()


@transaction.atomic
def publish(*, actor: Actor, version_id: UUID, valid_from: date) -> ServiceVersion:
    """Publish a draft for the service days from `valid_from` on, with the ways between its stops measured now.

    Raises `NotFoundError`, `NotADraftError`, `TooSoonError`, `PublishRefusedError`, `StopCutOffError`, `ForbiddenError`.
    """
    actor.require("transit.publish")
    draft = _lock(version_id)
    if valid_from < queries.first_day(slug=draft.service.slug):
        raise TooSoonError
    definition = draft.definition
    if found := contradictions.problems(definition):
        raise PublishRefusedError(found)
    draft.ways = dict(ways.measure(definition))
    draft.state, draft.valid_from, draft.published_at = VersionState.PUBLISHED, valid_from, clock.now()
    draft.published_by_id = actor.id if actor.is_staff else None
    draft.save(update_fields=["ways", "state", "valid_from", "published_at", "published_by"])
    draft.service.department_code = definition.department
    draft.service.save(update_fields=["department_code"])
    record(
        actor=actor,
        action="transit.publish",
        subject=("transit.version", draft.id),
        facts={"slug": draft.service.slug, "number": draft.number, "valid_from": valid_from.isoformat()},
    )
    events.publish(ServicePublished(version_id=draft.id, slug=draft.service.slug), actor=actor)
    return draft


def _lock(version_id: UUID) -> ServiceVersion:
    """The draft with its service, for this transaction alone."""
    draft = ServiceVersion.objects.select_for_update().select_related("service").filter(pk=version_id).first()
    if draft is None:
        raise NotFoundError
    if draft.state != VersionState.DRAFT:
        raise NotADraftError
    return draft
