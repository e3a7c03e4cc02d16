"""Tokens: the assertion by which we prove who we are, and the rules that an ID token must keep."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeGuard

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from souto.foundation.identity.oidc.errors import TokenRefusedError
from souto.foundation.identity.oidc.jwks import JwksCache
from souto.foundation.identity.oidc.provider import ID_TOKEN_ALGORITHMS, RelyingParty

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS: Final = 120
_MAX_BYTES: Final = 16_384
#: An ID token is read within seconds of its making; an old one was kept by somebody.
_MAX_AGE_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class IdToken:
    """An ID token that kept every rule. `session_state` of the callback is accepted and not used."""

    issuer: str
    subject: str
    issued_at: int
    acr: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


def client_assertion(party: RelyingParty, *, now: datetime) -> str:
    """A fresh private_key_jwt (OIDC Core 9): `aud` is the token endpoint, `jti` unique, two minutes to live."""
    moment = int(now.timestamp())
    claims = {
        "iss": party.client_id,
        "sub": party.client_id,
        "aud": party.provider.token_endpoint,
        "jti": secrets.token_urlsafe(24),
        "iat": moment,
        "exp": moment + _ASSERTION_SECONDS,
    }
    header = {"alg": party.key.algorithm, "kid": party.key.key.kid, "typ": "JWT"}
    return jwt.encode(header, claims, party.key.key, algorithms=[party.key.algorithm])


def verify_id_token(
    token: str, *, party: RelyingParty, keys: JwksCache, nonce: str, access_token: str, now: datetime
) -> IdToken:
    """Judge an ID token (OIDC Core 3.1.3.7). Raises `TokenRefusedError` naming the first rule that it breaks."""
    claims = _verified_claims(token, keys)
    if claims.get("iss") != party.provider.issuer:
        raise TokenRefusedError("iss")
    _check_audience(claims, party.client_id)
    _check_times(claims, now=int(now.timestamp()), leeway=party.leeway)
    if not isinstance(claims.get("nonce"), str) or not _same(claims["nonce"], nonce):
        raise TokenRefusedError("nonce")
    if not isinstance(claims.get("at_hash"), str) or not _same(claims["at_hash"], at_hash(access_token)):
        raise TokenRefusedError("at_hash")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise TokenRefusedError("sub")
    acr = claims.get("acr", "")
    if party.acr_accepted and acr not in party.acr_accepted:
        raise TokenRefusedError("acr")
    return IdToken(party.provider.issuer, subject, claims["iat"], acr if isinstance(acr, str) else "", claims)


def at_hash(access_token: str) -> str:
    """The left half of SHA-256 of the access token, base64url (OIDC Core 3.1.3.6; both algorithms use SHA-256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()


def _verified_claims(token: str, keys: JwksCache) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > _MAX_BYTES:
        raise TokenRefusedError("form")
    try:
        header = extract_compact(token.encode()).headers()
    except (JoseError, ValueError, UnicodeEncodeError):
        raise TokenRefusedError("form") from None
    algorithm = header.get("alg")
    if algorithm not in ID_TOKEN_ALGORITHMS:
        raise TokenRefusedError("alg")
    key = keys.key(header.get("kid"))
    # The key says what it is for; a token cannot choose another kind of signature for it.
    if key.key_type != ("EC" if algorithm == "ES256" else "RSA") or key.get("use", "sig") != "sig":
        raise TokenRefusedError("alg_of_key")
    try:
        return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    except (JoseError, ValueError):
        raise TokenRefusedError("signature") from None


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or client_id not in listed:
        raise TokenRefusedError("aud")
    authorised = claims.get("azp")
    if (len(listed) > 1 and authorised is None) or (authorised is not None and authorised != client_id):
        raise TokenRefusedError("azp")


def _check_times(claims: Mapping[str, Any], *, now: int, leeway: int) -> None:
    expires, issued, not_before = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
    if not _is_number(expires) or expires + leeway <= now:
        raise TokenRefusedError("exp")
    if not _is_number(issued) or not now - _MAX_AGE_SECONDS - leeway <= issued <= now + leeway:
        raise TokenRefusedError("iat")
    if not _is_number(not_before) or not_before > now + leeway:
        raise TokenRefusedError("nbf")


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
