"""Reading and verifying the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from souto.foundation.audit import chain
from souto.foundation.audit.models import Entry, Seal
from souto.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found. `broken_at` is the first link that does not hold, with `reason`; the unsealed tail is what the
    sealer has yet to reach: how many entries and since when.
    """

    links: int
    broken_at: int | None
    reason: str
    unsealed: int
    unsealed_since: datetime | None
    head: str

    @property
    def ok(self) -> bool:
        """True when every link holds."""
        return self.broken_at is None


def verify() -> Verification:
    """Compute the chain anew from the entries as they stand."""
    digest, expected, broken, reason = chain.GENESIS, 1, None, ""
    seals = Seal.objects.order_by("seq").values_list("seq", "entry_id", "digest").iterator(chunk_size=2_000)
    for rows in _chunks(seals, 2_000):
        entries = {e["id"]: e for e in Entry.objects.filter(id__in=[r[1] for r in rows]).values(*chain.COLUMNS)}
        for seq, entry_id, stored in rows:
            if seq != expected:
                broken, reason = expected, "the chain has a gap: a link was removed"
                break
            entry = entries.get(entry_id)
            if entry is None:
                broken, reason = seq, "the entry of this link was removed"
                break
            digest = chain.link(digest, entry)
            if digest != bytes(stored):
                broken, reason = seq, "the entry, or a link before it, was altered"
                break
            expected += 1
        if broken is not None:
            break
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(at) FROM audit_entry e"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)"
        )
        unsealed, since = cursor.fetchone()
    return Verification(
        links=expected - 1, broken_at=broken, reason=reason, unsealed=unsealed, unsealed_since=since, head=digest.hex()
    )


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def export(*, actor: Actor, since: datetime | None = None, until: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Entries in time order, each with its link's number and digest (None while unsealed), as JSON values; needs `audit.export`."""
    actor.require("audit.export")
    entries: QuerySet[Entry] = Entry.objects.order_by("id")
    if since is not None:
        entries = entries.filter(at__gte=since)
    if until is not None:
        entries = entries.filter(at__lt=until)
    for rows in _chunks(entries.values(*chain.COLUMNS).iterator(chunk_size=2_000), 2_000):
        seals = {s.entry_id: s for s in Seal.objects.filter(entry_id__in=[r["id"] for r in rows])}
        for row in rows:
            seal = seals.get(row["id"])
            plain: dict[str, Any] = {k: chain.plain(v) for k, v in row.items()}
            yield {**plain, "seq": seal.seq if seal else None, "digest": bytes(seal.digest).hex() if seal else None}


def list_entries(
    *, actor: Actor, subject: tuple[str, UUID] | None = None, actor_id: UUID | None = None, outcome: str = ""
) -> QuerySet[Entry]:
    """Entries for an auditor's screen, newest first; needs `audit.view`."""
    actor.require("audit.view")
    entries: QuerySet[Entry] = Entry.objects.order_by("-id")
    if subject is not None:
        entries = entries.filter(subject_type=subject[0], subject_id=subject[1])
    if actor_id is not None:
        entries = entries.filter(actor_id=actor_id)
    return entries.filter(outcome=outcome) if outcome else entries
