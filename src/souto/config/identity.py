"""The settings of room `identity`: which provider, which keys, which roots; from the environment, with the standard's defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from souto.config import environment

PRODUCTION_ISSUER: Final = "https://auth-and-sign.go.jp/api/realms/main"
DEMO_ISSUER: Final = "http://localhost:8001/api/realms/main"
#: Where the provider's endpoints stand on its origin (a Keycloak layout); each can be set.
_ENDPOINTS: Final = "/api/realms/main/protocol/openid-connect/"

#: The fields of the signing API as we call them. The official names were not published when this was written.
_SIGNING_FIELDS: Final = {
    "digest": "digest",
    "algorithm": "digest_algorithm",
    "algorithm_value": "SHA256",
    "transaction_id": "sign_transaction_id",
    "signature": "signature",
    "certificate": "certificate",
    "certificate_jwe": "certificate_jwe",
}


def issuer(*, demo: bool) -> str:
    """The issuer: as set, else the demo provider or the real one."""
    return environment.IDENTITY_ISSUER.get() or (DEMO_ISSUER if demo else PRODUCTION_ISSUER)


def provider_origin(*, demo: bool) -> str:
    """The origin to which sign-in forms lead."""
    return _origin(environment.IDENTITY_AUTHORIZATION_URL.get() or issuer(demo=demo))


def settings_of(*, demo: bool, state: Path, base_url: str) -> dict[str, Any]:
    """Django's `IDENTITY`; `foundation.identity.relying_party` and `.signing` say what each value is for."""
    exact = issuer(demo=demo)
    base = _origin(exact) + _ENDPOINTS
    register = "souto.foundation.identity.register.demo.DemoRegister" if demo else ""
    return {
        "name": environment.IDENTITY_NAME.get(),
        "issuer": exact,
        "authorization_url": environment.IDENTITY_AUTHORIZATION_URL.get() or f"{base}auth",
        "token_url": environment.IDENTITY_TOKEN_URL.get() or f"{base}token",
        "userinfo_url": environment.IDENTITY_USERINFO_URL.get() or f"{base}userinfo",
        "jwks_url": environment.IDENTITY_JWKS_URL.get() or f"{base}certs",
        "end_session_url": environment.IDENTITY_END_SESSION_URL.get(),
        "signing_url": environment.IDENTITY_SIGNING_URL.get() or f"{_origin(exact)}/api/sign-transactions",
        "signing_fields": {**_SIGNING_FIELDS, **json.loads(environment.IDENTITY_SIGNING_FIELDS.get() or "{}")},
        "client_id": environment.IDENTITY_CLIENT_ID.get(),
        "client_key": environment.IDENTITY_CLIENT_KEY.get() or state / "identity-client.pem",
        "client_algorithm": environment.IDENTITY_CLIENT_ALGORITHM.get(),
        "acr_values": environment.IDENTITY_ACR.get() or ("aal3 crl" if demo else ""),
        "acr_accepted": environment.IDENTITY_ACR_ACCEPTED.get() or (("aal3",) if demo else ()),
        "redirect_base": base_url,
        "demo_provider": state / "demo-idp" if demo else None,
        "register": environment.RESIDENT_REGISTER.get() or register,
        "jpki_demo": state / "jpki" if demo else None,
        "jpki_roots": [Path(name) for name in environment.JPKI_ROOTS.get()],
        "jpki_pins": environment.JPKI_PINS.get(),
        "jpki_crls": [Path(name) for name in environment.JPKI_CRLS.get()],
        "jpki_platform": environment.JPKI_PLATFORM.get(),
        "jpki_policies": environment.JPKI_POLICIES.get(),
        # Limits of attempts: (how many, in how many seconds), per address of the network. Wide, because a whole mobile network
        # or city hall can stand behind one address at half past eight, and nothing here could be guessed.
        "sign_in_limit": (300, 300),
        "passkey_limit": (600, 300),
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
