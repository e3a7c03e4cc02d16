"""Settling by hand what waits in suspense (仮受): match it with a charge, pay it back, or take a payment back that was settled by hand."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import Fact, record
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError, SoutoError
from souto.services.payments import ledger, queries
from souto.services.payments.actions.charges import settle, unsettle
from souto.services.payments.actions.notices import CHANNEL, payment_key, reversal_of
from souto.services.payments.models import Charge, JournalEntry, Notice


class NotInSuspenseError(ConflictError):
    """Somebody settled the notice first."""

    message = "この通知は、すでに照合済みです。"


class AmountDiffersError(SoutoError):
    """A notice settles a charge of exactly its amount."""

    message = "通知の金額（%(paid)s円）と料金（%(owed)s円）が違います。金額の同じ料金を選んでください。"


class NoReasonError(SoutoError):
    """Settling by hand needs a reason that an auditor understands."""

    message = "理由を入力してください。"


@transaction.atomic
def match_notice(*, actor: Actor, notice_id: UUID, charge_id: UUID, reason: str) -> Notice:
    """Settle a suspended notice by hand: the money moves from suspense to the charge that it was meant for."""
    notice = _waiting(actor, notice_id, reason, cancelled=False)
    charge = Charge.objects.select_for_update().filter(pk=charge_id).first()
    if charge is None:
        raise NotFoundError
    if charge.amount != notice.amount:
        raise AmountDiffersError(paid=f"{notice.amount:,}", owed=f"{charge.amount:,}")
    settle(actor=actor, charge_id=charge.id, channel=CHANNEL, key=f"match:{notice.id}", account=ledger.SUSPENSE)
    return _settled(actor, "match_notice", notice, reason, charge)


@transaction.atomic
def refund_notice(*, actor: Actor, notice_id: UUID, reason: str) -> Notice:
    """Decide that money in suspense goes back to its payer (還付): it moves to what the city has to pay back (還付未済金).

    The payment itself is made by the city's accounts; the balance says how much is still to be paid back.
    """
    notice = _waiting(actor, notice_id, reason, cancelled=False)
    ledger.post(
        kind="refund",
        key=f"refund:{notice.id}",
        legs=[(ledger.SUSPENSE, notice.amount, None), (ledger.REFUND, -notice.amount, None)],
    )
    return _settled(actor, "refund_notice", notice, reason, None)


@transaction.atomic
def take_back_notice(*, actor: Actor, notice_id: UUID, reason: str) -> Notice:
    """Carry out a cancellation (取消) that waits in suspense, after a person has looked at it.

    What was settled by hand comes apart in the order in which it was put together: the charge is owed again (or the refund is no longer
    to be paid), the money leaves suspense, and then the channel. Where no money was booked, nothing is: the cancellation is put away.
    """
    notice = _waiting(actor, notice_id, reason, cancelled=True)
    paid, charge = queries.payment_of(notice), None
    if paid is not None and paid.state == Notice.State.SETTLED:
        charge = _apart(actor, Notice.objects.select_for_update(of=("self",)).get(pk=paid.pk))
    return _settled(actor, "take_back_notice", notice, reason, charge)


def _apart(actor: Actor, paid: Notice) -> Charge | None:
    """Book the opposite of everything that was booked for a notice settled by hand; returns the charge that is owed again."""
    arrival = JournalEntry.objects.filter(idempotency_key=payment_key(paid)).first()
    if arrival is None or JournalEntry.objects.filter(reverses=arrival).exists():
        return None
    charge, refund = None, JournalEntry.objects.filter(idempotency_key=f"refund:{paid.id}").first()
    if refund is not None:
        ledger.reverse(entry=refund, kind="refund_reversal", key=f"reversal:refund:{paid.id}")
    elif paid.charge_id is not None:
        keys = {"payment_key": f"match:{paid.id}", "key": f"reversal:match:{paid.id}"}
        charge = unsettle(actor=actor, charge_id=paid.charge_id, **keys)
    ledger.reverse(entry=arrival, kind="reversal", key=reversal_of(paid))
    return charge


def _waiting(actor: Actor, notice_id: UUID, reason: str, *, cancelled: bool) -> Notice:
    """The notice, locked, while it waits in suspense."""
    actor.require("payments.match")
    notice = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id).first()
    if notice is None:
        raise NotFoundError
    if notice.state != Notice.State.SUSPENSE or (notice.stage == Notice.Stage.CANCELLED) is not cancelled:
        raise NotInSuspenseError
    if not reason.strip():
        raise NoReasonError(field="reason")
    return notice


def _settled(actor: Actor, verb: str, notice: Notice, reason: str, charge: Charge | None) -> Notice:
    notice.state, notice.charge, notice.settled_by_id = Notice.State.SETTLED, charge, actor.known_id
    notice.settled_at, notice.settled_reason = clock.now(), reason.strip()[:300]
    notice.save()
    facts: dict[str, Fact] = {"charge": str(charge.id) if charge else None, "amount": notice.amount}
    record(actor=actor, action=f"payments.{verb}", subject=("payments.notice", notice.id), facts=facts)
    return notice
