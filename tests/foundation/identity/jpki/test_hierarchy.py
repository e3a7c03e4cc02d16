"""The test hierarchy: shaped like JPKI, kept in its folder, and never to be taken for the real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki.testing import TestHierarchy
from souto.foundation.identity.jpki.testing.hierarchy import CardIdError, DigestLengthError, ForeignCertificateError
from souto.foundation.identity.jpki.testing.keys import write_once
from tests.foundation.identity.jpki.conftest import NOW, PERSON, Bench


def test_another_process_finds_the_same_authorities_and_cards(bench: Bench) -> None:
    again = TestHierarchy.open(bench.hierarchy.folder)

    card = again.find_card("hanako")

    assert again.trust_store().roots == bench.trust.roots
    assert card is not None
    assert card.sign_certificate == bench.card.sign_certificate
    assert card.sign(b"d" * 32) == bench.card.sign(b"d" * 32)
    assert card.auth_key.private_numbers() == bench.card.auth_key.private_numbers()
    assert again.find_card("nobody") is None


def test_a_card_once_issued_stays_as_it_is(bench: Bench) -> None:
    assert bench.hierarchy.card("hanako", PERSON, issued=NOW).sign_certificate == bench.card.sign_certificate


def test_two_starts_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(TestHierarchy.open, [tmp_path] * 4))

    stores = {str(hierarchy.trust_store().roots) for hierarchy in opened}
    assert len(stores) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_keys_are_readable_by_their_owner_only(bench: Bench) -> None:
    for path in bench.hierarchy.folder.rglob("*.key.pem"):
        assert path.stat().st_mode & 0o077 == 0


def test_a_file_is_written_once(tmp_path: Path) -> None:
    assert write_once(tmp_path / "a", b"first") == b"first"
    assert write_once(tmp_path / "a", b"second") == b"first"


def test_the_root_is_shaped_like_the_real_one_under_another_name(bench: Bench, real_roots: Path) -> None:
    real = x509.load_pem_x509_certificate((real_roots / "sign_ca_2023.pem").read_bytes())
    ours = bench.hierarchy.sign_authority.certificate

    assert [(e.oid, e.critical) for e in ours.extensions] == [(e.oid, e.critical) for e in real.extensions]
    assert [attribute.oid for attribute in ours.subject] == [attribute.oid for attribute in real.subject]
    assert ours.signature_algorithm_oid == real.signature_algorithm_oid
    assert real.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "JPKI"
    assert ours.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "JPKI-TEST"


def test_a_signing_certificate_is_shaped_like_the_profile(bench: Bench) -> None:
    certificate = x509.load_der_x509_certificate(bench.card.sign_certificate)
    critical = {extension.oid for extension in certificate.extensions if extension.critical}
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    common_name = str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    assert critical == {ExtensionOID.KEY_USAGE, ExtensionOID.CERTIFICATE_POLICIES}
    assert certificate.extensions.get_extension_for_oid(ExtensionOID.ISSUER_ALTERNATIVE_NAME)
    assert [attribute.oid for attribute in certificate.subject] == [
        NameOID.COUNTRY_NAME,
        NameOID.LOCALITY_NAME,
        NameOID.LOCALITY_NAME,
        NameOID.COMMON_NAME,
    ]
    assert all(isinstance(name, x509.DirectoryName) for point in points for name in point.full_name or ())
    assert not any(part in common_name for part in ("hanako", "19850401", *PERSON.name))
    assert jpki.JpkiCertificate.parse(bench.card.auth_certificate).person is None


def test_a_certificate_is_read_as_a_japanese_page_would_show_it(bench: Bench) -> None:
    report = bench.verify(bench.envelope())

    assert report.certificate is not None
    assert "L=Hachioji-shi" in report.certificate.subject
    assert report.certificate.not_after - report.certificate.not_before == timedelta(days=5 * 365)
    serial = jpki.JpkiCertificate.parse(bench.card.sign_certificate).serial
    assert str(serial) not in repr(report)


def test_reissue_revokes_the_old_card_and_not_the_new(tmp_path: Path) -> None:
    hierarchy = TestHierarchy.open(tmp_path)
    old = hierarchy.card("taro", PERSON, issued=NOW)

    new = hierarchy.reissue("taro", PERSON, issued=NOW)

    files = [hierarchy.crl(purpose, at=NOW) for purpose in jpki.Purpose]
    lists = jpki.StaticCRL.from_files(files, hierarchy.trust_store())
    for purpose in jpki.Purpose:
        assert lists.check(old.certificate(purpose), NOW) is jpki.RevocationStatus.REVOKED
        assert lists.check(new.certificate(purpose), NOW) is jpki.RevocationStatus.GOOD


def test_reissue_of_a_card_that_never_was_issues_it(tmp_path: Path) -> None:
    hierarchy = TestHierarchy.open(tmp_path)

    card = hierarchy.reissue("new", PERSON, issued=NOW)

    assert hierarchy.find_card("new") is not None
    assert not (tmp_path / "revoked.json").exists()
    assert jpki.JpkiCertificate.parse(card.sign_certificate).person is not None


def test_a_foreign_certificate_is_not_revoked(bench: Bench, real_roots: Path) -> None:
    real = x509.load_pem_x509_certificate((real_roots / "sign_ca_2023.pem").read_bytes())

    with pytest.raises(ForeignCertificateError):
        bench.hierarchy.revoke(real.public_bytes(Encoding.DER), at=NOW)


@pytest.mark.parametrize("card_id", ["", "../x", "a/b", "カード", "a" * 65, ".hidden"])
def test_a_card_id_is_a_plain_word(bench: Bench, card_id: str) -> None:
    with pytest.raises(CardIdError):
        bench.hierarchy.find_card(card_id)


@pytest.mark.parametrize("digest", [b"", b"d" * 20, b"d" * 33])
def test_a_card_signs_sha256_digests_only(bench: Bench, digest: bytes) -> None:
    with pytest.raises(DigestLengthError):
        bench.card.sign(digest)
