"""Services and their versions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.services.transit.definition import ServiceDefinition


class Service(models.Model):
    """A demand-transit service (運行) under its lasting address; how it runs stands in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=48, unique=True)
    department_code = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class VersionState(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", _("下書き")
    PUBLISHED = "published", _("公開中")


class ServiceVersion(models.Model):
    """A numbered version. Published, it holds for the service days from `valid_from` until the day before the next version's, and never changes again
    (a trigger in the database sees to that): days that were booked on it stay as they were promised.

    `body` is the definition as JSON, `body_hash` its SHA-256 (hexadecimal); `ways` are the travel times measured for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.ForeignKey("transit.Service", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    body_hash = models.CharField(max_length=64)
    ways: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    state = models.CharField(max_length=16, choices=VersionState.choices, default=VersionState.DRAFT)
    valid_from = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["service", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="transit_version_number"),
            models.UniqueConstraint(fields=["service"], condition=Q(state="draft"), name="transit_version_one_draft"),
            models.UniqueConstraint(fields=["service", "valid_from"], name="transit_version_one_a_day"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(valid_from__isnull=False, ways__isnull=False, published_at__isnull=False),
                name="transit_version_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.number}"

    @property
    def definition(self) -> ServiceDefinition:
        """What the version says."""
        return ServiceDefinition.model_validate(self.body)
