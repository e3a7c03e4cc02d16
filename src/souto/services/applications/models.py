"""The records of this room. Workflow stands in `lifecycle` and `actions`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from django.db import models
from django.db.models import Q

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.actor import ActorKind
from souto.kernel.ids import new_id
from souto.services.applications.attendance import Noted
from souto.services.applications.lifecycle import Kind, State

#: Form-encoded values by name, as the browser sent them.
Raw = dict[str, list[str]]
Answers = dict[str, Any]
_KINDS = [(Kind.APPLICATION.value, "申請"), (Kind.NOTIFICATION.value, "届出"), (Kind.REPORT.value, "通報")]
_STATES = [
    (State.SUBMITTED.value, "受付済"),
    (State.IN_REVIEW.value, "審査中"),
    (State.DECIDED.value, "決定"),
    (State.CLOSED.value, "完了"),
    (State.WITHDRAWN.value, "取下げ"),
]


class Channel(models.TextChoices):
    """How an application came in."""

    ONLINE = "online", "オンライン"
    COUNTER = "counter", "窓口（職員が入力）"


class Draft(SealedRecord):
    """An application being filled in (下書き). It belongs to a person, to an anonymous browser (by the hash of its token), or to the staff
    member who types for somebody at the counter. Sending it turns it into the `Application` of the same id and removes it.

    `answers`: values that passed the checks, by path; `raw`: what stands in the forms, right or wrong, by form name, so that nothing
    typed is lost; `touched`: the revision at which each path last changed, and in which tab. The procedure's version is pinned.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, null=True)
    assisted_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, default="ja")
    started_at = models.DateTimeField(default=clock.now, editable=False)
    saved_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=0)
    touched = models.JSONField(default=dict)
    answers_sealed = models.BinaryField()
    raw_sealed = models.BinaryField()
    answers = SealedJSON[Answers]("answers_sealed")
    raw = SealedJSON[Raw]("raw_sealed")
    signing_id = models.UUIDField(null=True)
    expires_on = models.DateField()
    warned_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, token_hash__isnull=True, assisted_by__isnull=True)
                | Q(person__isnull=True, token_hash__isnull=False, assisted_by__isnull=True)
                | Q(token_hash__isnull=True, assisted_by__isnull=False),
                name="applications_draft_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["person", "saved_at"], name="applications_draft_person"),
            models.Index(fields=["expires_on"], name="applications_draft_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Contact(TypedDict):
    """Whom the city writes to about an application when no person of the register stands behind it."""

    name: str
    email: str


class Application(SealedRecord):
    """What was sent (申請・届出・通報). Its id is that of the draft it was made from, so one draft can become one application only.

    Applicant (`person`), submitter (who pressed the button) and `mandate` (委任) are stored apart. One key seals the application, its
    submissions, records, corrections and feedback: destroying it erases all of them. `disposed_on`: when that was decided, under which list.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    version = models.ForeignKey("procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, null=True)
    submitter_kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ActorKind])
    submitter_id = models.UUIDField(null=True)
    contact_sealed = models.BinaryField()
    mandate_sealed = models.BinaryField()
    contact = SealedJSON[Contact]("contact_sealed")
    mandate = SealedJSON[dict[str, Any] | None]("mandate_sealed")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=16, choices=_KINDS)
    state = models.CharField(max_length=16, choices=_STATES)
    department_code = models.SlugField(max_length=64)
    submitted_at = models.DateTimeField()
    language = models.CharField(max_length=8, default="ja")
    is_demo = models.BooleanField(default=False)
    disposed_on = models.DateField(null=True)
    disposed_under = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "submitted_at"], name="applications_of_person"),
            models.Index(fields=["submitted_at"], name="applications_by_time"),
        ]

    def __str__(self) -> str:
        return self.number


class Payload(TypedDict):
    """The erasable part of a submission: what was answered (files by id and SHA-256), the facts that held (today, the card's items), and the
    salt (hex) of the commitment.
    """

    answers: Answers
    facts: dict[str, Any]
    salt: str


class Submission(SealedRecord):
    """One sending: the first, or one after a correction. Never changed and never removed (the database refuses both); erasing the
    application's key leaves this row with its commitment and without its content.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="submissions")
    revision = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    payload_sealed = models.BinaryField()
    payload = SealedJSON[Payload]("payload_sealed")
    commitment = models.CharField(max_length=64)
    signing_id = models.UUIDField(null=True)
    correction = models.ForeignKey("applications.Correction", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "revision"], name="applications_submission_once"),
        ]
        ordering = ["revision"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.revision}"


class TransitionRecord(SealedRecord):
    """A step that was taken (経過): who, when, from where to where. `facts`: ids and codes; `note`: words, sealed. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=32)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    note_sealed = models.BinaryField()
    note = SealedJSON[str]("note_sealed")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["name", "at"], name="applications_record_by_name")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.name}"


class Item(TypedDict):
    """One thing to correct: the path of the field (rows of a group by their id) and why, in plain words."""

    path: str
    reason: str


class CorrectionDraft(TypedDict):
    """What was typed so far for a correction; `noted`: who told it, where an officer typed and sent it for the applicant."""

    raw: Raw
    answers: Answers
    noted: NotRequired[Noted]


class Correction(SealedRecord):
    """A request to correct (補正依頼): the fields, a reason for each, a note, a deadline. Open until it is resolved or taken back; the clock
    of the 標準処理期間 stands meanwhile. `draft` is what the applicant has typed so far, `reply` what she says besides.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="corrections")
    items_sealed = models.BinaryField()
    items = SealedJSON[list[Item]]("items_sealed")
    note_sealed = models.BinaryField()
    note = SealedJSON[str]("note_sealed")
    draft_sealed = models.BinaryField()
    draft = SealedJSON[CorrectionDraft]("draft_sealed")
    reply_sealed = models.BinaryField()
    reply = SealedJSON[str]("reply_sealed")
    signing_id = models.UUIDField(null=True)
    due_on = models.DateField()
    requested_by = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(resolved_at__isnull=True, withdrawn_at__isnull=True),
                name="applications_one_open_correction",
            )
        ]
        ordering = ["requested_at"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.due_on}"

    @property
    def is_open(self) -> bool:
        """True while the applicant is asked."""
        return self.resolved_at is None and self.withdrawn_at is None


class AccessGrant(models.Model):
    """A section may see and work on an application (閲覧・処理の範囲)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="grants")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "department"],
                condition=Q(ended_at__isnull=True),
                name="applications_grant_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.department_id}"


class Feedback(SealedRecord):
    """The applicant's answer to two questions after the end (CX): how easy (1 難しい to 5 簡単), how satisfied (1 to 5)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="feedback")
    ease = models.PositiveSmallIntegerField()
    satisfaction = models.PositiveSmallIntegerField()
    comment_sealed = models.BinaryField()
    comment = SealedJSON[str]("comment_sealed")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ease__range=(1, 5)) & Q(satisfaction__range=(1, 5)), name="applications_feedback_scale"
            )
        ]

    def __str__(self) -> str:
        return str(self.application_id)
