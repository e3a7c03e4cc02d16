"""Test hierarchy: both authorities, the cards of test residents and the revocation lists, kept in one folder.

    hierarchy = TestHierarchy.open(state / "jpki")
    card = hierarchy.card("hanako", person, issued=clock.now())
    signature = card.sign(digest)                # what デジタル認証アプリ returns, with card.sign_certificate
    trust = hierarchy.trust_store()              # what the server accepts

Files: `sign-ca.pem`, `auth-ca.pem` with their `.key.pem`; `cards/<id>/{sign,auth}.pem` with keys; `revoked.json`. A card
once issued stays as it is; give another id, or `reissue`, for other items.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from souto.foundation.identity.jpki.certificate import JpkiCertificate
from souto.foundation.identity.jpki.four_items import FourItems
from souto.foundation.identity.jpki.testing import keys
from souto.foundation.identity.jpki.testing.authority import Authority, CertificateShape
from souto.foundation.identity.jpki.trust import Purpose, TrustStore
from souto.kernel.errors import SoutoError

_ROOT_FROM: Final = datetime(2024, 1, 1, tzinfo=UTC)
_ROOT_UNTIL: Final = datetime(2049, 12, 31, 14, 59, 59, tzinfo=UTC)
_SHA256_BYTES: Final = 32
_CARD_LASTS: Final = timedelta(days=5 * 365)
HACHIOJI: Final = ("Tokyo-to", "Hachioji-shi")
"""Prefecture and city as they stand in a subject, in romaji."""
_CARD_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class CardIdError(SoutoError):
    """A card's id is not a plain word; it names a folder."""

    message = "カードの番号には半角の英数字、ハイフン、下線だけを使ってください: %(card)s"


class ForeignCertificateError(SoutoError):
    """A certificate that this hierarchy did not issue cannot be revoked by it."""

    message = "この試験用認証局が発行した電子証明書ではありません。"


class DigestLengthError(SoutoError):
    """A card signs SHA-256 digests, 32 bytes, and nothing else."""

    message = "署名する値はSHA-256のハッシュ値（32バイト）である必要があります。"


@dataclass(frozen=True, slots=True)
class TestCard:
    """A software card (ソフトウェアカード): the two keys and certificates of a test resident. Certificates are DER."""

    __test__ = False  # not a test case, whatever its name

    sign_certificate: bytes = field(repr=False)
    auth_certificate: bytes = field(repr=False)
    sign_key: rsa.RSAPrivateKey = field(repr=False)
    auth_key: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, digest_to_sign: bytes) -> bytes:
        """Sign a SHA-256 digest (32 bytes) with the signing key (署名用): RSA PKCS#1 v1.5 over DigestInfo."""
        return _sign(self.sign_key, digest_to_sign)

    def authenticate(self, digest_to_sign: bytes) -> bytes:
        """Sign a SHA-256 digest (32 bytes) with the authentication key (利用者証明用)."""
        return _sign(self.auth_key, digest_to_sign)

    def certificate(self, purpose: Purpose) -> bytes:
        """The certificate for `purpose`, DER."""
        return self.sign_certificate if purpose is Purpose.SIGN else self.auth_certificate


