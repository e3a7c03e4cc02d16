"""The signing API of デジタル認証アプリ as a `SigningProvider`.

Flow: our own token (client_credentials), a transaction over the digest, an authorization request with `sign` and the
transaction's id, the code, and with the token of that code the result. The API's field names are configuration
(`IDENTITY["signing_fields"]`): they were not published when this was written.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings

from souto.foundation.identity.oidc import ProviderAnswerError, Secrets, TokenRefusedError, authorization_url, begin
from souto.foundation.identity.relying_party import client, redirect_uri
from souto.foundation.identity.seams import SignatureResult, SigningTicket

_CALLBACK: Final = "identity:signing_callback"
_ID_LENGTH: Final = 64


class SigningApi:
    """See the module."""

    def start(self, digest: bytes) -> SigningTicket:
        """Open a transaction over a SHA-256 digest."""
        fields = settings.IDENTITY["signing_fields"]
        body = {fields["digest"]: base64.b64encode(digest).decode(), fields["algorithm"]: fields["algorithm_value"]}
        answer = client().json("POST", settings.IDENTITY["signing_url"], bearer=client().service_token(), body=body)
        transaction_id = answer.get(fields["transaction_id"])
        if not isinstance(transaction_id, str) or not 0 < len(transaction_id) <= _ID_LENGTH:
            raise ProviderAnswerError("sign_transaction_id")
        secrets = begin()
        url = authorization_url(
            client().party, secrets, redirect_uri=redirect_uri(_CALLBACK), sign_transaction_id=transaction_id
        )
        return SigningTicket(transaction_id, url, secrets)

    def finish(self, transaction_id: str, *, code: str, secrets: Secrets) -> SignatureResult:
        """Exchange the code and fetch the result."""
        tokens = client().exchange(code, secrets, redirect_uri=redirect_uri(_CALLBACK))
        if tokens.scope and "sign" not in tokens.scope:
            raise TokenRefusedError("scope")
        url = f"{settings.IDENTITY['signing_url']}/{quote(transaction_id, safe='')}/result"
        answer = client().json("GET", url, bearer=tokens.access_token)
        fields = settings.IDENTITY["signing_fields"]
        encrypted = answer.get(fields["certificate_jwe"])
        return SignatureResult(
            issuer=tokens.id_token.issuer,
            subject=tokens.id_token.subject,
            signature=_bytes(answer, fields["signature"]),
            certificate_der=_bytes(answer, fields["certificate"]) if fields["certificate"] in answer else None,
            certificate_jwe=encrypted if isinstance(encrypted, str) else None,
        )


def _bytes(answer: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, binascii.Error):
        raise ProviderAnswerError("sign_result") from None
