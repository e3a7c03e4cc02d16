"""Simulated weeks and what came of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.services.transit.definition import ServiceDefinition


class ComparisonState(models.TextChoices):
    """Where a comparison stands."""

    WAITING = "waiting", _("順番待ち")
    RUNNING = "running", _("計算中")
    DONE = "done", _("計算済み")
    CANCELLED = "cancelled", _("中止")
    FAILED = "failed", _("計算できませんでした")


class Comparison(models.Model):
    """Alternatives tried on one week of wishes (比較): `question` as JSON, `done` of `total` simulated days; `problem` says why it failed.

    Wishes are made up from where people live; no ride of anybody is in it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=100)
    question: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    state = models.CharField(max_length=12, choices=ComparisonState.choices, default=ComparisonState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="transit_comparison_done_of_total"),
        ]

    def __str__(self) -> str:
        return self.title


class Simulation(models.Model):
    """One alternative of a comparison (試算): the service as it was tried (`body`, the version with its variation), and its figures once they are there.

    `version` is None where it was a draft that has been thrown away since.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comparison = models.ForeignKey("transit.Comparison", on_delete=models.PROTECT, related_name="simulations")
    number = models.PositiveIntegerField()
    version = models.ForeignKey("transit.ServiceVersion", null=True, on_delete=models.PROTECT, related_name="+")
    version_number = models.PositiveIntegerField()
    variation: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    figures: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    cpu_seconds = models.FloatField(null=True)

    class Meta:
        ordering = ["comparison", "number"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "number"], name="transit_simulation_number"),
        ]

    def __str__(self) -> str:
        return f"{self.comparison_id} {self.number}"

    @property
    def definition(self) -> ServiceDefinition:
        """The service as it was tried."""
        return ServiceDefinition.model_validate(self.body)
