"""Paying with a cashless provider."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from souto.foundation.audit.actions import record
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError
from souto.kernel.language import say
from souto.services.payments import ledger, queries, seams
from souto.services.payments.actions.charges import AlreadySettledError, settle
from souto.services.payments.models import Charge, Checkout, JournalEntry
from souto.services.payments.seams import PaymentState, ProviderPayment, ProviderUnavailableError

#: After this an attempt that the provider still calls pending is given up.
LAPSES = timedelta(hours=2)


class CheckoutUnavailableError(SoutoError):
    """The provider does not answer; the charge stays as it is."""

    message = "支払いサービスにつながりません。しばらくしてから、もう一度お試しください。納付書で支払うこともできます。"
    status = 503


def start_checkout(*, actor: Actor, charge_id: UUID, provider: str, return_to: str) -> str:
    """Begin to pay; returns the provider's address for the payer's browser. A second tap continues the same attempt.

    Three short transactions, none of them open while the provider is asked: what a crash leaves is an attempt that the next
    tap, or the job `payments.reconcile`, finds again by its key.
    """
    checkout = _open(actor, charge_id, provider, return_to)
    if checkout.redirect_url:
        return checkout.redirect_url
    charge = checkout.charge
    try:
        payment = seams.find_provider(checkout.provider).create(
            key=str(checkout.id),
            amount=charge.amount,
            description=say(charge.description, "ja"),
            return_url=settings.BASE_URL + reverse("payments:returned", args=[checkout.id]),
        )
    except ProviderUnavailableError as error:
        raise CheckoutUnavailableError from error
    Checkout.objects.filter(pk=checkout.id).update(reference=payment.reference, redirect_url=payment.redirect_url)
    return payment.redirect_url


@transaction.atomic
def _open(actor: Actor, charge_id: UUID, provider: str, return_to: str) -> Checkout:
    charge = queries.access_charge(actor=actor, charge_id=charge_id)
    charge = Charge.objects.select_for_update().get(pk=charge.pk)
    if not charge.is_open:
        raise AlreadySettledError
    known = Checkout.objects.select_related("charge").filter(charge=charge, state=Checkout.State.STARTED).first()
    if known is not None:
        return known
    if provider not in seams.providers():
        raise NotFoundError
    checkout = Checkout.objects.create(charge=charge, provider=provider, return_to=return_to)
    record(
        actor=actor,
        action="payments.start_checkout",
        subject=("payments.charge", charge.id),
        facts={"provider": provider},
    )
    return checkout


def complete_checkout(*, actor: Actor, checkout_id: UUID) -> Checkout:
    """Ask the provider how the attempt ended and book it, once; the browser's word counts for nothing."""
    checkout = queries.checkout_of(checkout_id=checkout_id)
    if checkout.state == Checkout.State.PAID or not checkout.reference:
        return checkout
    try:
        payment = seams.find_provider(checkout.provider).fetch(checkout.reference)
    except ProviderUnavailableError as error:
        raise CheckoutUnavailableError from error
    return _book(actor, checkout_id, payment)


@transaction.atomic
def _book(actor: Actor, checkout_id: UUID, payment: ProviderPayment) -> Checkout:
    checkout = Checkout.objects.select_for_update().select_related("charge").get(pk=checkout_id)
    if checkout.state == Checkout.State.PAID:
        return checkout
    if payment.state is PaymentState.PENDING:
        if checkout.created_at > clock.now() - LAPSES:
            return checkout
        # Given up, so that the payer can choose anew; should it be paid after all, the next look still books it.
        checkout.state = Checkout.State.FAILED
    elif payment.state is PaymentState.FAILED:
        checkout.state = Checkout.State.FAILED
    elif payment.amount == checkout.charge.amount and _settles(actor, checkout):
        checkout.state = Checkout.State.PAID
    else:
        _suspend(actor, checkout, payment)
        checkout.state = Checkout.State.FAILED
    checkout.ended_at = clock.now()
    checkout.save(update_fields=["state", "ended_at"])
    return checkout


def _settles(actor: Actor, checkout: Checkout) -> bool:
    if JournalEntry.objects.filter(idempotency_key=f"suspense:{checkout.id}").exists():
        return False
    try:
        with transaction.atomic():
            settle(actor=actor, charge_id=checkout.charge_id, channel=checkout.provider, key=f"checkout:{checkout.id}")
    except (AlreadySettledError, IntegrityError):
        return False
    return True


def _suspend(actor: Actor, checkout: Checkout, payment: ProviderPayment) -> None:
    """The provider took money that the charge does not ask for: it is shown as suspense, never lost."""
    ledger.post(
        kind="suspense",
        key=f"suspense:{checkout.id}",
        legs=[
            (ledger.clearing(checkout.provider), payment.amount, None),
            (ledger.SUSPENSE, -payment.amount, None),
        ],
    )
    record(
        actor=actor,
        action="payments.suspend_checkout",
        subject=("payments.charge", checkout.charge_id),
        facts={"checkout": str(checkout.id), "amount": payment.amount},
    )


def notify_checkout(*, actor: Actor, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """A provider's signed notification: look the payment up there. False where the signature does not hold."""
    if provider not in seams.providers():
        raise NotFoundError
    reference = seams.find_provider(provider).reference_in(body=body, headers=headers)
    if reference is None:
        return False
    checkout = Checkout.objects.filter(provider=provider, reference=reference).first()
    if checkout is not None:
        complete_checkout(actor=actor, checkout_id=checkout.id)
    return True
