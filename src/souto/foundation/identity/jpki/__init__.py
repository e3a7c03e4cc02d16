"""JPKI (公的個人認証サービス): is this signature, made with a My Number Card, good for this document, and whose is it?

Problem. A resident signs an application with the signing certificate (署名用電子証明書) of her card, or shows the
authentication certificate (利用者証明用電子証明書). The city must know that a trusted authority issued the certificate, that it is
of the right kind, stands at this moment, was not revoked, and that the signature covers exactly the document the
server stored; and it must read the holder's name, sex, birth date and address (基本4情報) without guessing.

Method. `verify_signature`, `verify_certificate` and `verify_challenge` make a fixed list of checks and return a
`VerificationReport` with the result of each; bytes from outside never raise. Roots are pinned by SHA-256 fingerprint and
chosen by signature, because JPKI's generations share one name. Envelopes are read by a strict DER reader. Revocation is a
seam (`RevocationChecker`) where not knowing is never a yes. `prepare_signed_attributes`, `digest_to_sign` and
`build_cms` make an envelope around the digest that a card signs. `testing` makes an authority and cards of the same shape.

Sources. J-LIS 署名用／利用者証明用電子証明書プロファイル仕様書 and 署名用CPS (as far as two public dumps of real certificates
confirm them; no real card's certificate was at hand); RFC 5280 (certificates and lists), RFC 5652 (CMS), RFC 8017 (RSA),
X.690 (DER); 公的個人認証法 第17条 (who may ask about revocation). docs/explanation/jpki.md says what is surely known.

Units. Times are `datetime` with a zone; fingerprints and digests lower-case hexadecimal SHA-256; certificates, lists and
envelopes DER bytes unless a name says PEM; masks one `0` or `1` per character.
"""

from souto.foundation.identity.jpki.birthdate import BirthDate, Era, Precision
from souto.foundation.identity.jpki.certificate import JpkiCertificate, UnreadableCertificateError
from souto.foundation.identity.jpki.cms import (
    SignedData,
    UnreadableCmsError,
    build_cms,
    digest_to_sign,
    prepare_signed_attributes,
)
from souto.foundation.identity.jpki.four_items import (
    Agreement,
    Agreements,
    FourItems,
    Sex,
    UnreadableItemsError,
    compare_masked,
)
from souto.foundation.identity.jpki.oids import AUTH_POLICIES, SIGN_POLICIES
from souto.foundation.identity.jpki.platform import HttpsTransport, PlatformHTTP, PlatformProfile
from souto.foundation.identity.jpki.report import Check, CheckName, VerificationReport
from souto.foundation.identity.jpki.revocation import (
    RevocationChecker,
    RevocationStatus,
    StaticCRL,
    Unconfigured,
    UnreadableCrlError,
)
from souto.foundation.identity.jpki.trust import PRODUCTION_ROOTS, Purpose, TrustStore, UntrustedRootError
from souto.foundation.identity.jpki.verify import verify_certificate, verify_challenge, verify_signature

__all__ = [
    "AUTH_POLICIES",
    "PRODUCTION_ROOTS",
    "SIGN_POLICIES",
    "Agreement",
    "Agreements",
    "BirthDate",
    "Check",
    "CheckName",
    "Era",
    "FourItems",
    "HttpsTransport",
    "JpkiCertificate",
    "PlatformHTTP",
    "PlatformProfile",
    "Precision",
    "Purpose",
    "RevocationChecker",
    "RevocationStatus",
    "Sex",
    "SignedData",
    "StaticCRL",
    "TrustStore",
    "Unconfigured",
    "UnreadableCertificateError",
    "UnreadableCmsError",
    "UnreadableCrlError",
    "UnreadableItemsError",
    "UntrustedRootError",
    "VerificationReport",
    "build_cms",
    "compare_masked",
    "digest_to_sign",
    "prepare_signed_attributes",
    "verify_certificate",
    "verify_challenge",
    "verify_signature",
]
