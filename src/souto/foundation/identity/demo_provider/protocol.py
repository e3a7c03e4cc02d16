"""The rules of the protocol, each a line: what an authorization request and a client assertion must be. No I/O here."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from souto.foundation.identity.demo_provider.registration import RegisteredClient
from souto.foundation.identity.demo_provider.store import AuthorizationRequest

ITEM_SCOPES: Final = {"name": "name", "address": "address", "birthdate": "birthdate", "gender": "gender"}
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS: Final = 300
_SKEW: Final = 30
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]{1,255}")
_CHALLENGE: Final = re.compile(r"[0-9A-Za-z_-]{43}", re.ASCII)
_VERIFIER: Final = re.compile(r"[0-9A-Za-z._~-]{43,128}", re.ASCII)
_MANDATORY: Final = {"response_type", "scope", "client_id", "redirect_uri", "state", "nonce"}
_PKCE: Final = {"code_challenge", "code_challenge_method"}
_KNOWN: Final = _MANDATORY | _PKCE | {"acr_values", "sign_transaction_id", "prompt", "ui_locales"}


class UnknownClientError(Exception):
    """No such client, or not its address: nothing may be sent back there."""


class RefusedError(Exception):
    """A request that breaks a rule: `error` is the OAuth code, `description` the rule."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        self.error, self.description, self.status = error, description, status
        super().__init__(description)


def client_of(
    parameters: Sequence[tuple[str, str]], find: Callable[[str], RegisteredClient | None]
) -> tuple[RegisteredClient, str]:
    """The client and its address, judged before anything else. Raises `UnknownClientError`."""
    ids = [value for name, value in parameters if name == "client_id"]
    uris = [value for name, value in parameters if name == "redirect_uri"]
    client = find(ids[0]) if len(ids) == 1 else None
    if client is None:
        raise UnknownClientError("client_id")
    if len(uris) != 1 or uris[0] not in client.redirect_uris:
        raise UnknownClientError("redirect_uri")
    return client, uris[0]


def authorization_request(
    parameters: Sequence[tuple[str, str]], client: RegisteredClient, redirect_uri: str
) -> AuthorizationRequest:
    """Read a request of a known client. Raises `RefusedError` for the first rule that it breaks."""
    names = [name for name, _ in parameters]
    given = dict(parameters)
    _rule(len(set(names)) == len(names), "a parameter is given twice")
    _rule(set(names) <= _KNOWN, "unknown parameter")
    _rule(given.get("response_type") == "code", "response_type must be code", error="unsupported_response_type")
    for name in ("state", "nonce"):
        _rule(_PRINTABLE.fullmatch(given.get(name, "")) is not None, f"{name}: 1 to 255 printable ASCII characters")
    _rule(given.get("code_challenge_method") == "S256", "code_challenge_method must be S256")
    challenge = given.get("code_challenge", "")
    _rule(_CHALLENGE.fullmatch(challenge) is not None, "code_challenge: BASE64URL(SHA256(verifier))")

    scopes = tuple(given.get("scope", "").split(" "))
    known = {"openid", "sign", *ITEM_SCOPES}
    _rule("openid" in scopes and set(scopes) <= known, "scope", error="invalid_scope")
    transaction = given.get("sign_transaction_id", "")
    _rule(("sign" in scopes) == bool(transaction), "scope sign and sign_transaction_id go together")
    _rule(not transaction or _is_uuid(transaction), "sign_transaction_id is a UUID")
    acr = given.get("acr_values", "").split(" ")[0]
    return AuthorizationRequest(
        client.client_id,
        client.name,
        redirect_uri,
        scopes,
        given["state"],
        given["nonce"],
        challenge,
        acr,
        transaction,
    )


def check_verifier(challenge: str, verifier: str) -> None:
    """PKCE, S256 (RFC 7636, 4.6)."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    _rule(
        _VERIFIER.fullmatch(verifier) is not None and digest == challenge,
        "code_verifier does not fit",
        error="invalid_grant",
    )


def client_assertion_id(assertion: str, client: RegisteredClient, *, token_endpoint: str, now: int) -> str:
    """Judge a private_key_jwt (OIDC Core 9; RFC 7523, 3); returns its `jti`. Raises `RefusedError` (invalid_client)."""
    try:
        header = extract_compact(assertion.encode()).headers()
        _client(header.get("alg") == client.algorithm, "alg of the client assertion")
        claims = jwt.decode(assertion, client.keys, algorithms=[client.algorithm]).claims
    except (JoseError, ValueError):
        raise RefusedError("invalid_client", "signature of the client assertion", status=401) from None
    _client(claims.get("iss") == claims.get("sub") == client.client_id, "iss and sub must be the client_id")
    _client(claims.get("aud") in (token_endpoint, [token_endpoint]), "aud must be the token endpoint")
    expires, issued = claims.get("exp"), claims.get("iat", now)
    _client(isinstance(expires, int) and now < expires <= now + ASSERTION_SECONDS + _SKEW, "exp within five minutes")
    _client(isinstance(issued, int) and now - ASSERTION_SECONDS <= issued <= now + _SKEW, "iat")
    identifier = claims.get("jti")
    _client(isinstance(identifier, str) and 16 <= len(identifier) <= 255, "jti")
    return str(identifier)


def _rule(kept: bool, description: str, *, error: str = "invalid_request") -> None:  # noqa: FBT001 - reads as a sentence
    if not kept:
        raise RefusedError(error, description)


def _client(kept: bool, description: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not kept:
        raise RefusedError("invalid_client", description, status=401)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
