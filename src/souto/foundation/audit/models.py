"""The audit trail's rows: entries are only ever inserted; the chain stands beside them."""

from __future__ import annotations

from django.db import models

from souto.kernel import clock
from souto.kernel.ids import new_id


class Outcome(models.TextChoices):
    """What became of it."""

    DONE = "done", "実施"
    SEEN = "seen", "閲覧"
    REFUSED = "refused", "拒否"


class Entry(models.Model):
    """One thing that was done, seen (閲覧記録) or refused. Holds ids, field names and digests, never a person's data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=clock.real_now, editable=False)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=64, blank=True)
    on_behalf_of = models.UUIDField(null=True)
    action = models.CharField(max_length=96)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_entry_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_kind} {self.action} {self.outcome}"


class Batch(models.Model):
    """One run of the sealer: everything that transactions below `below_xid` committed is in the chain."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.real_now, editable=False)
    below_xid = models.BigIntegerField()
    entries = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} +{self.entries}"


class Seal(models.Model):
    """A link of the chain: the digest of an entry together with the digest before it. `seq` has no gaps."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey("audit.Batch", on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.seq)
