"""What staff tell riders and route planners of a service."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from souto.kernel import clock
from souto.kernel.ids import new_id


class Cause(models.TextChoices):
    """Why; by the names of GTFS-Realtime."""

    WEATHER = "WEATHER", _("天候")
    ACCIDENT = "ACCIDENT", _("事故")
    TECHNICAL_PROBLEM = "TECHNICAL_PROBLEM", _("車両や設備の故障")
    CONSTRUCTION = "CONSTRUCTION", _("工事")
    HOLIDAY = "HOLIDAY", _("休日や年末年始")
    OTHER_CAUSE = "OTHER_CAUSE", _("そのほかの理由")


class Effect(models.TextChoices):
    """What it means for riders; by the names of GTFS-Realtime."""

    NO_SERVICE = "NO_SERVICE", _("運休")
    REDUCED_SERVICE = "REDUCED_SERVICE", _("台数や時間の減少")
    SIGNIFICANT_DELAYS = "SIGNIFICANT_DELAYS", _("大きな遅れ")
    DETOUR = "DETOUR", _("回り道")
    STOP_MOVED = "STOP_MOVED", _("乗り場の変更")
    MODIFIED_SERVICE = "MODIFIED_SERVICE", _("そのほかの運行の変更")
    NO_EFFECT = "NO_EFFECT", _("運行に影響なし")


class ServiceAlert(models.Model):
    """A notice to riders (運行のお知らせ), of one service or, without one, of all. Its words never change: a wrong notice is ended and another one written.

    `header` and `text` by language, Japanese always there. It holds from `starts_at` to `ends_at` (null: until somebody ends it) or `ended_at`, whichever comes first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.ForeignKey("transit.Service", null=True, on_delete=models.PROTECT, related_name="+")
    header: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    text: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    cause = models.CharField(max_length=24, choices=Cause.choices)
    effect = models.CharField(max_length=24, choices=Effect.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now, editable=False)
    ended_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="transit_alert_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.effect} {self.starts_at:%Y-%m-%d}"
