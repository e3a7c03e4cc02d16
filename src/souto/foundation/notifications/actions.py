"""Sending and reading messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity import queries as identity
from souto.foundation.notifications import queries, wording
from souto.foundation.notifications.models import Delivery, DeliveryState, Message
from souto.foundation.vault.erasure import Erasure
from souto.kernel import clock, jobs
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError


@transaction.atomic
def notify(
    *,
    actor: Actor,
    person_id: UUID | None,
    email: str | None,
    template: str,
    context: Mapping[str, Any],
    language: str,
    subject: tuple[str, UUID] | None = None,
) -> Message:
    """Write a message in `language`: into the person's inbox, and by e-mail to `email` or the person's confirmed address.

    `template` is `"<room>/<name>"` (see `wording`); `subject` the record it is about. It leaves after the transaction.
    """
    title, body = wording.write(template, context, language)
    message = Message(
        person_id=person_id,
        template=template,
        language=language,
        subject_type=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
    )
    message.title, message.body = title, body
    message.save()
    address = email or (identity.contact_email(person_id) if person_id else None)
    if address:
        delivery = Delivery(message=message, channel="email")
        delivery.address = address
        delivery.save()
        jobs.defer("notifications.deliver", delivery_id=str(delivery.id))
    record(
        actor=actor,
        action="notifications.notify",
        subject=subject,
        facts={"message": str(message.id), "template": template, "email": bool(address)},
    )
    return message


@transaction.atomic
def erase(*, actor: Actor, subject: tuple[str, UUID]) -> Erasure:
    """Remove the messages about a record that is disposed of; the caller destroys the keys that the answer names. For the system only."""
    if not actor.is_system:
        raise ForbiddenError
    messages = Message.objects.filter(subject_type=subject[0], subject_id=subject[1])
    deliveries = Delivery.objects.filter(message__in=messages)
    keys = (*deliveries.values_list("key_id", flat=True), *messages.values_list("key_id", flat=True))
    count = messages.count()
    deliveries.delete()
    messages.delete()
    record(actor=actor, action="notifications.erase", subject=subject, facts={"messages": count})
    return Erasure(keys, counts={"messages": count})


@transaction.atomic
def mark_read(*, actor: Actor, message_id: UUID) -> Message:
    """Open a message of one's own inbox."""
    message = queries.access_message(actor=actor, message_id=message_id)
    if message.read_at is None:
        message.read_at = clock.now()
        message.save(update_fields=["read_at"])
    return message


@transaction.atomic
def send_again(*, actor: Actor, delivery_id: UUID) -> None:
    """Try a delivery that failed once more (an address was mended, a server is back)."""
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, state=DeliveryState.FAILED).first()
    if delivery is None:
        return
    delivery.state, delivery.attempts, delivery.problem = DeliveryState.WAITING, 0, ""
    delivery.save(update_fields=["state", "attempts", "problem"])
    record(actor=actor, action="notifications.send_again", subject=("notifications.message", delivery.message_id))
    jobs.defer("notifications.deliver", delivery_id=str(delivery.id))
