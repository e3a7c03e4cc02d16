"""Roots: the real ones are what J-LIS published, one is found by signature among its namesakes, and nothing else enters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki.testing import Authority
from souto.foundation.identity.jpki.trust import PRODUCTION_ROOTS, load_certificates
from tests.foundation.identity.jpki.conftest import NOW, Bench

REAL = {
    "sign_ca_2015.pem": "signca01",
    "sign_ca_2023.pem": "signca03",
    "auth_ca_2015.pem": "authca01",
    "auth_ca_2023.pem": "authca03",
}


def read(path: Path) -> jpki.JpkiCertificate:
    (certificate,) = load_certificates(path.read_bytes())
    return certificate


def test_bundled_roots_are_the_published_ones() -> None:
    store = jpki.TrustStore.production()

    known = {root.label: root for root in PRODUCTION_ROOTS}
    assert [root.label for root in store.roots] == ["signca03", "authca03"]
    for root in store.roots:
        assert root.certificate.fingerprint == known[root.label].sha256
        assert root.certificate.serial == known[root.label].serial
        assert root.purpose is known[root.label].purpose
        assert root.issued(root.certificate)
        assert root.certificate.key_usage == {"keyCertSign", "cRLSign"}
        assert root.valid_at(NOW)
        assert not root.valid_at(datetime(2033, 7, 16, tzinfo=UTC))


@pytest.mark.parametrize(("file", "label"), REAL.items())
def test_real_roots_have_the_pinned_fingerprint_and_serial(real_roots: Path, file: str, label: str) -> None:
    certificate = read(real_roots / file)

    known = next(root for root in PRODUCTION_ROOTS if root.label == label)
    assert certificate.fingerprint == known.sha256
    assert certificate.serial == known.serial
    assert certificate.is_ca
    assert certificate.not_understood == ()


@pytest.mark.parametrize("kind", ["sign", "auth"])
def test_real_generations_share_a_name_and_only_the_signature_tells_them_apart(real_roots: Path, kind: str) -> None:
    old, new = (read(real_roots / f"{kind}_ca_{year}.pem") for year in (2015, 2023))
    store = jpki.TrustStore.production(*(path.read_bytes() for path in real_roots.glob("*_2015.pem")))
    purpose = jpki.Purpose(kind)

    assert old.issuer_der == new.issuer_der
    assert len([root for root in store.roots if root.certificate.issuer_der == old.issuer_der]) == 2
    for certificate, label in ((old, f"{kind}ca01"), (new, f"{kind}ca03")):
        root = store.issuer_of(certificate, purpose)
        assert root is not None
        assert root.label == label


def test_a_root_vouches_for_its_own_purpose_only(real_roots: Path) -> None:
    sign = read(real_roots / "sign_ca_2023.pem")

    assert jpki.TrustStore.production().issuer_of(sign, jpki.Purpose.AUTH) is None


def test_der_and_bundles_load_as_well_as_pem(real_roots: Path) -> None:
    pems = [(real_roots / file).read_bytes() for file in ("sign_ca_2015.pem", "sign_ca_2023.pem")]
    as_der = [read(real_roots / "sign_ca_2023.pem").der]

    bundle = jpki.TrustStore.from_pems(sign=[b"".join(pems)])

    assert {root.certificate.fingerprint for root in bundle.roots} == {
        root.sha256 for root in PRODUCTION_ROOTS if root.label in {"signca01", "signca03"}
    }
    assert jpki.TrustStore.from_pems(sign=as_der).roots[0].certificate == bundle.roots[1].certificate


def test_production_refuses_the_test_authority_unless_it_is_pinned(bench: Bench) -> None:
    root = bench.hierarchy.sign_authority.certificate.public_bytes(Encoding.PEM)
    fingerprint = load_certificates(root)[0].fingerprint

    with pytest.raises(jpki.UntrustedRootError, match="指紋"):
        jpki.TrustStore.production(root)
    pinned = jpki.TrustStore.production(root, more_pins={fingerprint.upper(): jpki.Purpose.SIGN})

    assert pinned.issuer_of(jpki.JpkiCertificate.parse(bench.card.sign_certificate), jpki.Purpose.SIGN)


def test_pins_are_compared_whatever_their_spelling(bench: Bench) -> None:
    root = bench.hierarchy.sign_authority.certificate.public_bytes(Encoding.DER)
    fingerprint = jpki.JpkiCertificate.parse(root).fingerprint
    colons = ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()

    assert len(jpki.TrustStore.from_pems(sign=[root], pinned=[colons]).roots) == 1
    with pytest.raises(jpki.UntrustedRootError):
        jpki.TrustStore.from_pems(sign=[root], pinned=["00" * 32])


def test_a_card_certificate_is_no_root(bench: Bench) -> None:
    with pytest.raises(jpki.UntrustedRootError, match="認証局の証明書ではありません"):
        jpki.TrustStore.from_pems(sign=[bench.card.sign_certificate])


def test_an_authority_that_another_signed_is_no_root(bench: Bench) -> None:
    intermediate = bench.issue(is_ca=True, key_usage=frozenset({"keyCertSign", "cRLSign"}))

    with pytest.raises(jpki.UntrustedRootError, match="自己署名"):
        jpki.TrustStore.from_pems(sign=[intermediate])


def test_a_namesake_with_another_key_did_not_issue(bench: Bench) -> None:
    namesake = Authority.create(
        jpki.Purpose.SIGN, bench.other_key, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=1)
    )
    store = jpki.TrustStore.from_pems(sign=[namesake.certificate.public_bytes(Encoding.DER)])

    assert store.issuer_of(jpki.JpkiCertificate.parse(bench.card.sign_certificate), jpki.Purpose.SIGN) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"-----BEGIN", b"\x30\x03\x02\x01\x01"],
)
def test_files_that_are_no_certificates_say_so(data: bytes) -> None:
    with pytest.raises(jpki.UnreadableCertificateError):
        jpki.TrustStore.from_pems(sign=[data])
