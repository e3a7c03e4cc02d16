"""Messages to people, and how far each got on each channel."""

from __future__ import annotations

from django.db import models

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.ids import new_id


class Message(SealedRecord):
    """A message: to a person (it stands in the inbox) or to an address only. Its wording is kept as it was sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=96)
    language = models.CharField(max_length=8)
    title_sealed = models.BinaryField()
    title = SealedJSON[str]("title_sealed")
    body_sealed = models.BinaryField()
    body = SealedJSON[str]("body_sealed")
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notifications_inbox"),
            models.Index(fields=["subject_type", "subject_id"], name="notifications_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.id}"


class DeliveryState(models.TextChoices):
    """How far a message got on a channel."""

    WAITING = "waiting", "送信待ち"
    SENT = "sent", "送信済み"
    FAILED = "failed", "送れませんでした"


class Delivery(SealedRecord):
    """A message on one channel. `problem` is the kind of the last error, never an address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey("notifications.Message", on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=16)
    address_sealed = models.BinaryField()
    address = SealedJSON[str]("address_sealed")
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="notifications_delivery_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
