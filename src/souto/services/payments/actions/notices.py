"""Importing notices of payment and settling by hand what matched nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError, SoutoError
from souto.services.payments import ledger
from souto.services.payments.actions.charges import AlreadySettledError, settle, unsettle
from souto.services.payments.events import NoticesSuspended
from souto.services.payments.models import Charge, JournalEntry, Notice, NoticeImport, Slip
from souto.services.payments.notice_files import NoticeMapping, NoticeRow, read

_CHANNEL = "elqr"


class AlreadyImportedError(ConflictError):
    """The very same file was imported before; nothing was booked twice."""

    message = "このファイルは、すでに取り込み済みです。1件も二重に取り込んでいません。"


class NotInSuspenseError(ConflictError):
    """Somebody settled the notice first."""

    message = "この通知は、すでに照合済みです。"


class AmountDiffersError(SoutoError):
    """A notice settles a charge of exactly its amount."""

    message = "通知の金額（%(paid)s円）と料金（%(owed)s円）が違います。金額の同じ料金を選んでください。"


class NoReasonError(SoutoError):
    """Settling by hand needs a reason that an auditor understands."""

    message = "照合した理由を入力してください。"


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


def _key(row: NoticeRow) -> str:
    """The payment's own identity: the preliminary notice and its confirmation are one payment."""
    return f"notice:{row.case_key}:{row.confirmation}:{row.office}:{row.received_on:%Y%m%d}:{row.amount}"


_Result = tuple[Notice.State, str, Charge | None]


def _match(actor: Actor, row: NoticeRow) -> _Result:
    key = _key(row)
    slip = Slip.objects.select_related("charge").filter(case_key=row.case_key).first()
    if JournalEntry.objects.filter(idempotency_key=key).exists():
        # Booked by the preliminary notice; this one confirms it.
        return Notice.State.MATCHED, "", slip.charge if slip else None
    if slip is None:
        return _to_suspense(row, "この案件特定キーの納付書はありません")
    if slip.confirmation != row.confirmation:
        return _to_suspense(row, "確認番号が納付書と違います")
    if slip.charge.amount != row.amount:
        return _to_suspense(row, f"金額が納付書（{slip.charge.amount:,}円）と違います")
    try:
        with transaction.atomic():
            charge = settle(actor=actor, charge_id=slip.charge_id, channel=_CHANNEL, key=key)
    except AlreadySettledError:
        return _to_suspense(row, "この料金は、すでに支払い済みか取り消されています（二重払いの疑い）")
    return Notice.State.MATCHED, "", charge


def _to_suspense(row: NoticeRow, reason: str) -> _Result:
    ledger.post(
        kind="suspense",
        key=_key(row),
        legs=[(ledger.clearing(_CHANNEL), row.amount, None), (ledger.SUSPENSE, -row.amount, None)],
    )
    return Notice.State.SUSPENSE, reason, None


def _take_back(actor: Actor, row: NoticeRow) -> _Result:
    """A cancellation takes back the payment of the same case, confirmation and amount, however it was booked."""
    paid = (
        Notice.objects.filter(
            case_key=row.case_key, confirmation=row.confirmation, office=row.office, amount=row.amount
        )
        .exclude(stage=Notice.Stage.CANCELLED)
        .order_by("-received_on")
        .first()
    )
    if paid is None:
        return Notice.State.SUSPENSE, "取り消す元の通知がありません", None
    payment_key = f"notice:{paid.case_key}:{paid.confirmation}:{paid.office}:{paid.received_on:%Y%m%d}:{paid.amount}"
    reversal_key = f"reversal:{payment_key.removeprefix('notice:')}"
    if paid.state == Notice.State.MATCHED and paid.charge_id is not None:
        try:
            with transaction.atomic():
                charge = unsettle(actor=actor, charge_id=paid.charge_id, payment_key=payment_key, key=reversal_key)
        except AlreadySettledError:
            return Notice.State.SUSPENSE, "この料金の入金は、別の方法で処理されています", None
        return Notice.State.MATCHED, "", charge
    if paid.state == Notice.State.SUSPENSE:
        entry = JournalEntry.objects.get(idempotency_key=payment_key)
        ledger.reverse(entry=entry, kind="reversal", key=reversal_key)
        Notice.objects.filter(pk=paid.pk).update(
            state=Notice.State.SETTLED, settled_at=clock.now(), settled_reason="取消の通知による"
        )
        return Notice.State.MATCHED, "", None
    return Notice.State.SUSPENSE, "手作業で照合した入金の取消です。確認してください", None


@transaction.atomic
def match_notice(*, actor: Actor, notice_id: UUID, charge_id: UUID, reason: str) -> Notice:
    """Settle a suspended notice by hand: the money moves from suspense to the charge that it was meant for."""
    actor.require("payments.match")
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None:
        raise NotFoundError
    if notice.state != Notice.State.SUSPENSE or notice.stage == Notice.Stage.CANCELLED:
        raise NotInSuspenseError
    if not reason.strip():
        raise NoReasonError(field="reason")
    charge = Charge.objects.select_for_update().filter(pk=charge_id).first()
    if charge is None:
        raise NotFoundError
    if charge.amount != notice.amount:
        raise AmountDiffersError(paid=f"{notice.amount:,}", owed=f"{charge.amount:,}")
    settle(actor=actor, charge_id=charge.id, channel=_CHANNEL, key=f"match:{notice.id}", account=ledger.SUSPENSE)
    notice.state, notice.charge, notice.settled_by_id = Notice.State.SETTLED, charge, actor.known_id
    notice.settled_at, notice.settled_reason = clock.now(), reason.strip()[:300]
    notice.save()
    record(
        actor=actor,
        action="payments.match_notice",
        subject=("payments.notice", notice.id),
        facts={"charge": str(charge.id), "amount": charge.amount},
    )
    return notice
