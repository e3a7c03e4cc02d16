"""Making, settling and cancelling charges."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.vault.keys import create_key, destroy_key
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, NotFoundError, SoutoError
from souto.kernel.language import LocalText
from souto.services.payments import ledger, queries
from souto.services.payments.events import ChargeCancelled, ChargeCreated, ChargePaid, ChargeReversed
from souto.services.payments.models import Charge, JournalEntry


class ChargeAmountError(SoutoError):
    """A charge is a positive number of yen."""

    message = "金額は1円以上の整数にしてください。"


class AlreadySettledError(ConflictError):
    """The charge is paid or cancelled already."""

    message = "この料金は、すでに支払い済みか、取り消されています。"


@transaction.atomic
def create_charge(
    *,
    actor: Actor,
    purpose: str,
    subject_id: UUID,
    payer_person_id: UUID | None,
    payer_name: str,
    description: LocalText,
    amount: int,
    account: str,
    due_on: date,
    idempotency_key: str,
    is_demo: bool,
) -> Charge:
    """Put on record that an amount is owed (調定); the same key gives the same charge, posted once."""
    if amount <= 0:
        raise ChargeAmountError
    known = Charge.objects.select_for_update().filter(idempotency_key=idempotency_key).first()
    if known is not None:
        if (known.amount, known.subject_id) != (amount, subject_id):
            raise ledger.PostedDifferentlyError
        return known
    charge = Charge(
        purpose=purpose,
        subject_id=subject_id,
        payer_person_id=payer_person_id,
        description=dict(description),
        amount=amount,
        account=account,
        due_on=due_on,
        idempotency_key=idempotency_key,
        is_demo=is_demo,
    )
    charge.payer_name = payer_name
    charge.save()
    ledger.post(
        kind="charge",
        key=f"charge:{charge.id}",
        legs=[(ledger.RECEIVABLE, amount, charge), (ledger.income(account), -amount, charge)],
    )
    record(
        actor=actor,
        action="payments.charge",
        subject=("payments.charge", charge.id),
        facts={"amount": amount, "purpose": purpose},
    )
    events.publish(ChargeCreated(charge_id=charge.id, purpose=purpose, subject_id=subject_id), actor=actor)
    return charge


@transaction.atomic
def cancel_charge(*, actor: Actor, charge_id: UUID, reason: str) -> Charge:
    """Give up an amount that is still owed (調定の取消)."""
    charge = _locked(charge_id)
    if not charge.is_open:
        raise AlreadySettledError
    entry = JournalEntry.objects.get(idempotency_key=f"charge:{charge.id}")
    ledger.reverse(entry=entry, kind="cancel", key=f"cancel:{charge.id}")
    charge.cancelled_at = clock.now()
    charge.save(update_fields=["cancelled_at"])
    record(
        actor=actor,
        action="payments.cancel_charge",
        subject=("payments.charge", charge.id),
        facts={"amount": charge.amount, "reason_length": len(reason)},
    )
    events.publish(
        ChargeCancelled(charge_id=charge.id, purpose=charge.purpose, subject_id=charge.subject_id), actor=actor
    )
    return charge


def _locked(charge_id: UUID) -> Charge:
    charge = Charge.objects.select_for_update().filter(pk=charge_id).first()
    if charge is None:
        raise NotFoundError
    return charge


def settle(*, actor: Actor, charge_id: UUID, channel: str, key: str, account: str | None = None) -> Charge:
    """Post the whole amount from `account` (default: the channel's clearing account) and announce it; inside a transaction.

    The same key settles once. A charge that is settled already raises `AlreadySettledError`: the money goes to suspense.
    """
    charge = _locked(charge_id)
    if JournalEntry.objects.filter(idempotency_key=key).exists():
        return charge
    if not charge.is_open:
        raise AlreadySettledError
    ledger.post(
        kind="payment",
        key=key,
        legs=[
            (account or ledger.clearing(channel), charge.amount, charge),
            (ledger.RECEIVABLE, -charge.amount, charge),
        ],
    )
    charge.paid_at = clock.now()
    charge.save(update_fields=["paid_at"])
    record(
        actor=actor,
        action="payments.settle",
        subject=("payments.charge", charge.id),
        facts={"amount": charge.amount, "channel": channel},
    )
    events.publish(ChargePaid(charge_id=charge.id, purpose=charge.purpose, subject_id=charge.subject_id), actor=actor)
    return charge


def unsettle(*, actor: Actor, charge_id: UUID, payment_key: str, key: str) -> Charge:
    """Take a payment back (取消): the amount is owed again; inside a transaction."""
    charge = _locked(charge_id)
    payment = JournalEntry.objects.filter(idempotency_key=payment_key).first()
    if payment is None or charge.paid_at is None:
        raise AlreadySettledError
    ledger.reverse(entry=payment, kind="reversal", key=key)
    charge.paid_at = None
    charge.save(update_fields=["paid_at"])
    record(
        actor=actor, action="payments.unsettle", subject=("payments.charge", charge.id), facts={"amount": charge.amount}
    )
    events.publish(
        ChargeReversed(charge_id=charge.id, purpose=charge.purpose, subject_id=charge.subject_id), actor=actor
    )
    return charge


@transaction.atomic
def take_cash(*, actor: Actor, charge_id: UUID, key: str) -> Charge:
    """The whole amount was paid in cash to somebody of the city, a driver for instance; the same `key` is booked once. The caller has passed the gate of the
    record that the charge was made for.

    Raises:
        AlreadySettledError: it is paid or cancelled already.
    """
    return settle(actor=actor, charge_id=charge_id, channel="cash", key=f"cash:{key}")


@transaction.atomic
def refund_charge(*, actor: Actor, charge_id: UUID, reason: str) -> Charge:
    """Decide that what was paid goes back to the payer (還付): it moves to what the city has to pay back (還付未済金), and the charge is given up.

    The payment itself is made by the city's accounts; the balance says how much is still to be paid back.

    Raises:
        AlreadySettledError: nothing was paid.
    """
    charge = _locked(charge_id)
    if charge.paid_at is None:
        raise AlreadySettledError
    ledger.post(
        kind="refund",
        key=f"refund:charge:{charge.id}",
        legs=[(ledger.income(charge.account), charge.amount, charge), (ledger.REFUND, -charge.amount, charge)],
    )
    charge.paid_at, charge.cancelled_at = None, clock.now()
    charge.save(update_fields=["paid_at", "cancelled_at"])
    record(
        actor=actor,
        action="payments.refund_charge",
        subject=("payments.charge", charge.id),
        facts={"amount": charge.amount, "reason_length": len(reason)},
    )
    events.publish(
        ChargeCancelled(charge_id=charge.id, purpose=charge.purpose, subject_id=charge.subject_id), actor=actor
    )
    return charge


@transaction.atomic
def forget_payers(*, actor: Actor, purpose: str, subject_ids: Collection[UUID]) -> int:
    """Cut the link between settled charges of these records and whoever paid them, once the record itself is forgotten; answers how many. Amounts and postings
    stay. What is still owed, or still to be paid back, keeps its payer.
    """
    done = 0
    settled = Charge.objects.select_for_update().filter(purpose=purpose, subject_id__in=subject_ids)
    for charge in settled.exclude(payer_person=None):
        if charge.is_open or queries.refund_of(charge):
            continue
        old = charge.key_id
        charge.key_id, charge.payer_person = create_key(), None
        charge.payer_name = ""
        charge.save(update_fields=["key_id", "payer_person", "payer_sealed"])
        transaction.on_commit(partial(destroy_key, old))
        record(actor=actor, action="payments.forget_payer", subject=("payments.charge", charge.id))
        done += 1
    return done
