"""Trust: the root certificates (認証局の自己署名証明書) that Souto accepts, each pinned by its SHA-256 fingerprint.

JPKI has one tier: a root signs the card's certificate directly. Its three generations (2015, 2019, 2023) bear *one and
the same name* per purpose, so a name finds several roots and only the signature tells which one issued a certificate.
The two roots of 2023 come with the package; the others are given by configuration and must have the fingerprint of the
table below, or one that the city configures. Fingerprints: computed from the published files, or as published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import resources
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import SignatureAlgorithmOID

from souto.foundation.identity.jpki.certificate import PARSE_ERRORS, JpkiCertificate, UnreadableCertificateError
from souto.kernel.errors import SoutoError


class Purpose(StrEnum):
    """What a certificate is for: signing (署名用) or user authentication (利用者証明用). Each has roots of its own."""

    SIGN = "sign"
    AUTH = "auth"


class UntrustedRootError(SoutoError):
    """A file given as a root is not one: its fingerprint is not pinned, or it is no self-signed authority."""

    message = "ルート証明書「%(subject)s」を登録できません（%(reason)s）。J-LISが公表している証明書か確認してください。"


@dataclass(frozen=True, slots=True)
class KnownRoot:
    """A production root as J-LIS publishes it. `sha256` is None where the fingerprint is not known to us."""

    label: str
    purpose: Purpose
    serial: int
    sha256: str | None


PRODUCTION_ROOTS: Final = (
    KnownRoot("signca01", Purpose.SIGN, 0x01, "19645405a1fe14377434bd55957628ac4038557c542403a2243f21c706fc9355"),
    KnownRoot("signca02", Purpose.SIGN, 0x0132C4AB, "79679c33e4cc9319440f1ad120a597ff1844e2ef217063adb176966fd5e6fbeb"),
    KnownRoot("signca03", Purpose.SIGN, 0x067C6A21, "d227f6cde11d35c5252178f106f843d24651944975413b539fa2fb68dbfa365f"),
    KnownRoot("authca01", Purpose.AUTH, 0x01, "4dcfc4ca0aaf9fb2a3081b3f0c991c320b3acc008667a341eeaec5af1d58ca7d"),
    KnownRoot("authca02", Purpose.AUTH, 0x0133C349, None),
    KnownRoot("authca03", Purpose.AUTH, 0x06D18006, "64114f29620c24ed2631d46476a040e7ee740d956089c00b036a6a8118c322b5"),
)
"""The published roots: 01 of 2015 (to 2025-10-19), 02 of 2019 (to 2029-09-14), 03 of 2023 (to 2033-07-15)."""

_BUNDLED: Final = ("signca03", "authca03")


@dataclass(frozen=True, slots=True)
class TrustedRoot:
    """A root that was accepted, and what it may vouch for."""

    label: str
    purpose: Purpose
    certificate: JpkiCertificate = field(repr=False)

    def valid_at(self, at: datetime) -> bool:
        """Whether the root itself is within its validity at `at`."""
        return self.certificate.not_before <= at <= self.certificate.not_after

    def issued(self, certificate: JpkiCertificate) -> bool:
        """Whether this root's key signed `certificate`, in the root's name and with sha256WithRSAEncryption."""
        if certificate.x509.signature_algorithm_oid != SignatureAlgorithmOID.RSA_WITH_SHA256:
            return False
        try:
            certificate.x509.verify_directly_issued_by(self.certificate.x509)
        except (*PARSE_ERRORS, InvalidSignature):
            return False
        return True


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The accepted roots. Made once from configuration; it never changes."""

    roots: tuple[TrustedRoot, ...]

    def issuer_of(self, certificate: JpkiCertificate, purpose: Purpose) -> TrustedRoot | None:
        """The root of `purpose` whose signature `certificate` carries, among all that bear its issuer's name."""
        return next((r for r in self.roots if r.purpose is purpose and r.issued(certificate)), None)

    @classmethod
    def from_pems(
        cls,
        *,
        sign: Iterable[bytes] = (),
        auth: Iterable[bytes] = (),
        pinned: Iterable[str] | None = None,
    ) -> TrustStore:
        """Roots from files: PEM (several in one file are fine) or DER.

        `pinned`: SHA-256 fingerprints, hexadecimal, case and colons as you like; when given, a root whose fingerprint is
        not among them raises `UntrustedRootError`. Leave it out only for authorities that this installation made itself.
        Every root must be a self-signed authority of RSA, 2048 bits or more, that may sign certificates.
        """
        pins = None if pinned is None else {_hex(pin) for pin in pinned}
        roots: dict[str, TrustedRoot] = {}
        for purpose, files in ((Purpose.SIGN, sign), (Purpose.AUTH, auth)):
            for data in files:
                for certificate in load_certificates(data):
                    if pins is not None and certificate.fingerprint not in pins:
                        raise UntrustedRootError(subject=certificate.subject, reason="指紋（SHA-256）が一致しません")
                    roots.setdefault(certificate.fingerprint, _accept(certificate, purpose))
        return cls(tuple(roots.values()))

    @classmethod
    def production(cls, *files: bytes, more_pins: Mapping[str, Purpose] | None = None) -> TrustStore:
        """The two bundled roots of 2023, and the other generations from `files` (PEM or DER).

        A file is taken when its fingerprint is in `PRODUCTION_ROOTS` or in `more_pins` (fingerprint to purpose; for a
        root that J-LIS publishes later, or the authentication root of 2019, whose fingerprint we have not seen). Anything
        else, test authorities included, raises `UntrustedRootError`: the test hierarchy can never enter here by mistake.
        """
        pins = {root.sha256: (root.label, root.purpose) for root in PRODUCTION_ROOTS if root.sha256}
        for pin, purpose in (more_pins or {}).items():
            pins.setdefault(_hex(pin), (_hex(pin)[:16], purpose))
        folder = resources.files(__package__).joinpath("roots")
        bundled = [folder.joinpath(f"{label}.pem").read_bytes() for label in _BUNDLED]
        roots: dict[str, TrustedRoot] = {}
        for data in (*bundled, *files):
            for certificate in load_certificates(data):
                if certificate.fingerprint not in pins:
                    raise UntrustedRootError(subject=certificate.subject, reason="指紋（SHA-256）が一致しません")
                label, purpose = pins[certificate.fingerprint]
                roots.setdefault(certificate.fingerprint, _accept(certificate, purpose, label))
        return cls(tuple(roots.values()))


def load_certificates(data: bytes) -> list[JpkiCertificate]:
    """The certificates of a PEM file (one or more) or of a DER file (one).

    Raises `UnreadableCertificateError` when there is none or one of them cannot be read.
    """
    if b"-----BEGIN" not in data:
        return [JpkiCertificate.parse(data)]
    try:
        from_pem = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise UnreadableCertificateError from None
    return [JpkiCertificate.parse(certificate.public_bytes(Encoding.DER)) for certificate in from_pem]


def _accept(certificate: JpkiCertificate, purpose: Purpose, label: str = "") -> TrustedRoot:
    root = TrustedRoot(label or certificate.fingerprint[:16], purpose, certificate)
    reason = ""
    if not certificate.is_ca or "keyCertSign" not in certificate.key_usage:
        reason = "認証局の証明書ではありません"
    elif certificate.rsa_key is None or not root.issued(certificate):
        reason = "自己署名を確認できません"
    if reason:
        raise UntrustedRootError(subject=certificate.subject, reason=reason)
    return root


def _hex(fingerprint: str) -> str:
    return fingerprint.replace(":", "").replace(" ", "").lower()