@dataclass(frozen=True, slots=True)
class TestHierarchy:
    """The two test authorities over a folder; see the module."""

    __test__ = False  # not a test case, whatever its name

    folder: Path
    sign_authority: Authority
    auth_authority: Authority

    @classmethod
    def open(cls, folder: Path) -> TestHierarchy:
        """The hierarchy in `folder`; authorities that are not there yet are made. Safe for several processes at once."""
        return cls(folder, _authority(folder, Purpose.SIGN), _authority(folder, Purpose.AUTH))

    def authority(self, purpose: Purpose) -> Authority:
        """The authority that issues certificates for `purpose`."""
        return self.sign_authority if purpose is Purpose.SIGN else self.auth_authority

    def trust_store(self) -> TrustStore:
        """Trust in exactly these two authorities."""
        sign, auth = (
            authority.certificate.public_bytes(Encoding.DER) for authority in (self.sign_authority, self.auth_authority)
        )
        return TrustStore.from_pems(sign=[sign], auth=[auth])

    def card(self, card_id: str, person: FourItems, *, issued: datetime, place: tuple[str, str] = HACHIOJI) -> TestCard:
        """The card `card_id`, issued at `issued` for five years if there is none yet. Raises `CardIdError`."""
        folder = self._card_folder(card_id)
        for purpose in Purpose:
            path = folder / f"{purpose}.pem"
            if not path.exists():
                key = _key(path.with_suffix(".key.pem")).public_key()
                shape = _shape(key, purpose, person, issued, place)
                certificate = self.authority(purpose).issue(key, shape)
                keys.write_once(path, certificate.public_bytes(Encoding.PEM))
        return _load_card(folder)

    def find_card(self, card_id: str) -> TestCard | None:
        """The card `card_id` when it has been issued. Raises `CardIdError`."""
        folder = self._card_folder(card_id)
        return _load_card(folder) if all((folder / f"{purpose}.pem").exists() for purpose in Purpose) else None

    def reissue(
        self, card_id: str, person: FourItems, *, issued: datetime, place: tuple[str, str] = HACHIOJI
    ) -> TestCard:
        """Revoke the card's certificates at `issued` and issue new ones, as a city does when a resident moves."""
        old = self.find_card(card_id)
        if old is not None:
            for purpose in Purpose:
                self.revoke(old.certificate(purpose), at=issued)
                for name in (f"{purpose}.pem", f"{purpose}.key.pem"):
                    (self._card_folder(card_id) / name).unlink()
        return self.card(card_id, person, issued=issued, place=place)

    def revoke(self, certificate: bytes, *, at: datetime) -> None:
        """Revoke a certificate (DER); the lists made from now on name it. Raises `ForeignCertificateError`."""
        read = JpkiCertificate.parse(certificate)
        trust = self.trust_store()
        purpose = next((purpose for purpose in Purpose if trust.issuer_of(read, purpose)), None)
        if purpose is None:
            raise ForeignCertificateError
        entries = self._revoked()
        entries[purpose].setdefault(str(read.serial), at.astimezone(UTC).isoformat())
        keys.replace(self.folder / "revoked.json", json.dumps(entries, indent=1).encode())

    def crl(self, purpose: Purpose, *, at: datetime, lasts: timedelta = timedelta(hours=24)) -> bytes:
        """The authority's complete list as of `at`, DER, current for `lasts`."""
        revoked = [(int(serial), datetime.fromisoformat(when)) for serial, when in self._revoked()[purpose].items()]
        crl = self.authority(purpose).revocation_list(revoked, this_update=at, next_update=at + lasts)
        return crl.public_bytes(Encoding.DER)

    def _revoked(self) -> dict[str, dict[str, str]]:
        path = self.folder / "revoked.json"
        empty: dict[str, dict[str, str]] = {purpose.value: {} for purpose in Purpose}
        return {**empty, **json.loads(path.read_text())} if path.exists() else empty

    def _card_folder(self, card_id: str) -> Path:
        if not _CARD_ID.fullmatch(card_id):
            raise CardIdError(card=card_id)
        return self.folder / "cards" / card_id


def _load_card(folder: Path) -> TestCard:
    sign, auth = folder / f"{Purpose.SIGN}.pem", folder / f"{Purpose.AUTH}.pem"
    return TestCard(_der(sign), _der(auth), _key(sign.with_suffix(".key.pem")), _key(auth.with_suffix(".key.pem")))


def _shape(
    key: rsa.RSAPublicKey, purpose: Purpose, person: FourItems, issued: datetime, place: tuple[str, str]
) -> CertificateShape:
    """Names are opaque, like the real ones: they tell the key and the moment, not the person."""
    begins = issued.astimezone(UTC).replace(microsecond=0)
    seed = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    sign = purpose is Purpose.SIGN
    return CertificateShape(
        common_name=f"{seed.hex()[:8].upper()}TEST{begins:%Y%m%d%H%M%S}" if sign else f"{seed.hex()[:10].upper()}TEST",
        serial=int.from_bytes(seed[:4], "big") >> 1 | 1 << 28,
        not_before=begins,
        not_after=min(begins + _CARD_LASTS, _ROOT_UNTIL),
        person=person if sign else None,
        place=place,
    )


def _authority(folder: Path, purpose: Purpose) -> Authority:
    path = folder / f"{purpose}-ca.pem"
    key = _key(path.with_suffix(".key.pem"))
    if not path.exists():
        made = Authority.create(purpose, key, not_before=_ROOT_FROM, not_after=_ROOT_UNTIL)
        keys.write_once(path, made.certificate.public_bytes(Encoding.PEM))
    return Authority(purpose, key, x509.load_pem_x509_certificate(path.read_bytes()))


def _key(path: Path) -> rsa.RSAPrivateKey:
    if path.exists():
        return keys.key_from_pem(path.read_bytes())
    return keys.key_from_pem(keys.write_once(path, keys.key_to_pem(keys.new_key())))


def _der(path: Path) -> bytes:
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


def _sign(key: rsa.RSAPrivateKey, digest: bytes) -> bytes:
    if len(digest) != _SHA256_BYTES:
        raise DigestLengthError
    return key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
