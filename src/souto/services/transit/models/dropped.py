"""What a tablet kept, the server could not take in, and its driver gave up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from souto.kernel import clock


class DroppedReport(models.Model):
    """A report that fits no ride of its day (破棄した記録): dispatchers see that it was made and given up, so that nothing vanishes silently. Rows are only ever added.

    `id`, `kind`, `booking` and `at` (the tablet's clock) are as the tablet kept them: they may name what does not exist.
    """

    class Reason(models.TextChoices):
        """Why it was not taken in."""

        UNKNOWN = "unknown", _("この日の予約にない人です")
        OLD = "old", _("受け付けられる日を過ぎました")
        UNREADABLE = "unreadable", _("記録を読み取れません")
        NO_FARE = "no_fare", _("料金を記録できません")

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.ForeignKey("transit.ServiceDay", on_delete=models.PROTECT, related_name="dropped")
    vehicle = models.CharField(max_length=48)
    kind = models.CharField(max_length=16)
    booking = models.UUIDField(null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=16, choices=Reason.choices)
    dropped_at = models.DateTimeField(default=clock.now, editable=False)
    staff = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-dropped_at", "id"]
        indexes = [models.Index(fields=["-dropped_at"], name="transit_dropped_at")]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.kind}"
