"""Background work: keys of what was sent or thrown away, drafts that nobody goes on with."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.vault.keys import destroy_key
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.jobs import job
from souto.services.applications import letters
from souto.services.applications.actions.drafts import drop
from souto.services.applications.models import Application, Draft

_WORKER = Actor.system("applications.expiry")
#: Drafts handled in one run; the next run takes the rest.
BATCH = 500


@job("applications.forget_key")
def forget_key(*, key_id: str) -> None:
    """Destroy the key of a draft that is gone, so that it is gone from backups too."""
    key = UUID(key_id)
    if not Draft.objects.filter(key_id=key).exists() and not Application.objects.filter(key_id=key).exists():
        destroy_key(key)


@job("applications.expire_drafts", cron="20 4 * * *")
def expire_drafts() -> None:
    """Warn the owners of drafts that end soon, remove those whose last day has passed. Each draft is a transaction of its own."""
    today = clock.today()
    ended = Draft.objects.filter(expires_on__lt=today).values_list("id", flat=True)[:BATCH]
    for draft_id in list(ended):
        _remove(draft_id)
    soon = Draft.objects.filter(
        expires_on__gte=today,
        expires_on__lte=today + timedelta(days=settings.DRAFT_WARNING_DAYS),
        warned_at__isnull=True,
        person__isnull=False,
    ).values_list("id", flat=True)[:BATCH]
    for draft_id in list(soon):
        _warn(draft_id)


@transaction.atomic
def _remove(draft_id: UUID) -> None:
    draft = Draft.objects.select_for_update().filter(id=draft_id, expires_on__lt=clock.today()).first()
    if draft is not None:
        drop(_WORKER, draft, "expire_draft")


@transaction.atomic
def _warn(draft_id: UUID) -> None:
    draft = Draft.objects.select_for_update().filter(id=draft_id, warned_at__isnull=True).first()
    if draft is not None:
        letters.warn_of_expiry(_WORKER, draft)
        draft.warned_at = clock.now()
        draft.save(update_fields=["warned_at"])
