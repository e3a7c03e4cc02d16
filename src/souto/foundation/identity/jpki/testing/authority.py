"""A certification authority in the shape of JPKI's: one self-signed root that issues cards' certificates and lists.

Shapes follow the profile: critical policies, opaque common name, four items in subjectAltName otherNames, issuerAltName and
CRL distribution points as directory names. `CertificateShape` can bend each of them, which is what the fault tests need.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from souto.foundation.identity.jpki import oids
from souto.foundation.identity.jpki.four_items import FourItems
from souto.foundation.identity.jpki.trust import Purpose

ORGANISATION: Final = "JPKI-TEST"
_UNITS: Final = {
    Purpose.SIGN: "JPKI-TEST for digital signature",
    Purpose.AUTH: "JPKI-TEST for user authentication",
}
ROOT_USAGE: Final = frozenset({"keyCertSign", "cRLSign"})
_OPERATOR: Final = "Souto test authority (not J-LIS)"
_POLICIES: Final = {Purpose.SIGN: oids.POLICY_SIGN_CARD, Purpose.AUTH: oids.POLICY_AUTH_CARD}


@dataclass(frozen=True, slots=True)
class CertificateShape:
    """One card's certificate to be issued, well formed unless told otherwise.

    `place`: prefecture and city, in romaji, for the subject and the distribution point. `policy` None leaves the policies
    out. `extra`: further extensions with their criticality. `person` None leaves the four items out. `digest`: the hash
    under the root's signature.
    """

    common_name: str
    serial: int
    not_before: datetime
    not_after: datetime
    person: FourItems | None = None
    place: tuple[str, str] = ("Tokyo-to", "Hachioji-shi")
    policy: str | None = ""
    key_usage: frozenset[str] | None = None
    is_ca: bool = False
    other_names: tuple[x509.OtherName, ...] | None = None
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 = field(default_factory=hashes.SHA256)


@dataclass(frozen=True, slots=True)
class Authority:
    """One root: its key and its certificate."""

    purpose: Purpose
    key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate

    @classmethod
    def create(
        cls,
        purpose: Purpose,
        key: rsa.RSAPrivateKey,
        *,
        not_before: datetime,
        not_after: datetime,
        serial: int = 1,
        key_usage: frozenset[str] = ROOT_USAGE,
    ) -> Authority:
        """A new root. Roots of one purpose share one name, as JPKI's generations do."""
        name = authority_name(purpose)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(serial)
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(_usage(key_usage), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DirectoryName(_service_name())]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_distribution(name), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        return cls(purpose, key, builder.sign(key, hashes.SHA256()))

    def issue(self, public_key: rsa.RSAPublicKey, shape: CertificateShape) -> x509.Certificate:
        """Issue a certificate for a card's key."""
        prefecture, city = shape.place
        sign = self.purpose is Purpose.SIGN
        localities = [x509.NameAttribute(NameOID.LOCALITY_NAME, part) for part in shape.place] if sign else []
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                *localities,
                x509.NameAttribute(NameOID.COMMON_NAME, shape.common_name),
            ]
        )
        default_usage = {"digitalSignature", "nonRepudiation"} if sign else {"digitalSignature"}
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(shape.serial)
            .not_valid_before(shape.not_before)
            .not_valid_after(shape.not_after)
            .add_extension(_usage(shape.key_usage or frozenset(default_usage)), critical=True)
            .add_extension(x509.IssuerAlternativeName([x509.DirectoryName(_service_name())]), critical=False)
            .add_extension(_distribution(self.distribution_point(prefecture, city)), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        other_names = shape.other_names if shape.other_names is not None else _other_names(shape.person)
        if other_names:
            builder = builder.add_extension(x509.SubjectAlternativeName(other_names), critical=False)
        if shape.policy is not None:
            policy = x509.ObjectIdentifier(shape.policy or _POLICIES[self.purpose])
            statement = x509.PolicyInformation(policy, ["https://jpki-test.invalid/cps.html"])
            builder = builder.add_extension(x509.CertificatePolicies([statement]), critical=True)
        if shape.is_ca:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        for extension, critical in shape.extra:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.key, shape.digest)

    def distribution_point(self, prefecture: str, city: str) -> x509.Name:
        """The directory name under which the list of a city's certificates would be found."""
        return x509.Name(
            [
                *self.certificate.subject,
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "CRL Distribution Points"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, prefecture),
                x509.NameAttribute(NameOID.COMMON_NAME, city),
            ]
        )

    def revocation_list(
        self,
        revoked: Iterable[tuple[int, datetime]],
        *,
        this_update: datetime,
        next_update: datetime,
        extra: Iterable[tuple[x509.ExtensionType, bool]] = (),
    ) -> x509.CertificateRevocationList:
        """A list of `revoked` serial numbers and moments, signed with the root's key."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(int(this_update.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for serial, moment in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
            builder = builder.add_revoked_certificate(entry)
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.key, hashes.SHA256())


def authority_name(purpose: Purpose) -> x509.Name:
    """The name of a test root: the order and number of parts of the real one, another organisation."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNITS[purpose]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _OPERATOR),
        ]
    )


def _service_name() -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "公的個人認証サービス（試験用）"),
        ]
    )


def _distribution(name: x509.Name) -> x509.CRLDistributionPoints:
    point = x509.DistributionPoint([x509.DirectoryName(name)], relative_name=None, reasons=None, crl_issuer=None)
    return x509.CRLDistributionPoints([point])


def _other_names(person: FourItems | None) -> tuple[x509.OtherName, ...]:
    items = person.to_other_names() if person else {}
    return tuple(x509.OtherName(x509.ObjectIdentifier(oid), value) for oid, value in items.items())


def _usage(names: frozenset[str]) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature="digitalSignature" in names,
        content_commitment="nonRepudiation" in names,
        key_encipherment="keyEncipherment" in names,
        data_encipherment="dataEncipherment" in names,
        key_agreement="keyAgreement" in names,
        key_cert_sign="keyCertSign" in names,
        crl_sign="cRLSign" in names,
        encipher_only=False,
        decipher_only=False,
    )
