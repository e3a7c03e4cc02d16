"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from souto.foundation.audit import queries
from souto.foundation.audit.models import Entry, Outcome
from souto.kernel import jobs
from souto.kernel.actor import Actor

Fact = str | int | bool | None

__all__ = ["Fact", "Outcome", "ask_verification", "note_export", "note_search", "record", "verify_chain"]


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


@transaction.atomic
def ask_verification(*, actor: Actor) -> None:
    """Let the chain be computed anew in the background; what is found becomes an entry of its own. Needs `audit.view`."""
    actor.require("audit.view")
    record(actor=actor, action=queries.ASKED)
    jobs.defer("audit.verify")


@transaction.atomic
def verify_chain(*, actor: Actor) -> queries.Verification:
    """Compute the chain anew and put on record what was found; a broken chain stands there as a refusal."""
    found = queries.verify()
    record(
        actor=actor,
        action=queries.VERIFIED,
        outcome=Outcome.DONE if found.ok else Outcome.REFUSED,
        facts={
            "links": found.links,
            "broken_at": found.broken_at,
            "reason": found.reason,
            "unsealed": found.unsealed,
            "head": found.head,
        },
    )
    return found


@transaction.atomic
def note_search(*, actor: Actor, rows: int, narrowed_by: Iterable[str] = ()) -> None:
    """Put on record that an auditor looked at entries, and by what the list was narrowed."""
    actor.require("audit.view")
    record(actor=actor, action="audit.search", outcome=Outcome.SEEN, fields=narrowed_by, facts={"rows": rows})


@transaction.atomic
def note_export(*, actor: Actor, rows: int, form: str) -> None:
    """Put on record that entries left the system as a file."""
    actor.require("audit.export")
    record(actor=actor, action="audit.export", outcome=Outcome.SEEN, facts={"rows": rows, "form": form})
