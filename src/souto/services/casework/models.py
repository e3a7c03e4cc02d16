"""The records of this room: what staff do about an application. Workflow stands in `actions`.

Sealed texts share the key of their application, so erasing the application erases what staff wrote about it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.ids import new_id


class Case(models.Model):
    """The section's side of an application (案件), one to one. Where it stands is the application's state and the open objects around it.

    `due_on`: the last day of the 標準処理期間, kept current when a pause opens or ends (None: paused, decided, or no period is set).
    `days_left`: working days that remain while the clock stands. `version` grows with every change: who acts says which one she saw.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    due_on = models.DateField(null=True)
    days_left = models.IntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["department", "due_on"], name="casework_case_due"),
            models.Index(fields=["assignee"], name="casework_case_assignee"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Viewing(models.Model):
    """When a staff member last had a case open, to show who else looks at it now; the lasting record is in the audit trail."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="viewings")
    staff = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="casework_viewing_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.staff_id}"


class Assignment(models.Model):
    """Who was made responsible when, and by whom (担当の経過). `staff` None: nobody any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="assignments")
    staff = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.staff_id}"


class Note(SealedRecord):
    """A note among staff (メモ): residents never see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="notes")
    text_sealed = models.BinaryField()
    text = SealedJSON[str]("text_sealed")
    by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Opinion(SealedRecord):
    """An opinion that was asked for (意見照会): of a section, or of one person in it."""

    class Answer(models.TextChoices):
        """What was answered."""

        NONE = "", gettext_noop("回答待ち")
        YES = "yes", gettext_noop("支障なし")
        NO = "no", gettext_noop("支障あり")
        COMMENT = "comment", gettext_noop("意見のみ")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="opinions")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    asked_of = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    question_sealed = models.BinaryField()
    question = SealedJSON[str]("question_sealed")
    asked_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default="")
    words_sealed = models.BinaryField()
    words = SealedJSON[str]("words_sealed")
    answered_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="casework_opinion_answered",
            )
        ]
        indexes = [models.Index(fields=["department", "answered_at"], name="casework_opinion_waiting")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """True while an answer is awaited."""
        return self.answered_at is None and self.withdrawn_at is None


class Proposal(SealedRecord):
    """A decision that an officer proposes (起案), for a second person to settle (決裁). It covers one revision of what was sent."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", gettext_noop("決裁待ち")
        APPROVED = "approved", gettext_noop("決裁済み")
        RETURNED = "returned", gettext_noop("差し戻し")
        CANCELLED = "cancelled", gettext_noop("取り消し")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=64)
    reason_sealed = models.BinaryField()
    reason = SealedJSON[str]("reason_sealed")
    revision = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    settled_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    remark_sealed = models.BinaryField()
    remark = SealedJSON[str]("remark_sealed")

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="casework_one_open_proposal"),
            # The rule of the second person holds in the database too, whatever a program does.
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "returned"])
                | Q(settled_by__isnull=False) & ~Q(settled_by=F("proposed_by")),
                name="casework_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True) | ~Q(state="open") & Q(settled_at__isnull=False),
                name="casework_proposal_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome} {self.state}"


class HandOver(SealedRecord):
    """One attempt to hand an application over to its core system. A refused one stays, and a person may make another.

    `sha256` is that of the package; `number` the core system's own number; `problem` what stands in the way, for the officer.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PREPARED = "prepared", gettext_noop("引き渡し待ち")
        SENT = "sent", gettext_noop("結果待ち")
        ACCEPTED = "accepted", gettext_noop("受け入れ済み")
        REFUSED = "refused", gettext_noop("差し戻し")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="hand_overs")
    attempt = models.PositiveSmallIntegerField()
    system = models.CharField(max_length=64)
    package = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PREPARED)
    sha256 = models.CharField(max_length=64, blank=True)
    prepared_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=200, blank=True)
    problem_sealed = models.BinaryField()
    problem = SealedJSON[str]("problem_sealed")
    asked_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["prepared_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "attempt"], name="casework_hand_over_attempt"),
            models.UniqueConstraint(fields=["case"], condition=~Q(state="refused"), name="casework_one_live_hand_over"),
        ]
        indexes = [models.Index(fields=["state", "prepared_at"], name="casework_hand_over_state")]

    def __str__(self) -> str:
        return f"{self.package} {self.state}"


class ResultFile(models.Model):
    """A result file that was read, once: taken, or set aside in quarantine with the reason until a person has seen to it."""

    class State(models.TextChoices):
        """What became of it."""

        TAKEN = "taken", gettext_noop("取り込み済み")
        QUARANTINED = "quarantined", gettext_noop("隔離")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    system = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices)
    problem = models.TextField(blank=True)
    hand_over = models.ForeignKey("casework.HandOver", null=True, on_delete=models.PROTECT, related_name="results")
    at = models.DateTimeField(default=clock.now, editable=False)
    settled_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "name", "sha256"], name="casework_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.name} {self.state}"


class OfficerFeedback(SealedRecord):
    """An officer's answer to two questions when a case has ended (EX): how easy (1 難しい to 5 簡単), how satisfied (1 to 5)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="feedback")
    staff = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    ease = models.PositiveSmallIntegerField()
    satisfaction = models.PositiveSmallIntegerField()
    comment_sealed = models.BinaryField()
    comment = SealedJSON[str]("comment_sealed")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "staff"], name="casework_feedback_once"),
            models.CheckConstraint(
                condition=Q(ease__range=(1, 5)) & Q(satisfaction__range=(1, 5)), name="casework_feedback_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.staff_id}"
