"""The inventory (手続台帳): read from a list, row by row; what cannot be taken waits, as it came, for a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from souto.foundation.audit import actions as audit
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError, SoutoError
from souto.services.procedures.actions.facts import add_fact, published_for, record_online
from souto.services.procedures.inventory_rows import COLUMNS, Line, read_line
from souto.services.procedures.models import FactKind, InventoryImport, InventoryItem, RefusedRow

MAX_SIZE = 5_000_000
MAX_ROWS = 20_000


class InventoryUnreadableError(SoutoError):
    """The file as a whole is no list: nothing was taken from it."""

    message = "一覧を読み取れませんでした。%(reason)s"


class RowRefusedError(SoutoError):
    """A mended row still cannot be taken."""

    message = "この行はまだ取り込めません：%(reasons)s"

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(reasons="、".join(reasons))


class RowSettledError(ConflictError):
    """Somebody else mended the row or set it aside first."""

    message = "この行は、もう処理されています。"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows: counts, and those that wait for a person."""

    import_id: UUID
    added: int
    changed: int
    unchanged: int
    refused: tuple[UUID, ...]


def read_csv(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file with a header line, in UTF-8 or Shift_JIS (as spreadsheets of city halls save it).

    Raises `InventoryUnreadableError`.
    """
    if len(content) > MAX_SIZE:
        raise InventoryUnreadableError(reason=f"ファイルは{MAX_SIZE // 1_000_000}MBまでです。")
    text = _decode(content)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in reader.fieldnames or []]
        missing = [name for name in ("key", "name", "legal_basis", "source") if name not in header]
        if missing:
            raise InventoryUnreadableError(reason=f"見出しの行に「{'」「'.join(missing)}」がありません。")
        rows: list[dict[str, str]] = []
        for row in reader:
            if len(rows) == MAX_ROWS:
                raise InventoryUnreadableError(reason=f"{MAX_ROWS:,}行までです。")
            extra = row.pop(None, None)
            rows.append({(name or "").strip(): value or "" for name, value in row.items()})
            if extra:
                rows[-1]["?"] = ",".join(extra)
    except csv.Error as error:
        raise InventoryUnreadableError(reason=f"CSVの形を確認してください（{error}）。") from None
    return rows


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InventoryUnreadableError(reason="文字コードは、UTF-8かShift_JISにしてください。")


@transaction.atomic
def import_inventory(*, actor: Actor, rows: Iterable[Mapping[str, str]], source: str) -> ImportReport:
    """Take rows into the inventory by their `key`: new ones are added, others brought up to date, unreadable ones kept as `RefusedRow`. Nothing
    is deleted: an entry that the list no longer holds stays. A key that comes twice is refused the second time.
    """
    actor.require("procedures.edit")
    record = InventoryImport.objects.create(source=source[:200], by_staff_id=actor.id if actor.is_staff else None)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    refused: list[UUID] = []
    seen: set[str] = set()
    # The header is line 1 of the file.
    for number, row in enumerate(rows, start=2):
        line, reasons = read_line(row)
        if line is not None and line.key in seen:
            reasons = [f"キー「{line.key}」は、この一覧に2回あります"]
        if line is None or reasons:
            kept = {str(name)[:100]: str(value)[:2000] for name, value in row.items()}
            refused.append(RefusedRow.objects.create(of_import=record, line=number, row=kept, reasons=reasons).id)
            continue
        seen.add(line.key)
        _, outcome = _take(line)
        counts[outcome] += 1
    record.added, record.changed, record.unchanged = counts["added"], counts["changed"], counts["unchanged"]
    record.refused = len(refused)
    record.save()
    audit.record(
        actor=actor,
        action="procedures.import_inventory",
        subject=("procedures.inventory_import", record.id),
        facts={**counts, "refused": len(refused)},
    )
    return ImportReport(record.id, **counts, refused=tuple(refused))


@transaction.atomic
def mend_row(*, actor: Actor, row_id: UUID, row: Mapping[str, str]) -> InventoryItem:
    """Take a refused row as a person mended it; raises `RowRefusedError`, `RowSettledError`, `NotFoundError`, `ForbiddenError`."""
    actor.require("procedures.edit")
    waiting = _lock_row(row_id)
    mended = {**waiting.row, **{name: value for name, value in row.items() if name in COLUMNS}}
    mended.pop("?", None)
    line, reasons = read_line(mended)
    if line is None or reasons:
        raise RowRefusedError(reasons)
    item, outcome = _take(line)
    _settle(waiting, actor, item)
    audit.record(
        actor=actor,
        action="procedures.mend_row",
        subject=("procedures.inventory_item", item.id),
        fields=[name for name, value in mended.items() if waiting.row.get(name, "") != value],
        facts={"outcome": outcome, "row": str(waiting.id)},
    )
    return item


@transaction.atomic
def set_aside_row(*, actor: Actor, row_id: UUID) -> None:
    """Settle a refused row without taking it; raises `RowSettledError`, `NotFoundError`, `ForbiddenError`."""
    actor.require("procedures.edit")
    waiting = _lock_row(row_id)
    _settle(waiting, actor, None)
    audit.record(actor=actor, action="procedures.set_aside_row", subject=("procedures.refused_row", waiting.id))


@transaction.atomic
def record_fact(*, actor: Actor, item_id: UUID, kind: FactKind, holds: bool, since: date, source: str) -> bool:
    """Record that something is so, or no longer so, from a day on; False where that was known. Raises `NotFoundError`, `ForbiddenError`."""
    actor.require("procedures.edit")
    item = InventoryItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotFoundError
    fact = add_fact(item, kind, holds=holds, since=since, source=source[:300])
    if fact is None:
        return False
    audit.record(
        actor=actor,
        action="procedures.record_fact",
        subject=("procedures.inventory_item", item.id),
        facts={"kind": kind, "holds": holds, "since": since.isoformat()},
    )
    return True


def _take(line: Line) -> tuple[InventoryItem, str]:
    item = InventoryItem.objects.select_for_update().filter(key=line.key).first()
    outcome = "unchanged"
    if item is None:
        item, outcome = InventoryItem.objects.create(key=line.key, **line.columns), "added"
        for version in published_for(line.key):
            record_online(item, version)
    elif any(getattr(item, name) != value for name, value in line.columns.items()):
        for name, value in line.columns.items():
            setattr(item, name, value)
        item.save()
        outcome = "changed"
    for fact in line.facts:
        news = add_fact(item, fact.kind, holds=fact.holds, since=fact.since, source=fact.source)
        outcome = "changed" if news and outcome == "unchanged" else outcome
    return item, outcome


def _lock_row(row_id: UUID) -> RefusedRow:
    row = RefusedRow.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise NotFoundError
    if row.settled_at is not None:
        raise RowSettledError
    return row


def _settle(row: RefusedRow, actor: Actor, item: InventoryItem | None) -> None:
    row.settled_at, row.item = clock.now(), item
    row.settled_by_id = actor.id if actor.is_staff else None
    row.save(update_fields=["settled_at", "settled_by", "item"])
