"""Persons, how they prove themselves, and the staff of the city."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from souto.foundation.identity.roles import LABELS
from souto.foundation.vault.models import SealedJSON, SealedRecord
from souto.kernel import clock
from souto.kernel.ids import new_id


class Assurance(models.IntegerChoices):
    """How surely a credential proves its person (身元確認・当人認証の強さ)."""

    NONE = 0, "なし"
    EMAIL = 1, "メールアドレスの確認"
    CARD = 2, "カードでの認証（利用者証明用）"
    SIGNATURE = 3, "カードでの署名（署名用）"


class Person(SealedRecord):
    """A human being whom the city serves. `profile` holds what was proved (never typed): `name`, `name_kana`, `address`,
    `birth_date` (ISO date or JPKI's nine digits where the date is partial), `sex` (1 男, 2 女, 3 不明), `name_substituted` and
    `address_substituted` (masks of 代替文字), and `register` with what the resident register adds once linked; `contact` holds
    what the person gave: `email` (confirmed), `phone`, and `pending` while an e-mail address waits for confirmation.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    profile_sealed = models.BinaryField()
    contact_sealed = models.BinaryField()
    profile = SealedJSON[dict[str, Any]]("profile_sealed")
    contact = SealedJSON[dict[str, Any]]("contact_sealed")
    profile_verified_at = models.DateTimeField(null=True)
    name_hash = models.BinaryField(max_length=32, null=True, db_index=True)
    language = models.CharField(max_length=8, default="ja")
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)


class Credential(models.Model):
    """A way in: the pairwise subject of one issuer. Many lead to one person; a re-linked one keeps its history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    assurance = models.PositiveSmallIntegerField(choices=Assurance.choices)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=Q(ended_at__isnull=True), name="identity_credential_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.assurance}"


class Relink(models.Model):
    """A credential was moved from one person to another (a new card, two records that were one), with who and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    credential = models.ForeignKey("identity.Credential", on_delete=models.PROTECT, related_name="+")
    from_person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by_staff = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"{self.from_person_id} -> {self.to_person_id}"


class Identifier(SealedRecord):
    """A number under which another register knows the person (宛名番号, 法人番号). Found by keyed hash, shown unsealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=32)
    value_hash = models.BinaryField(max_length=32)
    value_sealed = models.BinaryField()
    value = SealedJSON[str]("value_sealed")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value_hash"], name="identity_identifier_once")]

    def __str__(self) -> str:
        return self.scheme


class ReviewKind(models.TextChoices):
    """Why a person's data waits for a member of staff."""

    UNREADABLE = "unreadable", gettext_noop("読み取れない項目")
    PARTIAL_DATE = "partial_date", gettext_noop("一部が不明な生年月日")
    REGISTER_DIFFERS = "register_differs", gettext_noop("住民記録と一部が異なる")
    SAME_NUMBER = "same_number", gettext_noop("同じ宛名番号の人がいる")


class ProfileReview(SealedRecord):
    """Something about a person that no program may decide (職員の確認待ち). `detail` holds `item`, `raw`, `number` as far as they
    apply; `other_person` is who has the same number already (a changed card).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=ReviewKind.choices)
    item = models.CharField(max_length=24, blank=True)
    detail_sealed = models.BinaryField()
    detail = SealedJSON[dict[str, Any]]("detail_sealed")
    other_person = models.ForeignKey("identity.Person", null=True, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey("identity.Credential", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("identity.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "item"], condition=Q(resolved_at__isnull=True), name="identity_review_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class SigningRequest(SealedRecord):
    """A document that waits for the resident's signature (署名の依頼). `secret` holds the bytes to be signed, the CMS attributes and
    what binds the answer to this request; an answer is taken once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    content_digest = models.CharField(max_length=64)
    secret_sealed = models.BinaryField()
    secret = SealedJSON[dict[str, str]]("secret_sealed")
    state_hash = models.BinaryField(max_length=32, unique=True)
    transaction_id = models.CharField(max_length=64)
    return_to = models.CharField(max_length=500)
    started_at = models.DateTimeField(default=clock.real_now, editable=False)
    answered_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class SignatureState(models.TextChoices):
    """What the city may conclude from a signature."""

    CONFIRMED = "confirmed", gettext_noop("本人確認済み")
    INCOMPLETE = "incomplete", gettext_noop("本人確認未完了")
    REFUSED = "refused", gettext_noop("確認できない署名")


class Signature(SealedRecord):
    """A signature over a document (電子署名) with the report of its verification. `content_digest` is SHA-256, hexadecimal.
    `evidence` holds `cms` (base64), `report`, `certificate`, `signer` (the four items) and `agreements`.
    """

    request = models.OneToOneField(
        "identity.SigningRequest", primary_key=True, on_delete=models.PROTECT, related_name="signature"
    )
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    content_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=SignatureState.choices)
    signed_at = models.DateTimeField(default=clock.real_now, editable=False)
    evidence_sealed = models.BinaryField()
    evidence = SealedJSON[dict[str, Any]]("evidence_sealed")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def ok(self) -> bool:
        """True only when every check passed, revocation included, and the signer is the person."""
        return self.state == SignatureState.CONFIRMED

    @property
    def report(self) -> dict[str, Any]:
        """The verification report, as JSON values (`jpki.VerificationReport.as_dict`)."""
        found: dict[str, Any] = self.evidence["report"]
        return found

    @property
    def cms(self) -> bytes:
        """The envelope (CMS SignedData, DER)."""
        envelope: str = self.evidence["cms"]
        return base64.b64decode(envelope)


class Department(models.Model):
    """A section of the city hall (課), as residents call it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=128, blank=True)
    name_easy = models.CharField(max_length=128, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    hours = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=128, blank=True)
    order = models.PositiveIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """A staff member (職員)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A staff member holds a role in a department, between two business dates (人事異動)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32, choices=[(role.value, label) for role, label in LABELS.items()])
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "department", "role"], condition=Q(until__isnull=True), name="identity_membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.role}"


class Passkey(models.Model):
    """A staff member's passkey (WebAuthn credential); no password exists anywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1024, unique=True)
    public_key = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class StaffInvitation(models.Model):
    """A one-time link with which a staff member registers a passkey; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey("identity.Staff", on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.real_now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by id."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account whose id is `username`."""
        return self.get(pk=str(username))


class Account(AbstractBaseUser):
    """What a session belongs to: exactly one person or one staff member. Its password is never usable; the unusable value
    changes when all sessions of the account are ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField("identity.Person", null=True, on_delete=models.PROTECT, related_name="account")
    staff = models.OneToOneField("identity.Staff", null=True, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    objects = AccountManager()
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(staff__isnull=True), name="identity_account_of_one"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attempts(models.Model):
    """A counter of attempts within a window, for rate limits; `key` is a keyed hash of what is limited."""

    key = models.BinaryField(max_length=32, primary_key=True)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.count}"
