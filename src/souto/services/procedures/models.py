"""Procedures, their numbered versions, and the inventory (手続台帳) of everything that residents can file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.services.procedures import bodies
from souto.services.procedures.definition import Definition


class Procedure(models.Model):
    """A procedure (手続) under its lasting address; what it asks stands in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=64, unique=True)
    department_code = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class State(models.TextChoices):
    """Where a version stands."""

    DRAFT = "draft", _("下書き")
    PUBLISHED = "published", _("公開中")
    SUPERSEDED = "superseded", _("旧版")


class ProcedureVersion(models.Model):
    """A numbered version. As a draft its body may be replaced; once published it never changes again (a trigger in the database sees to that).

    `body` is the canonical JSON of the definition, `body_hash` its SHA-256 (hexadecimal).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey("procedures.Procedure", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["procedure", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedures_version_number"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="published"), name="procedures_one_published"
            ),
            models.UniqueConstraint(fields=["procedure"], condition=Q(state="draft"), name="procedures_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | ~Q(state="draft") & Q(published_at__isnull=False),
                name="procedures_published_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.slug} v{self.number}"

    @property
    def definition(self) -> Definition:
        """The parsed definition; read once for each body."""
        return bodies.definition_of(self.body_hash, lambda: self.body)

    @property
    def slug(self) -> str:
        """The procedure's slug."""
        return self.procedure.slug

    @property
    def title(self) -> dict[str, str]:
        """The title in every language."""
        return self.definition.title


class Answer(models.TextChoices):
    """A fact of the inventory that may not be known yet."""

    YES = "yes", "はい"
    NO = "no", "いいえ"
    UNKNOWN = "unknown", "未確認"


class InventoryItem(models.Model):
    """A line of the inventory (手続台帳): a procedure of the city, online or not, with where each fact is known from.

    Facts that nobody has found out stay `unknown` or empty: they are never guessed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=63, unique=True)
    name = models.CharField(max_length=200)
    kana = models.CharField(max_length=200, blank=True)
    legal_basis = models.CharField(max_length=300)
    department = models.CharField(max_length=100, blank=True)
    identity_required = models.CharField(max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    identity_source = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    yearly_volume = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class FactKind(models.TextChoices):
    """What a dated fact is about."""

    ONLINE = "online", _("オンラインで申請できる")
    CARD = "card", _("公的個人認証（署名用・利用者証明用）が使える")


class InventoryFact(models.Model):
    """From a day on, something is so or is no longer so: what a stock figure is counted from. `version` names the publication that made it so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey("procedures.InventoryItem", on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=8, choices=FactKind.choices)
    holds = models.BooleanField()
    since = models.DateField()
    source = models.CharField(max_length=300)
    version = models.ForeignKey("procedures.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["item", "kind", "since", "recorded_at", "id"]
        indexes = [models.Index(fields=["kind", "since"], name="procedures_fact_since")]

    def __str__(self) -> str:
        return f"{self.kind} {self.holds} {self.since}"


class InventoryImport(models.Model):
    """One reading of a list: where it came from and what became of its rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now, editable=False)
    by_staff = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.source


class RefusedRow(models.Model):
    """A row that could not be taken, as it came, with the reasons, until a person mends it or sets it aside."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    of_import = models.ForeignKey("procedures.InventoryImport", on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    row: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    reasons: models.JSONField[list[str], list[str]] = models.JSONField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("procedures.InventoryItem", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["of_import", "line"]

    def __str__(self) -> str:
        return f"{self.line}"


def fact_holds(facts: list[InventoryFact], kind: str, on: date) -> bool | None:
    """Whether the newest fact of `kind` up to day `on` holds; None where nothing was recorded."""
    known = [fact for fact in facts if fact.kind == kind and fact.since <= on]
    return max(known, key=lambda fact: (fact.since, fact.recorded_at, fact.id)).holds if known else None
