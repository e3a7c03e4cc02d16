"""Background work: handing messages to their channels."""

from __future__ import annotations

from django.db import transaction

from souto.foundation.notifications import seams
from souto.foundation.notifications.models import Delivery, DeliveryState
from souto.kernel import clock
from souto.kernel.jobs import job

#: Tries before a delivery counts as failed: with doubling waits, about an hour.
ATTEMPTS = 8


class NotDeliveredError(Exception):
    """The channel did not take the message for now; the queue tries again."""


@job("notifications.deliver", attempts=ATTEMPTS + 1, wait=2)
def deliver(*, delivery_id: str) -> None:
    """Hand one message to its channel; one that is already sent is left alone."""
    problem = _try(delivery_id)
    if problem:
        raise NotDeliveredError(problem)


@transaction.atomic
def _try(delivery_id: str) -> str:
    """One try; returns what went wrong if it is worth another."""
    delivery = (
        Delivery.objects.select_for_update()
        .select_related("message")
        .filter(pk=delivery_id, state=DeliveryState.WAITING)
        .first()
    )
    if delivery is None:
        return ""
    delivery.attempts += 1
    again = ""
    try:
        seams.find_channel(delivery.channel).send(
            address=delivery.address,
            title=delivery.message.title,
            body=delivery.message.body,
            reference=str(delivery.id),
        )
    except seams.UndeliverableError as refusal:
        delivery.state, delivery.problem = DeliveryState.FAILED, str(refusal)
    except (OSError, EOFError) as error:
        delivery.problem = type(error).__name__
        if delivery.attempts >= ATTEMPTS:
            delivery.state = DeliveryState.FAILED
        else:
            again = delivery.problem
    else:
        delivery.state, delivery.problem, delivery.sent_at = DeliveryState.SENT, "", clock.now()
    delivery.save(update_fields=["attempts", "state", "problem", "sent_at"])
    return again
