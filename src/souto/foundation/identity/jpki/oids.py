"""Object identifiers of JPKI (公的個人認証サービス) and of the CMS structures around it.

JPKI's own arc is 1.2.392.200149.8.5. Source: J-LIS profile specification (プロファイル仕様書) as read through two
independent dumps of real certificates; CMS: RFC 5652; algorithms: RFC 8017, RFC 5754.
"""

from __future__ import annotations

from typing import Final

NAME: Final = "1.2.392.200149.8.5.5.1"
NAME_MASK: Final = "1.2.392.200149.8.5.5.2"
SEX: Final = "1.2.392.200149.8.5.5.3"
BIRTH_DATE: Final = "1.2.392.200149.8.5.5.4"
ADDRESS: Final = "1.2.392.200149.8.5.5.5"
ADDRESS_MASK: Final = "1.2.392.200149.8.5.5.6"

POLICY_SIGN_CARD: Final = "1.2.392.200149.8.5.1.1.20"
"""Policy of the signing certificate (署名用電子証明書) on a physical card."""
POLICY_AUTH_CARD: Final = "1.2.392.200149.8.5.1.3.30"
"""Policy of the user authentication certificate (利用者証明用電子証明書) on a physical card."""

SIGN_POLICIES: Final = frozenset({POLICY_SIGN_CARD})
"""What a signing certificate must carry unless the city configures more (a phone's policy is not published to us)."""
AUTH_POLICIES: Final = frozenset({POLICY_AUTH_CARD})

CMS_DATA: Final = "1.2.840.113549.1.7.1"
CMS_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
ATTR_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
ATTR_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
ATTR_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
SHA256: Final = "2.16.840.1.101.3.4.2.1"
RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
SHA256_WITH_RSA: Final = "1.2.840.113549.1.1.11"
