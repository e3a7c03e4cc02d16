"""The certificate profile (証明書プロファイル): what Souto reads from a JPKI certificate, and nothing it does not need.

Reading is one step and judging another (`verify`): this module only says what is written, so that an officer can be shown
it even when the certificate is refused.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtensionOID

from souto.foundation.identity.jpki import der, oids
from souto.foundation.identity.jpki.four_items import FourItems, UnreadableItemsError
from souto.kernel.errors import SoutoError

UNDERSTOOD_EXTENSIONS: Final = frozenset(
    {
        ExtensionOID.KEY_USAGE,
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)
"""Extensions that verification acts upon. Any other one that is critical refuses the certificate (RFC 5280, 4.2)."""

# What `cryptography` raises for bytes from outside. It warns about names of odd length, which is an error where warnings are.
PARSE_ERRORS: Final = (
    ValueError,
    TypeError,
    OverflowError,
    Warning,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


class UnreadableCertificateError(SoutoError):
    """The bytes are not an X.509 certificate, or not one with the structure of RFC 5280."""

    message = "電子証明書を読み取れませんでした。もう一度カードを読み取ってください。"


@dataclass(frozen=True, slots=True)
class JpkiCertificate:
    """A certificate as read. Nothing here has been checked: see `verify`.

    `issuer_der` is the issuer's name as its bytes stand; `key_usage` holds the names of RFC 5280 (`digitalSignature`, …).
    `person` is None when the certificate carries no four items or `person_problem` says why they could not be read.
    """

    der: bytes = field(repr=False)
    x509: x509.Certificate = field(repr=False)
    issuer_der: bytes = field(repr=False)
    serial: int = field(repr=False)
    issuer: str
    subject: str
    not_before: datetime
    not_after: datetime
    key_usage: frozenset[str]
    policies: frozenset[str]
    is_ca: bool
    not_understood: tuple[str, ...]
    person: FourItems | None = field(repr=False)
    person_problem: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole certificate, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def rsa_key(self) -> rsa.RSAPublicKey | None:
        """The public key when it is RSA of 2048 bits or more, as the profile says; else None."""
        try:
            key = self.x509.public_key()
        except (ValueError, UnsupportedAlgorithm):
            return None
        return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS else None

    def serial_digest(self, key: bytes) -> str:
        """HMAC-SHA256 of issuer name and serial under the caller's `key`, hexadecimal.

        The serial number (発行番号) links a card to a person (シリアル番号の紐付け); this digest finds her again without
        the number being stored. `key` should be a secret of 32 bytes; changing it breaks the link.
        """
        return hmac.new(key, self.issuer_der + der.encode_integer(self.serial), hashlib.sha256).hexdigest()

    @classmethod
    def parse(cls, data: bytes) -> JpkiCertificate:
        """Read a DER certificate. Raises `UnreadableCertificateError`, whatever the bytes are."""
        try:
            issuer_der, serial = _issuer_and_serial(data)
            certificate = x509.load_der_x509_certificate(data)
            return _read(data, certificate, issuer_der, serial)
        except (*PARSE_ERRORS, der.MalformedDerError):
            raise UnreadableCertificateError from None


MIN_RSA_BITS: Final = 2048
"""Smallest RSA modulus, in bits, that a certificate may have."""


def _issuer_and_serial(data: bytes) -> tuple[bytes, int]:
    """Issuer name as it stands and serial number, read by the strict reader (so both are canonical)."""
    tbs = der.parse(data).children().take(der.SEQUENCE).children()
    tbs.optional(der.CONTEXT_0)
    serial = der.integer(tbs.take(der.INTEGER))
    if serial <= 0:
        raise der.MalformedDerError
    tbs.take(der.SEQUENCE)
    return tbs.take(der.SEQUENCE).raw, serial


def _read(data: bytes, certificate: x509.Certificate, issuer_der: bytes, serial: int) -> JpkiCertificate:
    usage: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    other_names: list[x509.OtherName] = []
    is_ca = False
    not_understood = []
    for extension in certificate.extensions:
        if extension.critical and extension.oid not in UNDERSTOOD_EXTENSIONS:
            not_understood.append(extension.oid.dotted_string)
        match extension.value:
            case x509.KeyUsage() as value:
                usage = _usage_names(value)
            case x509.CertificatePolicies() as value:
                policies = frozenset(policy.policy_identifier.dotted_string for policy in value)
            case x509.BasicConstraints() as value:
                is_ca = value.ca
            case x509.SubjectAlternativeName() as value:
                other_names = [name for name in value if isinstance(name, x509.OtherName)]
    person, problem = _read_person(other_names)
    return JpkiCertificate(
        der=data,
        x509=certificate,
        issuer_der=issuer_der,
        serial=serial,
        issuer=certificate.issuer.rfc4514_string(),
        subject=certificate.subject.rfc4514_string(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        key_usage=usage,
        policies=policies,
        is_ca=is_ca,
        not_understood=tuple(not_understood),
        person=person,
        person_problem=problem,
    )


def _read_person(other_names: list[x509.OtherName]) -> tuple[FourItems | None, str]:
    """The four items, or None and what is wrong with them; no item at all is no problem of the reading."""
    known = {oids.NAME, oids.NAME_MASK, oids.SEX, oids.BIRTH_DATE, oids.ADDRESS, oids.ADDRESS_MASK}
    values: dict[str, bytes] = {}
    for name in other_names:
        oid = name.type_id.dotted_string
        if oid in values:
            return None, UnreadableItemsError.message
        if oid in known:
            values[oid] = name.value
    if not values:
        return None, ""
    try:
        return FourItems.from_other_names(values), ""
    except UnreadableItemsError as error:
        return None, str(error)


def _usage_names(usage: x509.KeyUsage) -> frozenset[str]:
    flags = {
        "digitalSignature": usage.digital_signature,
        "nonRepudiation": usage.content_commitment,
        "keyEncipherment": usage.key_encipherment,
        "dataEncipherment": usage.data_encipherment,
        "keyAgreement": usage.key_agreement,
        "keyCertSign": usage.key_cert_sign,
        "cRLSign": usage.crl_sign,
    }
    return frozenset(name for name, is_set in flags.items() if is_set)
