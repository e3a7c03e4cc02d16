"""What the plan itself has to keep: outside figures typed by hand, stages reached, and the figures of closed periods."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from souto.kernel import clock
from souto.kernel.ids import new_id


class ManualValue(models.Model):
    """An outside figure, typed by a person and marked so wherever it is shown. A later row for the same day corrects an earlier one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    indicator = models.SlugField(max_length=64)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    as_of = models.DateField()
    source = models.CharField(max_length=300)
    entered_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["indicator", "as_of"], name="plan_manual_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.as_of}"


class StageReached(models.Model):
    """A milestone indicator came to a stage, with the evidence for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    indicator = models.SlugField(max_length=64)
    stage = models.CharField(max_length=16)
    evidence = models.CharField(max_length=500)
    as_of = models.DateField()
    entered_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["indicator", "as_of"], name="plan_stage_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.stage}"


class Closing(models.Model):
    """A period was closed: its figures stand as they were measured then, whatever happens to the records later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    start = models.DateField()
    end = models.DateField()
    closed_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["start", "end"], name="plan_closing_once"),
            models.CheckConstraint(condition=Q(start__lte=models.F("end")), name="plan_closing_order"),
        ]

    def __str__(self) -> str:
        return f"{self.start} - {self.end}"


class FrozenFigure(models.Model):
    """A figure of a closed period: append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    closing = models.ForeignKey("plan.Closing", on_delete=models.PROTECT, related_name="figures")
    indicator = models.SlugField(max_length=64)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    numerator = models.IntegerField(null=True)
    denominator = models.IntegerField(null=True)
    as_of = models.DateTimeField()
    assumptions = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "indicator"], name="plan_frozen_once")]

    def __str__(self) -> str:
        return self.indicator
