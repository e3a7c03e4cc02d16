"""Verification: of a signature over a document, of a certificate, of a signed challenge. All end in a report.

None of these raises for bad input: bytes from outside always end in a `VerificationReport`. ValueError means that the
caller is at fault (a time without a zone).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from souto.foundation.identity.jpki import oids
from souto.foundation.identity.jpki.certificate import JpkiCertificate, UnreadableCertificateError
from souto.foundation.identity.jpki.cms import SignedData, UnreadableCmsError
from souto.foundation.identity.jpki.report import CertificateSummary, Check, CheckName, VerificationReport
from souto.foundation.identity.jpki.revocation import RevocationChecker, RevocationStatus
from souto.foundation.identity.jpki.trust import Purpose, TrustedRoot, TrustStore

REQUIRED_USAGE: Final = {
    Purpose.SIGN: frozenset({"digitalSignature", "nonRepudiation"}),
    Purpose.AUTH: frozenset({"digitalSignature"}),
}
"""Key usage that the profile gives each kind of certificate."""

_CA_USAGE: Final = frozenset({"keyCertSign", "cRLSign"})
_NOT_MADE: Final = "前の確認で止まったため、確認していません。"

_CERTIFICATE_CHECKS: Final = (
    CheckName.CHAIN,
    CheckName.ROOT_VALIDITY,
    CheckName.VALIDITY,
    CheckName.NOT_CA,
    CheckName.KEY_USAGE,
    CheckName.POLICY,
    CheckName.CRITICAL_EXTENSIONS,
)


def verify_signature(
    *,
    cms: bytes,
    content: bytes,
    trust: TrustStore,
    revocation: RevocationChecker,
    at: datetime,
    policies: frozenset[str],
    purpose: Purpose = Purpose.SIGN,
    serial_key: bytes | None = None,
) -> VerificationReport:
    """Verify a CMS signature over `content`, the bytes that the *server* stored before it asked for a signature.

    `at`: the moment to judge by, from the server's clock and with a time zone; the signer's own time is never used.
    `policies`: acceptable certificate policies (`oids.SIGN_POLICIES`, more by configuration); none accepts nothing.
    `serial_key`: key of the serial digest. A signature over other content embedded in the envelope fails.
    """
    run = _Run(trust, revocation, _aware(at), policies, purpose, serial_key)
    expected = (
        CheckName.STRUCTURE,
        CheckName.CONTENT_TYPE,
        CheckName.MESSAGE_DIGEST,
        CheckName.SIGNER,
        CheckName.SIGNATURE,
    )
    try:
        signed = SignedData.parse(cms)
    except UnreadableCmsError as error:
        run.note(CheckName.STRUCTURE, ok=False, good="", bad=str(error))
        return run.report(expected)
    run.note(CheckName.STRUCTURE, ok=True, good="CMS SignedData、署名者1人、SHA-256、RSAです。")
    run.signing_time = signed.signing_time
    run.note(
        CheckName.CONTENT_TYPE,
        ok=signed.content_type == signed.claimed_content_type == oids.CMS_DATA,
        good="データ（id-data）です。",
        bad="署名した内容の種類がデータ（id-data）ではありません。",
    )
    run.note(
        CheckName.MESSAGE_DIGEST,
        ok=signed.message_digest == hashlib.sha256(content).digest() and signed.embedded in (None, content),
        good="市が保存した申請内容に対する署名です。",
        bad="市が保存した申請内容と、署名された内容が異なります。",
    )
    candidates = signed.signer_certificates()
    run.note(
        CheckName.SIGNER,
        ok=len(candidates) == 1,
        good="発行者名と発行番号が一致する電子証明書があります。",
        bad="署名者の電子証明書を1つに決められません。",
    )
    if len(candidates) == 1:
        certificate = JpkiCertificate.parse(candidates[0])
        run.note(
            CheckName.SIGNATURE,
            ok=_rsa_verifies(certificate, signed.signature, signed.signed_attributes),
            good="電子証明書の鍵で検証できました。",
            bad="電子証明書の鍵で検証できません。署名後に変更されたか、別の鍵による署名です。",
        )
        run.judge(certificate)
    return run.report(expected)


def verify_certificate(
    *,
    certificate: bytes,
    trust: TrustStore,
    revocation: RevocationChecker,
    at: datetime,
    policies: frozenset[str],
    purpose: Purpose = Purpose.AUTH,
    serial_key: bytes | None = None,
) -> VerificationReport:
    """Verify a certificate (DER) by itself. That its owner is present it cannot show: see `verify_challenge`."""
    run = _Run(trust, revocation, _aware(at), policies, purpose, serial_key)
    _read_and_judge(run, certificate)
    return run.report((CheckName.STRUCTURE,))


def verify_challenge(
    *,
    certificate: bytes,
    challenge: bytes,
    signature: bytes,
    trust: TrustStore,
    revocation: RevocationChecker,
    at: datetime,
    policies: frozenset[str],
    purpose: Purpose = Purpose.AUTH,
    serial_key: bytes | None = None,
) -> VerificationReport:
    """Verify that the card of `certificate` (DER) signed `challenge`: fresh random bytes that the server made.

    The card signs SHA-256 of the challenge, RSA PKCS#1 v1.5.
    """
    run = _Run(trust, revocation, _aware(at), policies, purpose, serial_key)
    read = _read_and_judge(run, certificate)
    if read is not None:
        run.note(
            CheckName.SIGNATURE,
            ok=_rsa_verifies(read, signature, challenge),
            good="電子証明書の鍵で検証できました。",
            bad="電子証明書の鍵で検証できません。カードをもう一度読み取ってください。",
        )
    return run.report((CheckName.STRUCTURE, CheckName.SIGNATURE))


def _read_and_judge(run: _Run, data: bytes) -> JpkiCertificate | None:
    try:
        certificate = JpkiCertificate.parse(data)
    except UnreadableCertificateError as error:
        run.note(CheckName.STRUCTURE, ok=False, good="", bad=str(error))
        return None
    run.note(CheckName.STRUCTURE, ok=True, good="X.509電子証明書です。")
    run.judge(certificate)
    return certificate


@dataclass(slots=True)
class _Run:
    """One verification under way: what it judges by, and the checks made so far."""

    trust: TrustStore
    revocation: RevocationChecker
    at: datetime
    policies: frozenset[str]
    purpose: Purpose
    serial_key: bytes | None
    checks: dict[CheckName, Check] = field(default_factory=dict)
    signing_time: datetime | None = None
    certificate: JpkiCertificate | None = None
    root: TrustedRoot | None = None
    status: RevocationStatus = RevocationStatus.UNKNOWN

    def note(self, name: CheckName, *, ok: bool, good: str, bad: str = "") -> None:
        self.checks[name] = Check(name, ok, good if ok else bad)

    def judge(self, certificate: JpkiCertificate) -> None:
        """All checks of the certificate itself."""
        self.certificate = certificate
        self.root = root = self.trust.issuer_of(certificate, self.purpose)
        self.note(
            CheckName.CHAIN,
            ok=root is not None,
            good="登録済みのルート証明書の鍵で検証できました。",
            bad="登録済みのルート証明書から発行されたものではありません。",
        )
        if root is not None:
            self.note(
                CheckName.ROOT_VALIDITY,
                ok=root.valid_at(self.at),
                good="認証局は有効期間内です。",
                bad="認証局の有効期間外です。",
            )
        self.note(
            CheckName.VALIDITY,
            ok=certificate.not_before <= self.at <= certificate.not_after,
            good="有効期間内です。",
            bad="有効期間外です。市区町村の窓口で電子証明書を更新してください。",
        )
        self.note(
            CheckName.NOT_CA,
            ok=not certificate.is_ca and not certificate.key_usage & _CA_USAGE,
            good="本人用の電子証明書です。",
            bad="認証局の証明書です。本人用の電子証明書ではありません。",
        )
        self.note(
            CheckName.KEY_USAGE,
            ok=certificate.key_usage >= REQUIRED_USAGE[self.purpose] and certificate.rsa_key is not None,
            good="鍵の使いみちが目的に合っています。",
            bad="鍵の使いみちまたは種類が目的に合いません。",
        )
        self.note(
            CheckName.POLICY,
            ok=bool(certificate.policies & self.policies),
            good="市が受け付ける種類の電子証明書です。",
            bad="市が受け付ける種類の電子証明書ではありません。",
        )
        self.note(
            CheckName.CRITICAL_EXTENSIONS,
            ok=not certificate.not_understood,
            good="解釈できない重要項目はありません。",
            bad=f"解釈できない重要項目があります（{'、'.join(certificate.not_understood)}）。",
        )
        if self.purpose is Purpose.SIGN:
            self.note(
                CheckName.FOUR_ITEMS,
                ok=certificate.person is not None,
                good="氏名、生年月日、性別、住所を読み取りました。",
                bad=certificate.person_problem or "氏名、生年月日、性別、住所が記録されていません。",
            )
        if root is not None:
            self._ask_revocation(certificate)

    def _ask_revocation(self, certificate: JpkiCertificate) -> None:
        """Ask the checker, but only about certificates that a trusted root issued: a forged one is nobody's business."""
        self.status = self.revocation.check(certificate.der, self.at)
        details = {
            RevocationStatus.REVOKED: "失効しています。",
            RevocationStatus.EXPIRED: "有効期間が終わっています。",
        }
        self.note(
            CheckName.REVOCATION,
            ok=self.status is RevocationStatus.GOOD,
            good="失効していません。",
            bad=details.get(self.status, "失効しているか確認できませんでした。本人確認は完了していません。"),
        )

    def report(self, first: tuple[CheckName, ...]) -> VerificationReport:
        """The report: `first`, then the checks of the certificate; what was not reached is listed as not made."""
        four = (CheckName.FOUR_ITEMS,) if self.purpose is Purpose.SIGN else ()
        names = (*first, *_CERTIFICATE_CHECKS, *four, CheckName.REVOCATION)
        certificate, root = self.certificate, self.root
        signature = self.checks.get(CheckName.SIGNATURE)
        proven = root is not None and (signature is None or signature.ok)
        return VerificationReport(
            checks=tuple(
                self.checks.get(name) or Check(name, ok=False, detail=_NOT_MADE, made=False) for name in names
            ),
            at=self.at,
            revocation=self.status,
            certificate=_summary(certificate, root) if certificate else None,
            person=certificate.person if certificate and proven else None,
            serial_digest=certificate.serial_digest(self.serial_key)
            if certificate and proven and self.serial_key
            else "",
            signing_time=self.signing_time,
            certificate_der=certificate.der if certificate else None,
        )


def _summary(certificate: JpkiCertificate, root: TrustedRoot | None) -> CertificateSummary:
    return CertificateSummary(
        issuer=certificate.issuer,
        subject=certificate.subject,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        policies=tuple(sorted(certificate.policies)),
        fingerprint=certificate.fingerprint,
        root=root.label if root else "",
    )


def _rsa_verifies(certificate: JpkiCertificate, signature: bytes, data: bytes) -> bool:
    """Whether `signature` is RSA PKCS#1 v1.5 with SHA-256 over `data` by the certificate's key."""
    key = certificate.rsa_key
    if key is None:
        return False
    try:
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        msg = "`at` needs a time zone"
        raise ValueError(msg)
    return at
