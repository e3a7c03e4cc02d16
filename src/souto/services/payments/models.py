"""Charges, the ledger, checkouts, slips, notices of payment. Amounts are integer yen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.kernel.language import LocalText


class Charge(SealedRecord):
    """An amount that somebody owes the city (調定). It knows no application: `purpose` and `subject_id` point upward."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    payer_person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    payer_sealed = models.BinaryField()
    payer_name = SealedJSON[str]("payer_sealed")
    description: models.JSONField[LocalText, LocalText] = models.JSONField()
    amount = models.PositiveBigIntegerField()
    account = models.CharField(max_length=64)
    due_on = models.DateField()
    idempotency_key = models.CharField(max_length=128, unique=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id"], name="payments_charge_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_charge_positive"),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True) | Q(cancelled_at__isnull=True), name="payments_charge_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.amount}"

    @property
    def is_open(self) -> bool:
        """True while the amount is owed."""
        return self.paid_at is None and self.cancelled_at is None


class JournalEntry(models.Model):
    """A posting (仕訳): append-only. Its legs sum to zero, which the database checks when the transaction ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=clock.now, editable=False)
    kind = models.CharField(max_length=32)
    idempotency_key = models.CharField(max_length=160, unique=True)
    reverses = models.OneToOneField("payments.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Leg(models.Model):
    """One side of a posting: `amount` in yen, debit (借方) positive, credit (貸方) negative."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey("payments.JournalEntry", on_delete=models.PROTECT, related_name="legs")
    account = models.CharField(max_length=96)
    amount = models.BigIntegerField()
    charge = models.ForeignKey("payments.Charge", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["account"], name="payments_leg_account")]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="payments_leg_not_zero")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Checkout(models.Model):
    """An attempt to pay a charge with a cashless provider; at most one of a charge ends in `paid`."""

    class State(models.TextChoices):
        """Where the attempt is."""

        STARTED = "started", "手続き中"
        PAID = "paid", "支払い済み"
        FAILED = "failed", "できませんでした"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey("payments.Charge", on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=32)
    reference = models.CharField(max_length=128, blank=True)
    redirect_url = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STARTED)
    return_to = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge"], condition=Q(state="paid"), name="payments_checkout_paid_once"),
            models.UniqueConstraint(fields=["charge"], condition=Q(state="started"), name="payments_checkout_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.state}"


class Slip(models.Model):
    """A payment slip (納付書) with eL-QR. `specimen`: no real numbering authority stood behind it, so it carries 見本."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey("payments.Charge", on_delete=models.PROTECT, related_name="+")
    case_key = models.CharField(max_length=20, unique=True)
    confirmation = models.CharField(max_length=6)
    with_elqr = models.BooleanField(default=True)
    exempt_reason = models.CharField(max_length=200, blank=True)
    specimen = models.BooleanField()
    due_on = models.DateField()
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    document_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.case_key


class NoticeImport(models.Model):
    """A file of payment notices (納入済通知) that was read whole; the same bytes are never read twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mapping = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    rows = models.PositiveIntegerField()
    imported_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.filename


class Notice(models.Model):
    """One notice of payment. What matches nothing waits in suspense (仮受), visible until a person settles it."""

    class Stage(models.TextChoices):
        """速報 comes first, 確報 confirms, 取消 takes back."""

        PRELIMINARY = "preliminary", "速報"
        CONFIRMED = "confirmed", "確報"
        CANCELLED = "cancelled", "取消"

    class State(models.TextChoices):
        """What became of it."""

        MATCHED = "matched", "消し込み済み"
        SUSPENSE = "suspense", "仮受（未照合）"
        SETTLED = "settled", "照合済み（手作業）"
        REPEATED = "repeated", "受領済みの再送"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey("payments.NoticeImport", on_delete=models.PROTECT, related_name="notices")
    line = models.PositiveIntegerField()
    stage = models.CharField(max_length=12, choices=Stage.choices)
    case_key = models.CharField(max_length=20)
    confirmation = models.CharField(max_length=6)
    office = models.CharField(max_length=16)
    received_on = models.DateField()
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.CharField(max_length=200, blank=True)
    charge = models.ForeignKey("payments.Charge", null=True, on_delete=models.PROTECT, related_name="+")
    settled_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["source_id", "line"]
        constraints = [
            # The same payment told twice (another file, a resend) is one payment.
            models.UniqueConstraint(
                fields=["stage", "case_key", "confirmation", "office", "received_on", "amount"],
                condition=~Q(state="repeated"),
                name="payments_notice_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_key} {self.amount}"
