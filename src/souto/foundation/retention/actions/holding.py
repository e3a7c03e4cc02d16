"""Holds (保存延長): a record is kept longer, for a reason, until somebody ends that."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.identity import queries as identity
from souto.foundation.retention import queries
from souto.foundation.retention.actions.listing import MAX_WORDS, ReasonMissingError, WordsTooLongError
from souto.foundation.retention.models import DisposalItem, Hold, Reason
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError


class AlreadyHeldError(ConflictError):
    """The record is held back for this reason already."""

    message = "この理由の保存延長は、もう登録されています。"


class AlreadyDisposedError(ConflictError):
    """The record is gone, or going: a hold comes too late."""

    message = "この記録は廃棄済みか廃棄中のため、保存を延長できません。"


class HoldEndedError(ConflictError):
    """Somebody ended the hold first."""

    message = "この保存延長は、もう終わっています。"


@transaction.atomic
def set_hold(*, actor: Actor, kind: str, subject_id: UUID, reason: str, words: str) -> Hold:
    """Keep a record beyond its period; whatever list it stands on, it comes off. For staff of the section that keeps it."""
    if not actor.is_staff:
        raise ForbiddenError
    record = queries.access_record(actor=actor, kind=kind, subject_id=subject_id, lock=True)
    if reason not in Reason.values:
        raise ReasonMissingError(field="reason")
    words = words.replace("\x00", "").strip()
    if len(words) > MAX_WORDS:
        raise WordsTooLongError(field="words", limit=MAX_WORDS, length=len(words))
    if record.disposed_on is not None:
        raise AlreadyDisposedError
    if Hold.objects.filter(kind=kind, subject_id=subject_id, reason=reason, ended_at__isnull=True).exists():
        raise AlreadyHeldError
    hold = Hold(
        kind=kind,
        subject_id=subject_id,
        department=identity.get_department(record.department),
        reference=record.reference,
        title=dict(record.title),
        reason=reason,
        set_by_id=actor.known_id,
    )
    hold.words = words
    hold.save(force_insert=True)
    DisposalItem.objects.filter(kind=kind, subject_id=subject_id, state=DisposalItem.State.LISTED).update(
        state=DisposalItem.State.TAKEN_OFF, reason=reason, settled_by_id=actor.id, settled_at=clock.now()
    )
    _note(actor, "set_hold", hold)
    return hold


@transaction.atomic
def end_hold(*, actor: Actor, hold_id: UUID) -> Hold:
    """End a hold: the record comes onto the next list that is drawn up, where its period has ended."""
    if not actor.is_staff:
        raise ForbiddenError
    hold = queries.access_hold(actor=actor, hold_id=hold_id, lock=True)
    if hold.ended_at is not None:
        raise HoldEndedError
    hold.ended_by_id, hold.ended_at = actor.known_id, clock.now()
    hold.save(update_fields=["ended_by", "ended_at"])
    _note(actor, "end_hold", hold)
    return hold


def _note(actor: Actor, verb: str, hold: Hold) -> None:
    audit.record(
        actor=actor,
        action=f"retention.{verb}",
        subject=(hold.kind, hold.subject_id),
        facts={"hold": str(hold.id), "reason": hold.reason},
    )
