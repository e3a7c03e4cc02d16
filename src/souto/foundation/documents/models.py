"""Files that people sent and documents that Souto makes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.kernel.language import LocalText


class ScanState(models.TextChoices):
    """What the virus scanner said."""

    WAITING = "waiting", "検査待ち"
    CLEAN = "clean", "問題なし"
    INFECTED = "infected", "ウイルスの疑い"
    NOT_SCANNED = "not_scanned", "検査なし"


class StoredFile(SealedRecord):
    """A file that somebody sent, kept as it was sent. `purpose` and `subject_id` name the record above that it belongs to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    name_sealed = models.BinaryField()
    name = SealedJSON[str]("name_sealed")
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=16, choices=ScanState.choices)
    scanned_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    uploaded_by_kind = models.CharField(max_length=16)
    uploaded_by_id = models.UUIDField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id"], name="documents_file_subject")]
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="documents_file_not_empty")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def path(self) -> str:
        """The name in the sealed storage: key, then file."""
        return f"{self.key_id}/{self.id}"

    @property
    def is_image(self) -> bool:
        """True for what a browser shows as a picture."""
        return self.media_type in {"image/jpeg", "image/png", "image/webp"}


class DocumentState(models.TextChoices):
    """Where a document is on its way."""

    WAITING = "waiting", "作成中"
    READY = "ready", "作成済み"
    FAILED = "failed", "作成できませんでした"


class Document(SealedRecord):
    """A PDF that Souto makes (受付票, 通知書, 納付書). The row exists at once; a job sets the type."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    template = models.CharField(max_length=64)
    data_sealed = models.BinaryField()
    data = SealedJSON[dict[str, Any]]("data_sealed")
    title: models.JSONField[LocalText, LocalText] = models.JSONField()
    language = models.CharField(max_length=8, default="ja")
    person_visible = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=DocumentState.choices, default=DocumentState.WAITING)
    problem = models.TextField(blank=True)
    size = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id"], name="documents_document_subject")]

    def __str__(self) -> str:
        return f"{self.template} {self.id}"

    @property
    def path(self) -> str:
        """The name in the sealed storage: key, then document."""
        return f"{self.key_id}/{self.id}.pdf"
