"""Importing notices of payment. What matches nothing goes to suspense, where `settling` takes it up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError
from souto.services.payments import ledger, queries
from souto.services.payments.actions.charges import AlreadySettledError, settle, unsettle
from souto.services.payments.events import NoticesSuspended
from souto.services.payments.models import Charge, JournalEntry, Notice, NoticeImport, Slip
from souto.services.payments.notice_files import NoticeMapping, NoticeRow, read

#: The channel of every notice file.
CHANNEL = "elqr"


class AlreadyImportedError(ConflictError):
    """The very same file was imported before; nothing was booked twice."""

    message = "このファイルは、すでに取り込み済みです。1件も二重に取り込んでいません。"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: rows by what became of them."""

    notice_import: NoticeImport
    matched: int
    suspense: int
    repeated: int


@transaction.atomic
def import_notices(*, actor: Actor, mapping: NoticeMapping, content: bytes, filename: str) -> ImportReport:
    """Read a notice file whole and book every row, or nothing at all.

    A row that names a slip and its exact amount settles the charge; every other row goes to suspense with its reason.
    """
    actor.require("payments.import")
    digest = hashlib.sha256(content).hexdigest()
    if NoticeImport.objects.filter(sha256=digest).exists():
        raise AlreadyImportedError
    rows = read(content, mapping)
    source = NoticeImport.objects.create(
        mapping=mapping.name,
        filename=filename[:200],
        sha256=digest,
        rows=len(rows),
        imported_by_id=actor.id if actor.is_staff else None,
    )
    states = [_book(actor, source, row) for row in rows]
    suspended = states.count(Notice.State.SUSPENSE)
    record(
        actor=actor,
        action="payments.import_notices",
        subject=("payments.noticeimport", source.id),
        facts={"rows": len(rows), "suspense": suspended},
    )
    if suspended:
        events.publish(NoticesSuspended(import_id=source.id, rows=suspended), actor=actor)
    return ImportReport(
        notice_import=source,
        matched=states.count(Notice.State.MATCHED),
        suspense=suspended,
        repeated=states.count(Notice.State.REPEATED),
    )


def _book(actor: Actor, source: NoticeImport, row: NoticeRow) -> Notice.State:
    notice = Notice(
        source=source,
        line=row.line,
        stage=row.stage,
        case_key=row.case_key,
        confirmation=row.confirmation,
        office=row.office,
        received_on=row.received_on,
        amount=row.amount,
    )
    if _known(row):
        notice.state = Notice.State.REPEATED
    elif row.stage == Notice.Stage.CANCELLED:
        notice.state, notice.reason, notice.charge = _take_back(actor, row)
    else:
        notice.state, notice.reason, notice.charge = _match(actor, row)
    notice.save()
    return Notice.State(notice.state)


def _known(row: NoticeRow) -> bool:
    return (
        Notice.objects.filter(
            stage=row.stage,
            case_key=row.case_key,
            confirmation=row.confirmation,
            office=row.office,
            received_on=row.received_on,
            amount=row.amount,
        )
        .exclude(state=Notice.State.REPEATED)
        .exists()
    )


def _key(row: NoticeRow | Notice) -> str:
    """The payment's own identity: the preliminary notice and its confirmation are one payment."""
    return f"notice:{row.case_key}:{row.confirmation}:{row.office}:{row.received_on:%Y%m%d}:{row.amount}"


_Result = tuple[Notice.State, str, Charge | None]


def _match(actor: Actor, row: NoticeRow) -> _Result:
    key = _key(row)
    slip = Slip.objects.select_related("charge").filter(case_key=row.case_key).first()
    booked = JournalEntry.objects.filter(idempotency_key=key).first()
    if booked is not None and booked.kind == "payment":
        # Booked by the preliminary notice; this one confirms it.
        return Notice.State.MATCHED, "", slip.charge if slip else None
    if booked is not None:
        return Notice.State.REPEATED, "同じ入金の速報を、仮受で受け付け済みです", None
    if slip is None:
        return _to_suspense(row, "この案件特定キーの納付書はありません")
    if slip.confirmation != row.confirmation:
        return _to_suspense(row, "確認番号が納付書と違います")
    if slip.charge.amount != row.amount:
        return _to_suspense(row, f"金額が納付書（{slip.charge.amount:,}円）と違います")
    try:
        with transaction.atomic():
            charge = settle(actor=actor, charge_id=slip.charge_id, channel=CHANNEL, key=key)
    except AlreadySettledError:
        return _to_suspense(row, "この料金は、すでに支払い済みか取り消されています（二重払いの疑い）")
    return Notice.State.MATCHED, "", charge


def _to_suspense(row: NoticeRow, reason: str) -> _Result:
    ledger.post(
        kind="suspense",
        key=_key(row),
        legs=[(ledger.clearing(CHANNEL), row.amount, None), (ledger.SUSPENSE, -row.amount, None)],
    )
    return Notice.State.SUSPENSE, reason, None


def payment_key(notice: Notice) -> str:
    """The key under which the money of a notice was booked when it came in."""
    return _key(notice)


def reversal_of(paid: Notice) -> str:
    """The key under which the money of a notice is booked out again."""
    return f"reversal:{_key(paid).removeprefix('notice:')}"


def _take_back(actor: Actor, row: NoticeRow) -> _Result:
    """A cancellation takes back the payment of the same case, confirmation and amount, however it was booked."""
    paid = queries.payment_of(row)
    if paid is None:
        return Notice.State.SUSPENSE, "取り消す元の通知がありません", None
    booked, reversal = payment_key(paid), reversal_of(paid)
    if paid.state == Notice.State.MATCHED and paid.charge_id is not None:
        try:
            with transaction.atomic():
                charge = unsettle(actor=actor, charge_id=paid.charge_id, payment_key=booked, key=reversal)
        except AlreadySettledError:
            return Notice.State.SUSPENSE, "この料金の入金は、別の方法で処理されています", None
        return Notice.State.MATCHED, "", charge
    if paid.state == Notice.State.SUSPENSE:
        entry = JournalEntry.objects.get(idempotency_key=booked)
        ledger.reverse(entry=entry, kind="reversal", key=reversal)
        Notice.objects.filter(pk=paid.pk).update(
            state=Notice.State.SETTLED, settled_at=clock.now(), settled_reason="取消の通知による"
        )
        return Notice.State.MATCHED, "", None
    return Notice.State.SUSPENSE, "手作業で照合した入金の取消です。確認してください", None
