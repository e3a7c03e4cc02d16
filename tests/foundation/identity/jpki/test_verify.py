"""Signatures and certificates: the good one passes every check, and each fault fails the check that is there for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki import der, oids
from souto.foundation.identity.jpki.report import LABELS
from souto.foundation.identity.jpki.testing import Authority, CertificateShape, keys
from tests.foundation.identity.jpki.conftest import CONTENT, NOW, PERSON, Bench, failed


class Says:
    """A checker with one answer, which remembers whether it was asked."""

    def __init__(self, status: jpki.RevocationStatus) -> None:
        self.status = status
        self.asked = 0

    def check(self, cert_der: bytes, at: datetime) -> jpki.RevocationStatus:
        self.asked += 1
        return self.status


# The good case


@pytest.mark.parametrize("embed", [False, True])
def test_a_card_signature_passes_every_check(bench: Bench, embed: bool) -> None:
    report = bench.verify(bench.envelope(embed=embed))

    assert report.ok
    assert not report.failures()
    assert report.person == PERSON.__class__.from_other_names(PERSON.to_other_names())
    assert report.revocation is jpki.RevocationStatus.GOOD
    assert report.signing_time == NOW
    assert report.certificate_der == bench.card.sign_certificate


def test_every_check_has_a_japanese_name_and_detail(bench: Bench) -> None:
    good, bad = bench.verify(bench.envelope()), bench.verify(b"")

    assert [check.name for check in good.checks] == [check.name for check in bad.checks] == list(jpki.CheckName)
    assert set(LABELS) == set(jpki.CheckName)
    assert all(check.label and check.detail for check in (*good.checks, *bad.checks))


def test_the_report_as_json_holds_no_personal_data(bench: Bench) -> None:
    report = bench.verify(bench.envelope(), serial_key=b"k" * 32)

    text = str(report.as_dict())

    serial = jpki.JpkiCertificate.parse(bench.card.sign_certificate).serial
    assert not any(secret in text for secret in (PERSON.name[1:], PERSON.address, "19850401", str(serial)))
    assert report.as_dict()["ok"] is True


def test_the_serial_digest_depends_on_key_and_certificate_only(bench: Bench) -> None:
    first = bench.verify(bench.envelope(), serial_key=b"a" * 32)
    again = bench.verify(bench.envelope(at=NOW - timedelta(hours=2)), serial_key=b"a" * 32)
    other_key = bench.verify(bench.envelope(), serial_key=b"b" * 32)
    other_card = bench.verify(bench.envelope(certificate=bench.issue(serial=78)), serial_key=b"a" * 32)

    assert first.serial_digest == again.serial_digest
    assert len({first.serial_digest, other_key.serial_digest, other_card.serial_digest}) == 3
    assert bench.verify(bench.envelope()).serial_digest == ""


# What the signature covers


def test_other_content_fails(bench: Bench) -> None:
    report = bench.verify(bench.envelope(), content=CONTENT + b" ")

    assert failed(report) == {"message_digest"}


def test_embedded_content_that_differs_from_what_the_server_stored_fails(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    signature = bench.card.sign(jpki.digest_to_sign(attributes))
    envelope = jpki.build_cms(
        attributes, signature=signature, certificate=bench.card.sign_certificate, content=b"something else"
    )

    assert failed(bench.verify(envelope)) == {"message_digest"}


def test_changed_attributes_fail(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    later = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW + timedelta(seconds=1))
    signature = bench.card.sign(jpki.digest_to_sign(attributes))

    envelope = jpki.build_cms(later, signature=signature, certificate=bench.card.sign_certificate)

    report = bench.verify(envelope, serial_key=b"k" * 32)
    assert failed(report) == {"signature"}
    assert report.person is None
    assert report.serial_digest == ""


def test_a_changed_signature_value_fails(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    signature = bytearray(bench.card.sign(jpki.digest_to_sign(attributes)))
    signature[100] ^= 1

    envelope = jpki.build_cms(attributes, signature=bytes(signature), certificate=bench.card.sign_certificate)

    assert failed(bench.verify(envelope)) == {"signature"}


def test_a_signature_over_the_content_instead_of_the_attributes_fails(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    signature = bench.card.sign(jpki.digest_to_sign(CONTENT))

    envelope = jpki.build_cms(attributes, signature=signature, certificate=bench.card.sign_certificate)

    assert failed(bench.verify(envelope)) == {"signature"}


def test_the_authentication_key_cannot_sign_for_the_signing_certificate(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    signature = bench.card.authenticate(jpki.digest_to_sign(attributes))

    envelope = jpki.build_cms(attributes, signature=signature, certificate=bench.card.sign_certificate)

    assert failed(bench.verify(envelope)) == {"signature"}


def test_a_content_type_other_than_data_fails(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    enveloped_data = der.encode_oid("1.2.840.113549.1.7.3")
    attributes = attributes.replace(der.encode_oid(oids.CMS_DATA), enveloped_data)
    signature = bench.card.sign(jpki.digest_to_sign(attributes))

    envelope = jpki.build_cms(attributes, signature=signature, certificate=bench.card.sign_certificate)

    assert failed(bench.verify(envelope)) == {"content_type"}


# The certificate


def test_a_root_of_the_same_name_with_another_key_is_another_root(bench: Bench) -> None:
    impostor = Authority.create(
        jpki.Purpose.SIGN, bench.other_key, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=1)
    )
    root = impostor.certificate.public_bytes(Encoding.DER)

    report = bench.verify(bench.envelope(), trust=jpki.TrustStore.from_pems(sign=[root]))

    assert failed(report) == {"chain"}
    assert report.person is None


def test_the_real_roots_do_not_accept_a_test_card(bench: Bench) -> None:
    checker = Says(jpki.RevocationStatus.GOOD)

    report = bench.verify(bench.envelope(), trust=jpki.TrustStore.production(), revocation=checker)

    assert "chain" in failed(report)
    assert not report.ok
    assert checker.asked == 0


def test_one_root_is_chosen_by_signature_among_generations_of_one_name(bench: Bench) -> None:
    younger = Authority.create(
        jpki.Purpose.SIGN, bench.other_key, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=1)
    )
    own = bench.hierarchy.sign_authority.certificate
    assert younger.certificate.subject == own.subject
    roots = [certificate.public_bytes(Encoding.DER) for certificate in (younger.certificate, own)]

    report = bench.verify(bench.envelope(), trust=jpki.TrustStore.from_pems(sign=roots))

    assert report.ok
    assert report.certificate is not None
    assert report.certificate.root == jpki.JpkiCertificate.parse(roots[1]).fingerprint[:16]


def test_an_expired_root_fails(bench: Bench) -> None:
    short = Authority.create(
        jpki.Purpose.SIGN,
        bench.hierarchy.sign_authority.key,
        not_before=NOW - timedelta(days=400),
        not_after=NOW - timedelta(days=1),
    )
    trust = jpki.TrustStore.from_pems(sign=[short.certificate.public_bytes(Encoding.DER)])

    report = bench.verify(bench.envelope(), trust=trust, revocation=Says(jpki.RevocationStatus.GOOD))

    assert failed(report) == {"root_validity"}


@pytest.mark.parametrize(
    ("bent", "check"),
    [
        ({"not_after": NOW - timedelta(seconds=1)}, "validity"),
        ({"not_before": NOW + timedelta(seconds=1)}, "validity"),
        ({"is_ca": True}, "not_ca"),
        ({"key_usage": frozenset({"digitalSignature", "nonRepudiation", "keyCertSign"})}, "not_ca"),
        ({"key_usage": frozenset({"digitalSignature"})}, "key_usage"),
        ({"key_usage": frozenset({"keyEncipherment"})}, "key_usage"),
        ({"policy": oids.POLICY_AUTH_CARD}, "policy"),
        ({"policy": "1.2.392.200149.8.5.1.1.2"}, "policy"),
        ({"policy": None}, "policy"),
        ({"extra": ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),)},
         "critical_extensions"),
        ({"person": None}, "four_items"),
        ({"digest": hashes.SHA384()}, "chain"),
    ],
)  # fmt: skip
def test_each_fault_of_the_certificate_fails_its_check(bench: Bench, bent: dict[str, object], check: str) -> None:
    envelope = bench.envelope(certificate=bench.issue(**bent))

    report = bench.verify(envelope, revocation=Says(jpki.RevocationStatus.GOOD))

    assert failed(report) == {check}
    assert not report.ok


def test_a_short_key_is_refused(bench: Bench) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    shape = CertificateShape("SHORT", 79, NOW - timedelta(days=1), NOW + timedelta(days=1), PERSON)
    certificate = bench.hierarchy.sign_authority.issue(short.public_key(), shape).public_bytes(Encoding.DER)
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    signature = type(bench.card)(b"", b"", short, short).sign(jpki.digest_to_sign(attributes))

    report = bench.verify(jpki.build_cms(attributes, signature=signature, certificate=certificate))

    assert failed(report) == {"signature", "key_usage"}


@pytest.mark.parametrize("serial", [0, -5])
def test_a_serial_number_that_is_not_positive_is_unreadable(bench: Bench, serial: int) -> None:
    tbs, *rest = der.parse(bench.card.sign_certificate).children().rest()
    version, _, *fields = tbs.children().rest()
    changed = der.encode(der.SEQUENCE, version.raw, der.encode_integer(serial), *(field.raw for field in fields))

    with pytest.raises(jpki.UnreadableCertificateError):
        jpki.JpkiCertificate.parse(der.encode(der.SEQUENCE, changed, *(node.raw for node in rest)))


def test_an_unknown_extension_that_is_not_critical_is_ignored(bench: Bench) -> None:
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")

    report = bench.verify(bench.envelope(certificate=bench.issue(extra=((extension, False),))))

    assert report.ok


def test_the_root_itself_is_no_signer(bench: Bench) -> None:
    authority = bench.hierarchy.sign_authority
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    as_card = type(bench.card)(b"", b"", authority.key, authority.key)
    signature = as_card.sign(jpki.digest_to_sign(attributes))
    root = authority.certificate.public_bytes(Encoding.DER)

    report = bench.verify(jpki.build_cms(attributes, signature=signature, certificate=root))

    assert failed(report) >= {"not_ca", "key_usage", "policy", "four_items"}


def test_no_policy_configured_accepts_nothing(bench: Bench) -> None:
    assert failed(bench.verify(bench.envelope(), policies=frozenset())) == {"policy"}


def test_an_authentication_certificate_is_no_signing_certificate(bench: Bench) -> None:
    certificate = bench.issue(jpki.Purpose.AUTH)

    report = bench.verify(bench.envelope(certificate=certificate), policies=jpki.SIGN_POLICIES | jpki.AUTH_POLICIES)

    assert failed(report) >= {"chain", "key_usage"}


def test_the_four_items_twice_are_refused(bench: Bench) -> None:
    name = x509.OtherName(x509.ObjectIdentifier(oids.NAME), der.encode(der.UTF8_STRING, "別人".encode()))
    others = [x509.OtherName(x509.ObjectIdentifier(oid), value) for oid, value in PERSON.to_other_names().items()]

    report = bench.verify(bench.envelope(certificate=bench.issue(other_names=(*others, name))))

    assert failed(report) == {"four_items"}
    assert report.person is None


def test_two_certificates_that_claim_one_serial_are_refused(bench: Bench) -> None:
    twin = bench.issue(serial=jpki.JpkiCertificate.parse(bench.card.sign_certificate).serial)
    single = der.encode(der.CONTEXT_0, bench.card.sign_certificate)
    double = der.encode(der.CONTEXT_0, bench.card.sign_certificate, twin)

    report = bench.verify(_replaced(bench.envelope(), single, double))

    assert failed(report) == {"signer"}


def test_an_envelope_without_the_signer_is_refused(bench: Bench) -> None:
    with_it = der.encode(der.CONTEXT_0, bench.card.sign_certificate)
    with_another = der.encode(der.CONTEXT_0, bench.card.auth_certificate)

    report = bench.verify(_replaced(bench.envelope(), with_it, with_another))

    assert failed(report) == {"signer"}


# Revocation


@pytest.mark.parametrize("status", [s for s in jpki.RevocationStatus if s is not jpki.RevocationStatus.GOOD])
def test_only_good_is_good(bench: Bench, status: jpki.RevocationStatus) -> None:
    report = bench.verify(bench.envelope(), revocation=Says(status))

    assert failed(report) == {"revocation"}
    assert report.revocation is status
    assert report.only_revocation_unknown is (status is jpki.RevocationStatus.UNKNOWN)


def test_an_unknown_status_excuses_no_other_fault(bench: Bench) -> None:
    report = bench.verify(bench.envelope(), revocation=jpki.Unconfigured(), content=b"other")

    assert failed(report) == {"message_digest", "revocation"}
    assert not report.only_revocation_unknown


# Authentication


def test_an_authentication_certificate_and_its_challenge(bench: Bench) -> None:
    challenge = b"fresh random bytes of the server"
    signature = bench.card.authenticate(jpki.digest_to_sign(challenge))
    common = {
        "certificate": bench.card.auth_certificate,
        "trust": bench.trust,
        "revocation": bench.lists(),
        "at": NOW,
        "policies": jpki.AUTH_POLICIES,
    }

    alone = jpki.verify_certificate(**common)  # type: ignore[arg-type]
    good = jpki.verify_challenge(challenge=challenge, signature=signature, **common)  # type: ignore[arg-type]
    replayed = jpki.verify_challenge(challenge=b"another", signature=signature, **common)  # type: ignore[arg-type]

    assert alone.ok
    assert good.ok
    assert good.person is None
    assert failed(replayed) == {"signature"}


def test_a_signing_certificate_is_no_authentication_certificate(bench: Bench) -> None:
    report = jpki.verify_certificate(
        certificate=bench.card.sign_certificate,
        trust=bench.trust,
        revocation=bench.lists(),
        at=NOW,
        policies=jpki.AUTH_POLICIES,
    )

    assert failed(report) == {"chain", "policy"}


def test_garbage_is_no_certificate(bench: Bench) -> None:
    report = jpki.verify_challenge(
        certificate=b"\x30\x80garbage",
        challenge=b"",
        signature=b"",
        trust=bench.trust,
        revocation=bench.lists(),
        at=NOW,
        policies=jpki.AUTH_POLICIES,
    )

    assert failed(report) == {"structure"}
    assert not report.ok
    assert [check.made for check in report.checks].count(True) == 1


# Bytes from outside


def test_every_truncation_is_a_report(bench: Bench) -> None:
    envelope = bench.envelope()

    for end in range(0, len(envelope), 7):
        assert failed(bench.verify(envelope[:end], revocation=jpki.Unconfigured())) == {"structure"}


@given(st.binary(max_size=300))
def test_garbage_is_a_report(bench: Bench, garbage: bytes) -> None:
    report = bench.verify(garbage, revocation=jpki.Unconfigured())

    assert failed(report) == {"structure"}


@given(st.data())
def test_any_changed_byte_is_a_report_and_never_a_pass(bench: Bench, data: st.DataObject) -> None:
    envelope = bytearray(bench.envelope())
    position = data.draw(st.integers(0, len(envelope) - 1))
    envelope[position] ^= data.draw(st.integers(1, 255))

    report = bench.verify(bytes(envelope), revocation=Says(jpki.RevocationStatus.GOOD))

    # Names of algorithms and the version have two accepted spellings; whatever else changes must be noticed.
    if report.ok:
        original = jpki.SignedData.parse(bench.envelope())
        assert jpki.SignedData.parse(bytes(envelope)) == original


@given(st.data())
def test_a_certificate_with_a_changed_byte_never_raises(bench: Bench, data: st.DataObject) -> None:
    certificate = bytearray(bench.card.auth_certificate)
    for _ in range(data.draw(st.integers(1, 3))):
        certificate[data.draw(st.integers(0, len(certificate) - 1))] = data.draw(st.integers(0, 255))

    report = jpki.verify_certificate(
        certificate=bytes(certificate),
        trust=bench.trust,
        revocation=bench.lists(),
        at=NOW,
        policies=jpki.AUTH_POLICIES,
    )

    assert not report.ok or bytes(certificate) == bench.card.auth_certificate


def test_a_time_without_zone_is_the_callers_fault(bench: Bench) -> None:
    with pytest.raises(ValueError, match="time zone"):
        bench.verify(b"", at=NOW.replace(tzinfo=None))


def test_keys_survive_their_pem(bench: Bench) -> None:
    again = keys.key_from_pem(keys.key_to_pem(bench.other_key))

    assert again.private_numbers() == bench.other_key.private_numbers()


def _replaced(envelope: bytes, old: bytes, new: bytes) -> bytes:
    """The envelope with `old` replaced and the lengths around it set anew."""
    outer = der.parse(envelope).children()
    oid, wrapper = outer.take(der.OBJECT_ID), outer.take(der.CONTEXT_0)
    signed_data = wrapper.children().take(der.SEQUENCE)
    assert signed_data.content.count(old) == 1
    inner = der.encode(der.SEQUENCE, signed_data.content.replace(old, new))
    return der.encode(der.SEQUENCE, oid.raw, der.encode(der.CONTEXT_0, inner))
