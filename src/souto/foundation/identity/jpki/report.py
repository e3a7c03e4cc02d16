"""The report of a verification (検証結果): every check with its result, for the officer's screen and for the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from souto.foundation.identity.jpki.four_items import FourItems
from souto.foundation.identity.jpki.revocation import RevocationStatus


class CheckName(StrEnum):
    """The checks, in the order in which they are made and shown."""

    STRUCTURE = "structure"
    CONTENT_TYPE = "content_type"
    MESSAGE_DIGEST = "message_digest"
    SIGNER = "signer"
    SIGNATURE = "signature"
    CHAIN = "chain"
    ROOT_VALIDITY = "root_validity"
    VALIDITY = "validity"
    NOT_CA = "not_ca"
    KEY_USAGE = "key_usage"
    POLICY = "policy"
    CRITICAL_EXTENSIONS = "critical_extensions"
    FOUR_ITEMS = "four_items"
    REVOCATION = "revocation"


LABELS = {
    CheckName.STRUCTURE: "データの形式",
    CheckName.CONTENT_TYPE: "署名した内容の種類",
    CheckName.MESSAGE_DIGEST: "申請内容との一致",
    CheckName.SIGNER: "署名者の電子証明書",
    CheckName.SIGNATURE: "電子署名",
    CheckName.CHAIN: "発行元の認証局",
    CheckName.ROOT_VALIDITY: "認証局の有効期間",
    CheckName.VALIDITY: "電子証明書の有効期間",
    CheckName.NOT_CA: "本人用の証明書であること",
    CheckName.KEY_USAGE: "鍵の使いみち",
    CheckName.POLICY: "証明書ポリシー",
    CheckName.CRITICAL_EXTENSIONS: "重要な拡張項目",
    CheckName.FOUR_ITEMS: "基本4情報",
    CheckName.REVOCATION: "失効していないこと",
}
"""Japanese names of the checks; pages translate them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `detail` says in Japanese what was found. `made` is False when an earlier failure prevented it."""

    name: CheckName
    ok: bool
    detail: str
    made: bool = True

    @property
    def label(self) -> str:
        """The name of the check in Japanese."""
        return LABELS[self.name]


@dataclass(frozen=True, slots=True)
class CertificateSummary:
    """What an officer may see of the certificate; the serial number (発行番号) is left out on purpose."""

    issuer: str
    subject: str
    not_before: datetime
    not_after: datetime
    policies: tuple[str, ...]
    fingerprint: str
    root: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The result of `verify_signature`, `verify_certificate` or `verify_challenge`.

    `ok` is True only when every check was made and passed, revocation included. `person` and `serial_digest` are filled
    only when a trusted root issued the certificate and its key made the signature, so a forged or borrowed name is never
    shown as if it were verified; still, decide by them only when `ok`. `serial_digest` also needs the caller's key.
    `signing_time` is the signer's claim.
    """

    checks: tuple[Check, ...]
    at: datetime
    revocation: RevocationStatus
    certificate: CertificateSummary | None = None
    person: FourItems | None = field(default=None, repr=False)
    serial_digest: str = ""
    signing_time: datetime | None = None
    certificate_der: bytes | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether every check was made and passed."""
        return all(check.ok for check in self.checks)

    @property
    def only_revocation_unknown(self) -> bool:
        """Whether all is well but nobody could say if the certificate still stands (本人確認未完了)."""
        failed = [check.name for check in self.checks if not check.ok]
        return failed == [CheckName.REVOCATION] and self.revocation is RevocationStatus.UNKNOWN

    def failures(self) -> tuple[Check, ...]:
        """The checks that were made and failed."""
        return tuple(check for check in self.checks if check.made and not check.ok)

    def as_dict(self) -> dict[str, object]:
        """The report as JSON values, to be kept with the signature. Holds no personal data: no items, no serial."""
        return {
            "ok": self.ok,
            "at": self.at.isoformat(),
            "revocation": self.revocation.value,
            "signing_time": self.signing_time.isoformat() if self.signing_time else None,
            "root": self.certificate.root if self.certificate else "",
            "checks": [
                {"name": check.name.value, "ok": check.ok, "made": check.made, "detail": check.detail}
                for check in self.checks
            ],
        }
