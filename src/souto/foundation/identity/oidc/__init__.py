"""OpenID Connect relying party (署名・認証の利用者側) as デジタル認証アプリ asks of one; no Django, no database.

Problem. A resident proves who she is at an identity provider that the city does not run, and comes back with a code. The
city must be sure that the answer is for this browser, this request and this city, fresh, and unaltered.

Method. Authorization code flow with PKCE (S256), `state`, `nonce` and private_key_jwt. `begin` makes the secrets of one
sign-in, `authorization_url` the address to send the browser to, `Client` exchanges the code and reads userinfo,
`verify_id_token` judges the token against a fixed list of rules, `normalise` reads the four items without guessing.

Sources. OpenID Connect Core 1.0 (3.1.2, 3.1.3.7, 5.3, 9); RFC 7636 (PKCE), 7523 (client assertions), 7517 (JWKS), 9700 (best
practice); the Digital Agency's published parameters for デジタル認証アプリ. What those do not publish is configuration.

Units. Times are seconds since 1970 in tokens and aware `datetime` elsewhere; `timeout` and `leeway` are seconds.
"""

from souto.foundation.identity.oidc.claims import CardItems, ClaimProblem, normalise
from souto.foundation.identity.oidc.client import Client, Tokens
from souto.foundation.identity.oidc.errors import (
    OidcError,
    ProviderAnswerError,
    ProviderUnavailableError,
    TokenRefusedError,
)
from souto.foundation.identity.oidc.jwks import JwksCache
from souto.foundation.identity.oidc.provider import ClientKey, Provider, RelyingParty
from souto.foundation.identity.oidc.request import Secrets, authorization_url, begin
from souto.foundation.identity.oidc.tokens import IdToken, verify_id_token

__all__ = [
    "CardItems",
    "ClaimProblem",
    "Client",
    "ClientKey",
    "IdToken",
    "JwksCache",
    "OidcError",
    "Provider",
    "ProviderAnswerError",
    "ProviderUnavailableError",
    "RelyingParty",
    "Secrets",
    "TokenRefusedError",
    "Tokens",
    "authorization_url",
    "begin",
    "normalise",
    "verify_id_token",
]
