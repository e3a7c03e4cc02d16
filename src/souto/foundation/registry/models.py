"""The towns of the city (町丁目) with their points, where they come from, and the rows that could not be taken over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from souto.foundation.registry.matching import FineTown
from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.kernel.text import to_kanji_number


class TownImport(models.Model):
    """One take-over of a list of towns: its source and licence, as pages must name them, and what it changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=clock.now, editable=False)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="registry_import_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d}"


class Town(models.Model):
    """A 町丁目: `name` without 丁目 and 小字, `chome` None where the town is not divided.

    `key` is the folded name under which spellings meet; `lat` and `lon` are degrees (WGS 84) of a point that stands for
    the town. A town that its source no longer lists stays, with `is_current` False.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lg_code = models.CharField(max_length=6)
    name = models.CharField(max_length=64)
    chome = models.PositiveSmallIntegerField(null=True)
    koaza = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=160)
    lat = models.FloatField()
    lon = models.FloatField()
    town_import = models.ForeignKey("registry.TownImport", on_delete=models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=clock.real_now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lg_code", "key"], name="registry_town_once"),
            models.CheckConstraint(
                condition=Q(lat__gte=20, lat__lte=46, lon__gte=122, lon__lte=154), name="registry_town_in_japan"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """`元本郷町三丁目`."""
        return f"{self.name}{f'{to_kanji_number(self.chome)}丁目' if self.chome else ''}{self.koaza}"

    @property
    def fine(self) -> FineTown:
        """The town as the matching engine takes it."""
        return FineTown(self.lg_code, self.name, self.chome, self.koaza, self.lat, self.lon)


class RefusedState(models.TextChoices):
    """What became of a refused row."""

    WAITING = "waiting", "確認待ち"
    REPAIRED = "repaired", "直して取り込み済み"
    DISMISSED = "dismissed", "取り込まない"


class RefusedTown(models.Model):
    """A row of a list that could not become a town: kept as it came until a person repairs or dismisses it.

    `lg_code` is the municipality for which the list was taken over, `problem` a `rows.RowProblem`; the same row of the same source is kept once, and what was decided about it stays decided.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    town_import = models.ForeignKey("registry.TownImport", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    row_number = models.PositiveIntegerField()
    row = models.JSONField()
    row_digest = models.CharField(max_length=64)
    lg_code = models.CharField(max_length=6)
    problem = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=RefusedState.choices, default=RefusedState.WAITING)
    town = models.ForeignKey("registry.Town", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    resolved_by = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "row_digest"], name="registry_refused_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", resolved_at__isnull=True)
                | Q(state="dismissed", resolved_at__isnull=False, town__isnull=True)
                | Q(state="repaired", resolved_at__isnull=False, town__isnull=False),
                name="registry_refused_resolution",
            ),
            models.CheckConstraint(condition=Q(state="waiting") | ~Q(reason=""), name="registry_refused_reason"),
        ]
        ordering = ["town_import__at", "row_number"]

    def __str__(self) -> str:
        return f"{self.source} {self.row_number}"
