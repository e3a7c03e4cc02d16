"""One test authority for the run, and a card holder whose signature is in order until a test bends something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from souto.foundation.identity import jpki
from souto.foundation.identity.jpki.testing import CertificateShape, TestCard, TestHierarchy
from souto.foundation.identity.jpki.testing import keys as test_keys
from tests.samples import samples

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CONTENT = "申請書の正規化された内容 nonce=8f2c".encode()
PERSON = jpki.FourItems(
    name="𠮷田　花子".replace("𠮷", "吉"),
    sex=jpki.Sex.FEMALE,
    birth_date=jpki.BirthDate.parse("319850401"),
    address="東京都八王子市元本郷町三丁目２４番１号",
    name_mask="10000",
)


@dataclass(frozen=True)
class Bench:
    """What a test needs to sign and to verify."""

    hierarchy: TestHierarchy
    card: TestCard
    trust: jpki.TrustStore
    other_key: rsa.RSAPrivateKey

    def lists(self, at: datetime = NOW) -> jpki.StaticCRL:
        files = [self.hierarchy.crl(purpose, at=at - timedelta(hours=1)) for purpose in jpki.Purpose]
        return jpki.StaticCRL.from_files(files, self.trust)

    def envelope(
        self, content: bytes = CONTENT, *, certificate: bytes | None = None, embed: bool = False, at: datetime = NOW
    ) -> bytes:
        """Signed with the card's signing key; `certificate` puts another one of the same key in the envelope."""
        attributes = jpki.prepare_signed_attributes(content, signing_time=at)
        return jpki.build_cms(
            attributes,
            signature=self.card.sign(jpki.digest_to_sign(attributes)),
            certificate=certificate or self.card.sign_certificate,
            content=content if embed else None,
        )

    def verify(self, cms: bytes, **changes: object) -> jpki.VerificationReport:
        """Verify as a server would; `changes` replace arguments."""
        arguments: dict[str, object] = {
            "cms": cms,
            "content": CONTENT,
            "trust": self.trust,
            "revocation": self.lists(),
            "at": NOW,
            "policies": jpki.SIGN_POLICIES,
        }
        return jpki.verify_signature(**{**arguments, **changes})  # type: ignore[arg-type]

    def issue(self, purpose: jpki.Purpose = jpki.Purpose.SIGN, **bent: object) -> bytes:
        """A certificate for the card's signing key, with the shape bent as told. DER."""
        shape: dict[str, object] = {
            "common_name": "0123ABCDTEST",
            "serial": 77,
            "not_before": NOW - timedelta(days=100),
            "not_after": NOW + timedelta(days=100),
            "person": PERSON if purpose is jpki.Purpose.SIGN else None,
        }
        key = self.card.sign_key.public_key()
        issued = self.hierarchy.authority(purpose).issue(key, CertificateShape(**{**shape, **bent}))  # type: ignore[arg-type]
        return issued.public_bytes(test_keys.Encoding.DER)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    hierarchy = TestHierarchy.open(tmp_path_factory.mktemp("jpki"))
    card = hierarchy.card("hanako", PERSON, issued=NOW - timedelta(days=30))
    return Bench(hierarchy, card, hierarchy.trust_store(), test_keys.new_key())


def failed(report: jpki.VerificationReport) -> set[str]:
    """Names of the checks that were made and failed."""
    return {check.name.value for check in report.failures()}


@pytest.fixture(scope="session")
def real_roots() -> Path:
    """The folder of real root certificates; skips where the sample data is not at hand."""
    return samples("jpki")
