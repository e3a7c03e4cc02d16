"""Reading and verifying the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from souto.foundation.audit import chain
from souto.foundation.audit.models import Entry, Seal
from souto.kernel.actor import Actor

#: The entries that tell of verifications.
VERIFIED, ASKED = "audit.verify", "audit.ask_verification"


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
    entries = _between(Entry.objects.order_by("id"), since, until)
    for rows in _chunks(entries.values(*chain.COLUMNS).iterator(chunk_size=2_000), 2_000):
        seals = {s.entry_id: s for s in Seal.objects.filter(entry_id__in=[r["id"] for r in rows])}
        for row in rows:
            seal = seals.get(row["id"])
            plain: dict[str, Any] = {k: chain.plain(v) for k, v in row.items()}
            yield {**plain, "seq": seal.seq if seal else None, "digest": bytes(seal.digest).hex() if seal else None}


@dataclass(frozen=True, slots=True)
class Search:
    """What an auditor looks for; every part narrows. `since` counts, `until` does not. `subjects`: any of these records (None: all);
    `actors`: any of these callers (None: all). `room` is the first part of an action's name.
    """

    since: datetime | None = None
    until: datetime | None = None
    outcome: str = ""
    room: str = ""
    actors: frozenset[UUID] | None = None
    subjects: frozenset[UUID] | None = None


def find_entries(*, actor: Actor, search: Search) -> QuerySet[Entry]:
    """Entries for an auditor's screen, newest first; needs `audit.view`.

    A record is found as an entry's subject and where an entry names it among its facts (a case's entries name its application).
    """
    actor.require("audit.view")
    entries = _between(Entry.objects.order_by("-id"), search.since, search.until)
    if search.outcome:
        entries = entries.filter(outcome=search.outcome)
    if search.room:
        entries = entries.filter(action__startswith=f"{search.room}.")
    if search.actors is not None:
        entries = entries.filter(actor_id__in=search.actors)
    if search.subjects is not None:
        named = Q(subject_id__in=search.subjects)
        for found in search.subjects:
            named |= Q(facts__application=str(found)) | Q(facts__file=str(found))
        entries = entries.filter(named)
    return entries


def links_of(entries: Iterable[Entry]) -> dict[UUID, int]:
    """The numbers of the entries' links in the chain, for those that are sealed."""
    return dict(Seal.objects.filter(entry__in=list(entries)).values_list("entry_id", "seq"))


@dataclass(frozen=True, slots=True)
class ChainState:
    """How the chain stands without computing it: `links` and the last digest, when it was last verified and what was found (None:
    never), and whether a verification that somebody asked for has yet to run.
    """

    links: int
    head: str
    sealed_at: datetime | None
    verified: Entry | None
    waiting: bool


def chain_state(*, actor: Actor) -> ChainState:
    """The state of the chain for the desk; needs `audit.view`."""
    actor.require("audit.view")
    last = Seal.objects.select_related("batch").order_by("-seq").first()
    verified = Entry.objects.filter(action=VERIFIED).order_by("-id").first()
    asked = Entry.objects.filter(action=ASKED).order_by("-id").first()
    return ChainState(
        links=last.seq if last else 0,
        head=bytes(last.digest).hex() if last else "",
        sealed_at=last.batch.at if last else None,
        verified=verified,
        waiting=asked is not None and (verified is None or asked.id > verified.id),
    )


def verifications(*, actor: Actor, limit: int = 20) -> list[Entry]:
    """The last verifications, newest first."""
    actor.require("audit.view")
    return list(Entry.objects.filter(action=VERIFIED).order_by("-id")[:limit])


def _between(entries: QuerySet[Entry], since: datetime | None, until: datetime | None) -> QuerySet[Entry]:
    """Ids are made in order of time (UUIDv7), so the primary key finds a period without an index of its own."""
    if since is not None:
        entries = entries.filter(id__gte=_first_id(since))
    return entries if until is None else entries.filter(id__lt=_first_id(until))


def _first_id(instant: datetime) -> UUID:
    return UUID(int=max(0, int(instant.timestamp() * 1000)) << 80)
