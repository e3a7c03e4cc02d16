"""The sealer: chains committed entries in batches, one batch at a time.

Entries carry the id of the transaction that wrote them (`xid`, 64 bits, set by the database). A transaction below
`pg_snapshot_xmin` has ended, so whatever it wrote is visible now and nothing of it can appear later: sealing everything
between the last batch's mark and that point skips no entry, however long a transaction took.
"""

from __future__ import annotations

from django.db import connection, transaction

from souto.foundation.audit import chain
from souto.foundation.audit.models import Batch, Entry, Seal

_LOCK = 0x736F75746F  # any constant: one sealer at a time
_LIMIT = 10_000


@transaction.atomic
def seal_committed() -> int:
    """Chain the committed entries that are not chained yet; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        horizon, newest = cursor.fetchone()
    last_batch = Batch.objects.order_by("-id").first()
    mark = last_batch.below_xid if last_batch else 0
    # A database restored into a new cluster counts transactions from the start: look at every unsealed entry once.
    restored = mark > newest
    ids = _unsealed_ids() if restored else _ids_between(mark, horizon)
    if not ids and not restored:
        return 0
    complete = len(ids) < _LIMIT
    entries = list(Entry.objects.filter(id__in=ids).order_by("id").values(*chain.COLUMNS))
    last = Seal.objects.order_by("-seq").first()
    seq, digest = (last.seq, bytes(last.digest)) if last else (0, chain.GENESIS)
    batch = Batch.objects.create(below_xid=horizon if complete else _next_mark(mark, ids), entries=len(entries))
    seals = []
    for entry in entries:
        seq, digest = seq + 1, chain.link(digest, entry)
        seals.append(Seal(seq=seq, entry_id=entry["id"], batch=batch, digest=digest))
    Seal.objects.bulk_create(seals, batch_size=1_000)
    return len(seals)


def _ids_between(mark: int, horizon: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_entry e WHERE e.xid >= %s::text::xid8 AND e.xid < %s::text::xid8"
            " AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id) ORDER BY e.xid, e.id LIMIT %s",
            [mark, horizon, _LIMIT],
        )
        return [row[0] for row in cursor.fetchall()]


def _unsealed_ids() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)"
            " ORDER BY e.id LIMIT %s",
            [_LIMIT],
        )
        return [row[0] for row in cursor.fetchall()]


def _next_mark(mark: int, ids: list[str]) -> int:
    """Where the next batch begins when this one was cut at the limit: at the last transaction taken, not after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(xid::text::bigint) FROM audit_entry WHERE id = ANY(%s)", [ids])
        return max(mark, int(cursor.fetchone()[0]))
