"""The start of a sign-in: its secrets, and the address to which the browser is sent."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from souto.foundation.identity.oidc.provider import RelyingParty


@dataclass(frozen=True, slots=True)
class Secrets:
    """What binds an answer to its request: kept at the server, for one answer only."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @property
    def challenge(self) -> str:
        """`code_challenge` of method S256 (RFC 7636, 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def as_dict(self) -> dict[str, str]:
        """For a session."""
        return asdict(self)


def begin() -> Secrets:
    """Fresh secrets, 256 bits each, of letters that every provider takes (base64url)."""
    return Secrets(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))


def authorization_url(
    party: RelyingParty, made: Secrets, *, redirect_uri: str, sign_transaction_id: str | None = None
) -> str:
    """Where to send the browser; with `sign_transaction_id` the resident is asked to sign that transaction."""
    signing = {"sign_transaction_id": sign_transaction_id} if sign_transaction_id else {}
    query = {
        "response_type": "code",
        "scope": "openid sign" if signing else " ".join(party.scopes),
        "client_id": party.client_id,
        "redirect_uri": redirect_uri,
        "state": made.state,
        "nonce": made.nonce,
        "code_challenge": made.challenge,
        "code_challenge_method": "S256",
        **({"acr_values": party.acr_values} if party.acr_values else {}),
        **signing,
    }
    return f"{party.provider.authorization_endpoint}?{urlencode(query)}"
