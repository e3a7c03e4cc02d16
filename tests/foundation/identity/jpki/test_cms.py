"""Envelopes: what Souto writes others verify, what others write Souto reads, and only the profile is read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms as independent_cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki import der, oids
from souto.foundation.identity.jpki.testing import keys
from tests.foundation.identity.jpki.conftest import CONTENT, NOW, Bench, failed

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=False, timeout=60)


@pytest.fixture
def files(bench: Bench, tmp_path: Path) -> Path:
    (tmp_path / "root.pem").write_bytes(bench.hierarchy.sign_authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "content").write_bytes(CONTENT)
    key_id = x509.SubjectKeyIdentifier.from_public_key(bench.card.sign_key.public_key())
    signer = x509.load_der_x509_certificate(bench.issue(extra=((key_id, False),)))
    (tmp_path / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (tmp_path / "signer.key").write_bytes(keys.key_to_pem(bench.card.sign_key))
    return tmp_path


@needs_openssl
@pytest.mark.parametrize("embed", [False, True])
def test_openssl_verifies_our_envelope(bench: Bench, files: Path, embed: bool) -> None:
    (files / "envelope").write_bytes(bench.envelope(embed=embed))
    content = () if embed else ("-content", files / "content")

    result = openssl(
        *("cms", "-verify", "-binary", "-inform", "der", "-in", files / "envelope", *content),
        *("-CAfile", files / "root.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp()))),
    )

    assert result.returncode == 0, result.stderr
    assert result.stdout == CONTENT


@needs_openssl
def test_openssl_refuses_our_envelope_over_other_content(bench: Bench, files: Path) -> None:
    (files / "envelope").write_bytes(bench.envelope())
    (files / "content").write_bytes(CONTENT + b" ")

    result = openssl(
        *("cms", "-verify", "-binary", "-inform", "der", "-in", files / "envelope", "-content", files / "content"),
        *("-CAfile", files / "root.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp()))),
    )

    assert result.returncode != 0


@needs_openssl
@pytest.mark.parametrize("options", [(), ("-nodetach",), ("-nosmimecap",)])
def test_we_verify_the_envelope_of_openssl(bench: Bench, files: Path, options: tuple[str, ...]) -> None:
    result = openssl(
        *("cms", "-sign", "-binary", "-md", "sha256", "-in", files / "content", "-outform", "der"),
        *("-signer", files / "signer.pem", "-inkey", files / "signer.key", "-out", files / "envelope", *options),
    )
    assert result.returncode == 0, result.stderr

    report = bench.verify((files / "envelope").read_bytes())

    assert report.ok, report.failures()
    assert not bench.verify((files / "envelope").read_bytes(), content=b"other").ok


@needs_openssl
@pytest.mark.parametrize(
    "options", [("-md", "sha1"), ("-md", "sha512"), ("-noattr",), ("-keyid",), ("-keyopt", "rsa_padding_mode:pss")]
)
def test_signatures_outside_the_profile_are_refused(bench: Bench, files: Path, options: tuple[str, ...]) -> None:
    result = openssl(
        *("cms", "-sign", "-binary", "-in", files / "content", "-outform", "der", "-out", files / "envelope"),
        *("-signer", files / "signer.pem", "-inkey", files / "signer.key", *options),
    )
    assert result.returncode == 0, result.stderr

    report = bench.verify((files / "envelope").read_bytes())

    assert failed(report) == {"structure"}


def test_an_independent_reader_sees_the_same_envelope(bench: Bench) -> None:
    envelope = bench.envelope(embed=True)

    info = independent_cms.ContentInfo.load(envelope, strict=True)
    ours = jpki.SignedData.parse(envelope)

    signed = info["content"]
    (signer,) = signed["signer_infos"]
    attributes = {attribute["type"].native: attribute["values"].native[0] for attribute in signer["signed_attrs"]}
    assert signed["encap_content_info"]["content"].native == ours.embedded == CONTENT
    assert attributes == {
        "content_type": "data",
        "signing_time": NOW,
        "message_digest": hashlib.sha256(CONTENT).digest(),
    }
    assert signer["signed_attrs"].untag().dump() == ours.signed_attributes
    assert signer["signature_algorithm"]["algorithm"].native == "rsassa_pkcs1v15"
    assert signer["sid"].chosen["serial_number"].native == ours.serial
    assert info.dump(force=True) == envelope


def test_the_card_signs_the_digest_of_the_attributes_as_a_set(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)

    assert attributes[0] == der.SET
    assert jpki.digest_to_sign(attributes) == hashlib.sha256(attributes).digest()
    assert jpki.SignedData.parse(bench.envelope()).signed_attributes == attributes


def test_signing_times_after_2049_are_written_in_full(bench: Bench) -> None:
    late = datetime(2050, 1, 1, tzinfo=UTC)

    assert jpki.SignedData.parse(bench.envelope(at=late)).signing_time == late


def test_a_signing_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        jpki.prepare_signed_attributes(b"", signing_time=NOW.replace(tzinfo=None))


def test_the_other_name_of_the_algorithm_is_accepted(bench: Bench) -> None:
    envelope = bench.envelope()
    place = envelope.rindex(der.encode_oid(oids.RSA_ENCRYPTION))
    renamed = envelope[:place] + envelope[place:].replace(
        der.encode_oid(oids.RSA_ENCRYPTION), der.encode_oid(oids.SHA256_WITH_RSA), 1
    )

    assert bench.verify(renamed).ok


def without_attribute(attributes: bytes, oid: str) -> bytes:
    kept = [node.raw for node in der.parse(attributes).children().rest() if der.encode_oid(oid) not in node.raw]
    return der.encode_set_of(*kept)


@pytest.mark.parametrize("oid", [oids.ATTR_CONTENT_TYPE, oids.ATTR_MESSAGE_DIGEST])
def test_a_required_attribute_must_be_there(bench: Bench, oid: str) -> None:
    attributes = without_attribute(jpki.prepare_signed_attributes(CONTENT, signing_time=NOW), oid)
    signature = bench.card.sign(jpki.digest_to_sign(attributes))

    report = bench.verify(jpki.build_cms(attributes, signature=signature, certificate=bench.card.sign_certificate))

    assert failed(report) == {"structure"}
    assert "必要な署名属性" in report.checks[0].detail


def test_an_attribute_twice_is_refused(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    nodes = [node.raw for node in der.parse(attributes).children().rest()]
    other_digest = der.encode(
        der.SEQUENCE,
        der.encode_oid(oids.ATTR_MESSAGE_DIGEST),
        der.encode_set_of(der.encode(der.OCTET_STRING, bytes(32))),
    )
    doubled = der.encode_set_of(*nodes, other_digest)
    signature = bench.card.sign(jpki.digest_to_sign(doubled))

    report = bench.verify(jpki.build_cms(doubled, signature=signature, certificate=bench.card.sign_certificate))

    assert failed(report) == {"structure"}


def test_two_signers_are_refused(bench: Bench) -> None:
    outer = der.parse(bench.envelope()).children()
    outer.take(der.OBJECT_ID)
    *front, signers = outer.take(der.CONTEXT_0).children().take(der.SEQUENCE).children().rest()
    twice = der.encode(der.SET, signers.content, signers.content)
    signed_data = der.encode(der.SEQUENCE, *(node.raw for node in front), twice)
    envelope = der.encode(der.SEQUENCE, der.encode_oid(oids.CMS_SIGNED_DATA), der.encode(der.CONTEXT_0, signed_data))

    report = bench.verify(envelope)

    assert "署名者が1人ではありません" in report.checks[0].detail


def test_another_kind_of_cms_is_refused(bench: Bench) -> None:
    data = der.encode(der.SEQUENCE, der.encode_oid(oids.CMS_DATA), der.encode(der.CONTEXT_0))

    with pytest.raises(jpki.UnreadableCmsError, match="SignedData"):
        jpki.SignedData.parse(data)


def test_an_envelope_beyond_every_measure_is_not_even_read() -> None:
    with pytest.raises(jpki.UnreadableCmsError, match="大きすぎます"):
        jpki.SignedData.parse(bytes(64 * 1024 * 1024 + 1))


def test_a_digest_that_is_no_octet_string_is_refused(bench: Bench) -> None:
    attributes = jpki.prepare_signed_attributes(CONTENT, signing_time=NOW)
    digest = hashlib.sha256(CONTENT).digest()
    attributes = attributes.replace(der.encode(der.OCTET_STRING, digest), der.encode(der.UTF8_STRING, digest))
    signature = bench.card.sign(jpki.digest_to_sign(attributes))

    report = bench.verify(jpki.build_cms(attributes, signature=signature, certificate=bench.card.sign_certificate))

    assert failed(report) == {"structure"}


def test_build_refuses_a_certificate_that_is_none() -> None:
    with pytest.raises(jpki.UnreadableCertificateError):
        jpki.build_cms(b"1\x00", signature=b"", certificate=b"garbage")
