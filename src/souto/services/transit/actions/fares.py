"""Fares: charged with the booking where they are paid online, given up or paid back with it, taken on board by the driver."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity import queries as identity
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError, ForbiddenError, SoutoError
from souto.services.payments import actions as payments
from souto.services.transit import queries
from souto.services.transit.definition import Payment
from souto.services.transit.lifecycle import RIDES
from souto.services.transit.models import Booking, FareCollection
from souto.services.transit.queries.fares import PURPOSE, charge_of

#: The income account (歳入科目) of fares.
ACCOUNT = "transit-fares"
#: Who may take fares on board.
_COLLECTORS = ("transit.drive", queries.OPERATE)


class NotCollectableError(ConflictError):
    """Nobody rides on this booking."""

    message = "この予約は乗車できる状態ではないため、料金を受け取れません。"


class FareTakenError(ConflictError):
    """The fare was paid already: online, or to the driver."""

    message = "この予約の料金は、すでに支払われています。"


class FareNotPaidError(ConflictError):
    """It was said to be paid, and is not."""

    message = "この予約の料金は、まだ支払われていません。車内で受け取ってください。"


class FareDiffersError(SoutoError):
    """What is owed is taken whole."""

    message = "料金は%(amount)s円です。金額を確かめてください。"


def charge(actor: Actor, booking: Booking) -> None:
    """Charge the fare of a ride that was just booked, where it is paid online; asked twice, it is charged once. In the booking's transaction.

    A paid charge of the ride whose place it took stays good where the fare is the same; any other of that ride is given up.
    """
    old = booking.replaces
    if old is not None:
        carried = charge_of(old)
        if carried is not None and carried.paid_at is not None and carried.amount == booking.fare:
            return
        give_up(actor, old, "変更")
    definition = booking.day.version.definition
    if definition.fares.payment is Payment.ON_BOARD or booking.person_id is None or booking.fare == 0:
        return
    payments.create_charge(
        actor=actor,
        purpose=PURPOSE,
        subject_id=booking.id,
        payer_person_id=booking.person_id,
        payer_name=identity.person_display_name(booking.person_id) or "",
        description={
            "ja": f"{definition.name['ja']}の運賃",
            "ja-easy": f"{definition.name.get('ja-easy', definition.name['ja'])}の お金",
            "en": f"Fare, {definition.name.get('en', definition.name['ja'])}",
        },
        amount=booking.fare,
        account=ACCOUNT,
        due_on=booking.day.date,
        idempotency_key=f"{PURPOSE}:{booking.id}",
        is_demo=booking.is_demo,
    )


def give_up(actor: Actor, booking: Booking, reason: str, *, late: bool = False) -> None:
    """Cancel what is owed for a ride that is given up, and pay back what was paid. A rider who gives it up late keeps owing it where the service says so."""
    rules = booking.day.version.definition.fares
    found = charge_of(booking)
    if found is None or (late and rules.late_cancellation == "charged" and not actor.is_system):
        return
    if found.is_open:
        payments.cancel_charge(actor=actor, charge_id=found.id, reason=reason)
    elif found.paid_at is not None:
        payments.refund_charge(actor=actor, charge_id=found.id, reason=reason)


@transaction.atomic
def collect_fare(
    *, actor: Actor, booking_id: UUID, amount: int, method: FareCollection.Method, client_id: UUID
) -> FareCollection:
    """Note that a driver took the fare of a ride (`cash`, yen), or saw that it is paid (`paid`). `client_id` is made by the driver's device: sent twice, it is stored once.

    What is owed online is settled with it.

    Raises `ForbiddenError`, `NotFoundError`, `NotCollectableError`, `FareTakenError`, `FareNotPaidError`, `FareDiffersError`.
    """
    if not (actor.is_staff or actor.is_system) or not any(actor.may(name) for name in _COLLECTORS):
        raise ForbiddenError
    booking = queries.access_ride(booking_id=booking_id)
    known = FareCollection.objects.filter(pk=client_id, booking=booking).first()
    if known is not None:
        return known
    if booking.state not in RIDES:
        raise NotCollectableError
    if FareCollection.objects.filter(booking=booking).exists():
        raise FareTakenError
    found = charge_of(booking)
    paid = found is not None and found.paid_at is not None
    if method == FareCollection.Method.PAID and not paid:
        raise FareNotPaidError
    if method == FareCollection.Method.CASH:
        if paid:
            raise FareTakenError
        if amount < 0 or amount != booking.fare:
            raise FareDiffersError(amount=f"{booking.fare:,}")
        if found is not None and found.is_open:
            payments.take_cash(actor=actor, charge_id=found.id, key=str(client_id))
    taken = FareCollection.objects.create(
        id=client_id,
        booking=booking,
        amount=booking.fare,
        method=method,
        at=clock.now(),
        staff_id=actor.id if actor.is_staff else None,
    )
    record(
        actor=actor,
        action="transit.collect_fare",
        subject=("transit.booking", booking.id),
        facts={"amount": booking.fare, "method": str(method)},
    )
    return taken
