"""The machine's endpoints: discovery, keys, token, userinfo, and the signing API."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from souto.foundation.identity.demo_provider import protocol
from souto.foundation.identity.demo_provider.protocol import RefusedError
from souto.foundation.identity.demo_provider.provider import DemoProvider
from souto.foundation.identity.demo_provider.registration import RegisteredClient
from souto.foundation.identity.demo_provider.store import AccessToken, Code, SignTransaction
from souto.kernel import clock

_NO_STORE: Final = {"Cache-Control": "no-store"}
_TOKEN_SECONDS: Final = 300
_SHA256_BYTES: Final = 32


def provider_of(request: Request) -> DemoProvider:
    """The provider that serves this request."""
    found: DemoProvider = request.app.state.provider
    return found


async def discovery(request: Request) -> Response:
    """`/.well-known/openid-configuration`."""
    config = provider_of(request).config
    return JSONResponse(
        {
            "issuer": config.issuer,
            "authorization_endpoint": config.endpoint("auth"),
            "token_endpoint": config.endpoint("token"),
            "userinfo_endpoint": config.endpoint("userinfo"),
            "jwks_uri": config.endpoint("certs"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "sign", *protocol.ITEM_SCOPES],
        }
    )


async def certs(request: Request) -> Response:
    """The public keys (JWKS)."""
    keys = KeySet([provider_of(request).key])
    return JSONResponse(keys.as_dict(private=False, alg="ES256", use="sig"))


async def token(request: Request) -> Response:
    """The token endpoint: `authorization_code` and `client_credentials`."""
    form = await request.form()
    given = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    provider = provider_of(request)
    if len(given) != len(form.multi_items()):
        raise RefusedError("invalid_request", "a parameter is given twice")
    client = await run_in_threadpool(_authenticated, provider, given)
    grant = given.get("grant_type")
    if grant == "authorization_code":
        return JSONResponse(_exchange(provider, client, given), headers=_NO_STORE)
    if grant == "client_credentials":
        return JSONResponse(_client_token(provider, client, given), headers=_NO_STORE)
    raise RefusedError("unsupported_grant_type", "authorization_code or client_credentials")


def _authenticated(provider: DemoProvider, given: dict[str, str]) -> RegisteredClient:
    """The client that the assertion proves; each `jti` counts once."""
    client = provider.client(given.get("client_id", ""))
    if client is None or given.get("client_assertion_type") != protocol.ASSERTION_TYPE:
        raise RefusedError("invalid_client", "client_id and client_assertion_type", status=401)
    identifier = protocol.client_assertion_id(
        given.get("client_assertion", ""),
        client,
        token_endpoint=provider.config.endpoint("token"),
        now=int(clock.real_now().timestamp()),
    )
    if not provider.store.assertions.add_once(f"{client.client_id} {identifier}", value=True):
        raise RefusedError("invalid_client", "jti was used before", status=401)
    return client


def _exchange(provider: DemoProvider, client: RegisteredClient, given: dict[str, str]) -> dict[str, Any]:
    store, name = provider.store, given.get("code", "")
    code = store.codes.get(name)
    if code is None or code.request.client_id != client.client_id:
        raise RefusedError("invalid_grant", "code")
    if code.used:
        for issued in code.tokens:
            store.tokens.take(issued)
        raise RefusedError("invalid_grant", "code was used before")
    # Used from now on, whatever follows: a code may be tried once.
    code.used = True
    if not store.code_times.get(name):
        raise RefusedError("invalid_grant", "code has expired")
    if given.get("redirect_uri") != code.request.redirect_uri:
        raise RefusedError("invalid_grant", "redirect_uri")
    protocol.check_verifier(code.request.challenge, given.get("code_verifier", ""))
    granted = AccessToken(
        client.client_id, frozenset(code.request.scopes), code.resident_id, code.request.sign_transaction_id
    )
    access_token = store.tokens.put(granted)
    code.tokens.append(access_token)
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": _TOKEN_SECONDS,
        "scope": " ".join(code.request.scopes),
        "id_token": _id_token(provider, code, access_token),
        "session_state": code.session_state,
    }


def _id_token(provider: DemoProvider, code: Code, access_token: str) -> str:
    now = int(clock.real_now().timestamp())
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    claims = {
        "iss": provider.config.issuer,
        "sub": provider.subject(code.request.redirect_uri, provider.people[code.resident_id]),
        "aud": code.request.client_id,
        "azp": code.request.client_id,
        "iat": now,
        "auth_time": now,
        "exp": now + _TOKEN_SECONDS,
        "jti": secrets.token_urlsafe(16),
        "nonce": code.request.nonce,
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        "session_state": code.session_state,
        **({"acr": code.request.acr} if code.request.acr else {}),
    }
    return jwt.encode({"alg": "ES256", "kid": provider.key.kid}, claims, provider.key, algorithms=["ES256"])


def _client_token(provider: DemoProvider, client: RegisteredClient, given: dict[str, str]) -> dict[str, Any]:
    if given.get("scope") != "sign":
        raise RefusedError("invalid_scope", "client_credentials is for signing only")
    name = provider.store.tokens.put(AccessToken(client.client_id, frozenset({"sign"})))
    return {"access_token": name, "token_type": "Bearer", "expires_in": _TOKEN_SECONDS, "scope": "sign"}


async def userinfo(request: Request) -> Response:
    """The claims that the resident agreed to."""
    provider = provider_of(request)
    granted = _bearer(request)
    client = provider.client(granted.client_id)
    if client is None or not granted.resident_id or "openid" not in granted.scopes:
        raise RefusedError("insufficient_scope", "openid", status=403)
    resident = provider.people[granted.resident_id]
    items = {claim: value for claim, value in resident.claims().items() if claim in granted.scopes}
    subject = provider.subject(client.redirect_uris[0], resident)
    return JSONResponse({"sub": subject, **items}, headers=_NO_STORE)


async def new_sign_transaction(request: Request) -> Response:
    """`POST /api/sign-transactions`: a digest to be signed."""
    granted = _bearer(request)
    if granted.resident_id or "sign" not in granted.scopes:
        raise RefusedError("insufficient_scope", "a client_credentials token with scope sign", status=403)
    body = await _json(request)
    if body.get("digest_algorithm") != "SHA256":
        raise RefusedError("invalid_request", "digest_algorithm must be SHA256")
    transaction = SignTransaction(granted.client_id, _digest(body))
    identifier = provider_of(request).store.new_transaction(transaction)
    return JSONResponse({"sign_transaction_id": identifier}, status_code=201, headers=_NO_STORE)


async def sign_result(request: Request) -> Response:
    """`GET /api/sign-transactions/{id}/result`: the signature and the certificate, for the token of that very signing."""
    identifier = str(request.path_params["transaction_id"])
    granted = _bearer(request)
    if granted.sign_transaction_id != identifier or not granted.resident_id:
        raise RefusedError("insufficient_scope", "the access token of this transaction", status=403)
    transaction = provider_of(request).store.transactions.get(identifier)
    if transaction is None or not transaction.signature:
        raise RefusedError("invalid_request", "no result", status=404)
    answer = {
        "signature": base64.b64encode(transaction.signature).decode(),
        "certificate": base64.b64encode(transaction.certificate).decode(),
    }
    return JSONResponse(answer, headers=_NO_STORE)


def _digest(body: dict[str, Any]) -> bytes:
    try:
        digest = base64.b64decode(str(body.get("digest", "")), validate=True)
    except ValueError:
        digest = b""
    if len(digest) != _SHA256_BYTES:
        raise RefusedError("invalid_request", "digest: base64 of 32 bytes")
    return digest


def _bearer(request: Request) -> AccessToken:
    scheme, _, name = request.headers.get("authorization", "").partition(" ")
    granted = provider_of(request).store.tokens.get(name) if scheme.lower() == "bearer" else None
    if granted is None:
        raise RefusedError("invalid_token", "access token", status=401)
    return granted


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError("invalid_request", "a JSON object")
    return body


async def refusal(_request: Request, error: Exception) -> Response:
    """The answer to a request that broke a rule."""
    assert isinstance(error, RefusedError)
    headers = {**_NO_STORE, **({"WWW-Authenticate": f'Bearer error="{error.error}"'} if error.status == 401 else {})}
    body = {"error": error.error, "error_description": error.description}
    return JSONResponse(body, status_code=error.status, headers=headers)
