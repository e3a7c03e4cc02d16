"""The requests that we make to the provider, each with a time limit and a strict reading of the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from souto.foundation.identity.oidc.errors import ProviderAnswerError, ProviderUnavailableError, TokenRefusedError
from souto.foundation.identity.oidc.jwks import JwksCache
from souto.foundation.identity.oidc.provider import RelyingParty
from souto.foundation.identity.oidc.request import Secrets
from souto.foundation.identity.oidc.tokens import ASSERTION_TYPE, IdToken, client_assertion, verify_id_token
from souto.kernel import clock


@dataclass(frozen=True, slots=True)
class Tokens:
    """The answer to a code: an ID token that kept every rule, and the access token for userinfo or the signing API."""

    id_token: IdToken
    access_token: str = field(repr=False)
    scope: frozenset[str] = frozenset()


class Client:
    """Talks to one provider. One instance serves a whole process; `transport` is for tests of faults on the wire."""

    def __init__(self, party: RelyingParty, *, transport: httpx.BaseTransport | None = None) -> None:
        self.party = party
        # Redirects are not followed: a token endpoint that moved is configuration, not a hint to obey.
        self._http = httpx.Client(timeout=party.timeout, follow_redirects=False, transport=transport, trust_env=False)
        self.keys = JwksCache(lambda: self._read(self.request("GET", party.provider.jwks_uri)))

    def close(self) -> None:
        """Close the connections that are kept open to the provider."""
        self._http.close()

    def exchange(self, code: str, made: Secrets, *, redirect_uri: str) -> Tokens:
        """Exchange a code. Raises `ProviderUnavailableError`, `ProviderAnswerError`, `TokenRefusedError`."""
        answer = self._token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": made.verifier,
            }
        )
        access_token, id_token = answer.get("access_token"), answer.get("id_token")
        if not isinstance(access_token, str) or not isinstance(id_token, str):
            raise ProviderAnswerError("token_answer")
        verified = verify_id_token(
            id_token,
            party=self.party,
            keys=self.keys,
            nonce=made.nonce,
            access_token=access_token,
            now=clock.real_now(),
        )
        return Tokens(verified, access_token, frozenset(str(answer.get("scope", "")).split()))

    def userinfo(self, tokens: Tokens) -> dict[str, Any]:
        """The claims about the resident; its `sub` must be the ID token's (OIDC Core 5.3.2)."""
        claims = self._read(self.request("GET", self.party.provider.userinfo_endpoint, bearer=tokens.access_token))
        if claims.get("sub") != tokens.id_token.subject:
            raise TokenRefusedError("userinfo_sub")
        return claims

    def service_token(self) -> str:
        """An access token of our own (client_credentials), for the signing API only."""
        token = self._token({"grant_type": "client_credentials", "scope": "sign"}).get("access_token")
        if not isinstance(token, str):
            raise ProviderAnswerError("token_answer")
        return token

    def json(self, method: str, url: str, *, bearer: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A JSON request with an access token."""
        return self._read(self.request(method, url, bearer=bearer, body=body))

    def request(self, method: str, url: str, *, bearer: str = "", body: dict[str, Any] | None = None) -> httpx.Response:
        """Send a request; raises `ProviderUnavailableError` when nobody answers."""
        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
        try:
            return self._http.request(method, url, headers=headers, json=body)
        except httpx.HTTPError as error:
            raise ProviderUnavailableError(type(error).__name__) from None

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        proof = {
            "client_id": self.party.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": client_assertion(self.party, now=clock.real_now()),
        }
        try:
            response = self._http.post(self.party.provider.token_endpoint, data={**form, **proof})
        except httpx.HTTPError as error:
            raise ProviderUnavailableError(type(error).__name__) from None
        return self._read(response)

    @staticmethod
    def _read(response: httpx.Response) -> dict[str, Any]:
        if response.status_code >= 500:
            raise ProviderUnavailableError(f"http_{response.status_code}")
        try:
            answer = response.json()
        except ValueError:
            raise ProviderAnswerError("not_json") from None
        if not isinstance(answer, dict):
            raise ProviderAnswerError("not_an_object")
        if response.status_code >= 300:
            raise ProviderAnswerError(str(answer.get("error", f"http_{response.status_code}"))[:64])
        return answer
