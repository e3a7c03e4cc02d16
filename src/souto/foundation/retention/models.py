"""Lists of what may be disposed of, and what holds a record back. Rows carry ids, numbers and dates; words of people are sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.calendar import FiscalYear
from souto.kernel.ids import new_id
from souto.kernel.language import LocalText


class Reason(models.TextChoices):
    """Why a record is kept longer than its period."""

    LITIGATION = "litigation", gettext_noop("争訟（訴訟・審査請求）")
    AUDIT = "audit", gettext_noop("監査・検査")
    DISCLOSURE = "disclosure", gettext_noop("開示請求")
    IN_USE = "in_use", gettext_noop("職務に必要")
    HISTORY = "history", gettext_noop("歴史的公文書としての保存を検討")
    PERIOD = "period", gettext_noop("保存期間の見直し")


class DisposalList(models.Model):
    """What a section may dispose of in a fiscal year (廃棄候補一覧), and later the record of what it did (廃棄記録). One for each section and year."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", gettext_noop("確認中")
        REVIEWED = "reviewed", gettext_noop("承認待ち")
        APPROVED = "approved", gettext_noop("廃棄中")
        DONE = "done", gettext_noop("廃棄済み")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    reviewed_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-fiscal_year", "department_id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "fiscal_year"], name="retention_one_list_a_year"),
            # The rule of the second person holds in the database too, whatever a program does.
            models.CheckConstraint(
                condition=Q(state__in=["open", "reviewed"], approved_by__isnull=True)
                | Q(state__in=["approved", "done"], approved_by__isnull=False, reviewed_by__isnull=False)
                & ~Q(approved_by=F("reviewed_by")),
                name="retention_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def year(self) -> FiscalYear:
        """The fiscal year in which it is worked through."""
        return FiscalYear(self.fiscal_year)

    @property
    def number(self) -> str:
        """What the list is called: year and section."""
        return f"{self.fiscal_year}-{self.department.code}"


class DisposalItem(models.Model):
    """A record on a list. Once `erasing`, its rows are given up and `keys` and `files` are what is left to destroy; then it is `disposed`.

    `counts`: how many keys, files and rows of which kind went.
    """

    class State(models.TextChoices):
        """What becomes of it."""

        LISTED = "listed", gettext_noop("廃棄候補")
        TAKEN_OFF = "taken_off", gettext_noop("一覧から外した")
        KEPT = "kept", gettext_noop("廃棄しなかった")
        ERASING = "erasing", gettext_noop("廃棄中")
        DISPOSED = "disposed", gettext_noop("廃棄済み")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    on_list = models.ForeignKey("retention.DisposalList", on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    reference = models.CharField(max_length=64)
    title: models.JSONField[LocalText, LocalText] = models.JSONField()
    completed_on = models.DateField()
    years = models.PositiveSmallIntegerField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.LISTED)
    reason = models.CharField(max_length=12, blank=True)
    settled_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    disposed_on = models.DateField(null=True)
    counts = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    files = models.JSONField(default=list)

    class Meta:
        ordering = ["kind", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["on_list", "kind", "subject_id"], name="retention_item_once"),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(state__in=["erasing", "disposed"]),
                name="retention_disposed_once",
            ),
        ]
        indexes = [models.Index(fields=["kind", "subject_id"], name="retention_item_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference} {self.state}"


class Hold(SealedRecord):
    """A record is kept although its period ends (保存延長), until somebody ends the hold. `words` are sealed and go with the record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    title: models.JSONField[LocalText, LocalText] = models.JSONField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words_sealed = models.BinaryField()
    words = SealedJSON[str]("words_sealed")
    set_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now, editable=False)
    ended_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "reason"],
                condition=Q(ended_at__isnull=True),
                name="retention_hold_once",
            )
        ]
        indexes = [models.Index(fields=["kind", "subject_id"], name="retention_hold_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference} {self.reason}"
