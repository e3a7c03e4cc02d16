"""Revocation (失効確認): a seam, because the lists of J-LIS are open only to notified verifiers (署名検証者).

A checker answers GOOD, REVOKED, EXPIRED or UNKNOWN and never raises: whatever keeps it from knowing is UNKNOWN, and UNKNOWN
is never GOOD. A city that is no verifier runs `Unconfigured`; its applications stay "identity not fully confirmed".
Sources: 公的個人認証法 第17条; RFC 5280, 5 and 6.3 (lists). The four states are those that verification platforms answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, SignatureAlgorithmOID

from souto.foundation.identity.jpki.certificate import PARSE_ERRORS, JpkiCertificate, UnreadableCertificateError
from souto.foundation.identity.jpki.trust import Purpose, TrustedRoot, TrustStore
from souto.kernel.errors import SoutoError


class RevocationStatus(StrEnum):
    """What a checker knows of a certificate at a moment."""

    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class RevocationChecker(Protocol):
    """The seam. `cert_der`: the whole certificate; `at`: the moment asked about, with a time zone. Never raises."""

    def check(self, cert_der: bytes, at: datetime) -> RevocationStatus:
        """Whether the certificate stands at `at`, as far as this checker can know."""
        ...


class Unconfigured:
    """No source is configured: everything is UNKNOWN."""

    def check(self, cert_der: bytes, at: datetime) -> RevocationStatus:
        """UNKNOWN, always."""
        return RevocationStatus.UNKNOWN


class UnreadableCrlError(SoutoError):
    """A file given as a revocation list is not one."""

    message = "失効リスト（CRL）を読み取れませんでした。ファイルがDERまたはPEM形式か確認してください。"


_UNDERSTOOD: Final = frozenset({ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.CRL_NUMBER})


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list (CRL) as read, its serial numbers laid out for quick search. Nothing is verified yet.

    `understood` is False when an entry carries a critical extension: then absence from the list proves nothing.
    """

    crl: x509.CertificateRevocationList
    serials: frozenset[int]
    understood: bool

    @classmethod
    def parse(cls, data: bytes) -> RevocationList:
        """Read a list, PEM or DER. Raises `UnreadableCrlError`, whatever the bytes are."""
        load = x509.load_pem_x509_crl if data.lstrip().startswith(b"-----BEGIN") else x509.load_der_x509_crl
        try:
            crl = load(data)
            entries = list(crl)
            understood = not any(extension.critical for entry in entries for extension in entry.extensions)
            return cls(crl, frozenset(entry.serial_number for entry in entries), understood)
        except PARSE_ERRORS:
            raise UnreadableCrlError from None

    def ask(self, certificate: JpkiCertificate, root: TrustedRoot, at: datetime) -> RevocationStatus:
        """What this list says of a certificate that `root` issued."""
        try:
            if not _signed_by(self.crl, root) or not _covers(self.crl, certificate):
                return RevocationStatus.UNKNOWN
        except PARSE_ERRORS:
            return RevocationStatus.UNKNOWN
        if certificate.serial in self.serials:
            return RevocationStatus.REVOKED
        end = self.crl.next_update_utc
        current = end is not None and self.crl.last_update_utc <= at < end
        return RevocationStatus.GOOD if current and self.understood else RevocationStatus.UNKNOWN


@dataclass(frozen=True, slots=True)
class StaticCRL:
    """Revocation lists from files, each trusted only when the root that issued the certificate signed the list.

    GOOD needs a list that is complete (no delta, all reasons), covers the certificate's distribution point, is current at
    `at` (thisUpdate ≤ at < nextUpdate) and has nothing critical that is not understood. A certificate that any such list
    of its root names is REVOKED even when the list is stale, and whatever the entry's date: a revocation is not undone.
    """

    lists: tuple[RevocationList, ...]
    trust: TrustStore

    @classmethod
    def from_files(cls, files: Iterable[bytes], trust: TrustStore) -> StaticCRL:
        """Read lists (PEM or DER). Raises `UnreadableCrlError`. Signatures are checked at each question, not here."""
        return cls(tuple(RevocationList.parse(data) for data in files), trust)

    def check(self, cert_der: bytes, at: datetime) -> RevocationStatus:
        """See the class. EXPIRED when `at` is after the certificate's end."""
        try:
            certificate = JpkiCertificate.parse(cert_der)
        except UnreadableCertificateError:
            return RevocationStatus.UNKNOWN
        roots = (self.trust.issuer_of(certificate, purpose) for purpose in Purpose)
        root = next(filter(None, roots), None)
        if root is None or at < certificate.not_before:
            return RevocationStatus.UNKNOWN
        answers = {revocation_list.ask(certificate, root, at) for revocation_list in self.lists}
        if RevocationStatus.REVOKED in answers:
            return RevocationStatus.REVOKED
        if at > certificate.not_after:
            return RevocationStatus.EXPIRED
        return RevocationStatus.GOOD if RevocationStatus.GOOD in answers else RevocationStatus.UNKNOWN


def _signed_by(crl: x509.CertificateRevocationList, root: TrustedRoot) -> bool:
    key = root.certificate.rsa_key
    return (
        key is not None
        and crl.issuer == root.certificate.x509.subject
        and "cRLSign" in root.certificate.key_usage
        and crl.signature_algorithm_oid == SignatureAlgorithmOID.RSA_WITH_SHA256
        and crl.is_signature_valid(key)
    )


def _covers(crl: x509.CertificateRevocationList, certificate: JpkiCertificate) -> bool:
    """Whether the list's scope is all that could revoke `certificate` (RFC 5280, 6.3.3 b)."""
    for extension in crl.extensions:
        if extension.critical and extension.oid not in _UNDERSTOOD:
            return False
        if isinstance(extension.value, x509.DeltaCRLIndicator):
            return False
        if isinstance(extension.value, x509.IssuingDistributionPoint) and not _in_scope(extension.value, certificate):
            return False
    return True


def _in_scope(point: x509.IssuingDistributionPoint, certificate: JpkiCertificate) -> bool:
    partial = (
        point.only_contains_ca_certs
        or point.only_contains_attribute_certs
        or point.indirect_crl
        or point.only_some_reasons
        or point.relative_name
    )
    if partial:
        return False
    if point.full_name is None:
        return True
    try:
        own = certificate.x509.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return False
    names = {_name_der(name) for distribution in own for name in distribution.full_name or ()}
    return any(_name_der(name) in names for name in point.full_name)


def _name_der(name: x509.GeneralName) -> bytes | str:
    """A general name in a form that compares; JPKI uses directory names only."""
    return name.value.public_bytes() if isinstance(name, x509.DirectoryName) else repr(name)
