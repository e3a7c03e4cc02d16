"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from souto.foundation.audit.models import Entry, Outcome
from souto.kernel.actor import Actor

Fact = str | int | bool | None

__all__ = ["Fact", "Outcome", "record"]


def record(
    *,
    actor: Actor,
    action: str,
    subject: tuple[str, UUID] | None = None,
    outcome: Outcome = Outcome.DONE,
    fields: Iterable[str] = (),
    facts: Mapping[str, Fact] | None = None,
) -> Entry:
    """Insert an entry in the caller's transaction.

    `action` is `"room.verb"`, `subject` is `("room.record", id)`, `fields` the names of what changed, `facts` ids, codes and
    counts. Never a name, an address or an answer: the chain cannot be erased.
    """
    return Entry.objects.create(
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        on_behalf_of=actor.on_behalf_of,
        action=action,
        outcome=outcome,
        subject_type=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        fields=sorted(fields),
        facts=dict(facts or {}),
    )
