"""Disposal (廃棄): record by record, each looked at anew.

The database cannot roll back a destroyed key. So a record goes in two steps: one transaction gives its rows up and stores which keys and files
are left to destroy; when that has committed they are destroyed, and a second transaction says so. Killed in between, the next run
finds the row `erasing` and destroys again what is left: nothing is destroyed that was not given up, nothing given up stays readable.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.foundation.retention import queries, seams
from souto.foundation.retention.actions.listing import note
from souto.foundation.retention.events import RecordDisposed
from souto.foundation.retention.models import DisposalItem, DisposalList, Hold
from souto.foundation.vault.erasure import Erasure
from souto.foundation.vault.keys import destroy_key
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError

HELD, CHANGED = "held", "changed"


def dispose_item(*, actor: Actor, item_id: UUID) -> str:
    """Dispose of one row of an approved list, or keep it where that is no longer right; returns its state. For the system only.

    What keeps a record: a hold, a period that has not ended (any more), that it was opened again, that it is gone.
    """
    if not actor.is_system:
        raise ForbiddenError
    state = _give_up(actor, item_id)
    if state == DisposalItem.State.ERASING:
        item = DisposalItem.objects.get(pk=item_id)
        Erasure(tuple(UUID(key) for key in item.keys), tuple(item.files)).carry_out()
        state = _finish(actor, item_id)
    return state


@transaction.atomic
def _give_up(actor: Actor, item_id: UUID) -> str:
    item = DisposalItem.objects.select_for_update(of=("self",)).select_related("on_list__department").get(pk=item_id)
    if item.on_list.state != DisposalList.State.APPROVED:
        raise ForbiddenError
    if item.state != DisposalItem.State.LISTED:
        return item.state
    provider, today = seams.provider(item.kind), clock.today()
    record = provider.find(item.subject_id, lock=True)
    due = record is not None and record.disposed_on is None and record.ends_on is not None and record.ends_on < today
    is_held = bool(queries.held(item.kind, [item.subject_id]))
    if is_held or not due:
        item.state, item.reason = DisposalItem.State.KEPT, HELD if is_held else CHANGED
        item.settled_at = clock.now()
        item.save(update_fields=["state", "reason", "settled_at"])
        _record(actor, "keep", item)
        return item.state
    erasure = provider.erase(actor=actor, subject_id=item.subject_id, on=today, under=item.on_list.number)
    words = Hold.objects.filter(kind=item.kind, subject_id=item.subject_id).values_list("key_id", flat=True)
    erasure += Erasure(keys=tuple(words))
    item.state, item.disposed_on = DisposalItem.State.ERASING, today
    item.keys, item.files = [str(key) for key in erasure.keys], list(erasure.files)
    item.counts = {**erasure.counts, "keys": len(erasure.keys), "files": len(erasure.files)}
    item.save(update_fields=["state", "disposed_on", "keys", "files", "counts"])
    _record(actor, "give_up", item)
    events.publish(RecordDisposed(item.kind, item.subject_id, item.on_list_id), actor=actor)
    return item.state


@transaction.atomic
def _finish(actor: Actor, item_id: UUID) -> str:
    item = DisposalItem.objects.select_for_update(of=("self",)).select_related("on_list").get(pk=item_id)
    if item.state == DisposalItem.State.ERASING:
        item.state, item.settled_at = DisposalItem.State.DISPOSED, clock.now()
        item.save(update_fields=["state", "settled_at"])
        _record(actor, "dispose", item)
    return item.state


@transaction.atomic
def finish_list(*, actor: Actor, list_id: UUID) -> bool:
    """Close an approved list on which nothing is left to do; True when it is closed. For the system only."""
    if not actor.is_system:
        raise ForbiddenError
    found = queries.access_list(actor=actor, list_id=list_id, lock=True)
    left = found.items.filter(state__in=[DisposalItem.State.LISTED, DisposalItem.State.ERASING]).exists()
    if found.state != DisposalList.State.APPROVED or left:
        return found.state == DisposalList.State.DONE
    found.state, found.done_at = DisposalList.State.DONE, clock.now()
    found.save(update_fields=["state", "done_at"])
    done = queries.progress(found)
    note(actor, "finish_list", found, fields=["state"], facts={"disposed": done.disposed, "kept": done.kept})
    return True


@transaction.atomic
def destroy_again(*, actor: Actor) -> int:
    """Destroy the keys of disposed records that came back, with a restored copy of the folder of keys; returns how many. For the system."""
    if not actor.is_system:
        raise ForbiddenError
    back = 0
    for item in DisposalItem.objects.filter(state=DisposalItem.State.DISPOSED).iterator(chunk_size=1_000):
        found = sum(destroy_key(UUID(key)) for key in item.keys)
        if found:
            audit.record(
                actor=actor,
                action="retention.destroy_again",
                subject=(item.kind, item.subject_id),
                facts={"keys": found},
            )
        back += found
    return back


def _record(actor: Actor, verb: str, item: DisposalItem) -> None:
    audit.record(
        actor=actor,
        action=f"retention.{verb}",
        subject=(item.kind, item.subject_id),
        facts={"list": str(item.on_list_id), "item": str(item.id), "reason": item.reason, **item.counts},
    )
