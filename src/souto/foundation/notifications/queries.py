"""Reading messages."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from souto.foundation.notifications.models import Delivery, Message
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError


def inbox(*, actor: Actor) -> QuerySet[Message]:
    """The messages of a signed-in resident, newest first."""
    if not actor.is_resident or actor.id is None:
        return Message.objects.none()
    return Message.objects.filter(person_id=actor.id).order_by("-created_at", "-id")


def unread_count(actor: Actor) -> int | None:
    """How many messages wait to be read; None where the actor has no inbox."""
    return inbox(actor=actor).filter(read_at__isnull=True).count() if actor.is_resident else None


def access_message(*, actor: Actor, message_id: UUID) -> Message:
    """A message of one's own inbox."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        raise NotFoundError
    if not actor.is_resident or message.person_id != actor.id:
        raise HiddenError("notifications.message", message_id)
    return message


def deliveries_about(*, subject_type: str, subject_id: UUID) -> list[Delivery]:
    """How the messages about a record fared, newest first; the caller has passed that record's gate."""
    return list(
        Delivery.objects.filter(message__subject_type=subject_type, message__subject_id=subject_id)
        .select_related("message")
        .order_by("-id")
    )


def messages_about(*, subject_type: str, subject_id: UUID) -> list[Message]:
    """What somebody was told about a record, newest first; the caller has passed the record's gate."""
    return list(Message.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-created_at"))
