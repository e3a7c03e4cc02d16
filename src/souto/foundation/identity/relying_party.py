"""The relying party of this installation: `oidc` joined to Django's settings."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Final, get_args

from django.conf import settings
from django.urls import reverse
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from souto.foundation.identity.demo_provider import registration
from souto.foundation.identity.oidc import Client, ClientKey, Provider, RelyingParty
from souto.foundation.identity.oidc.provider import ClientAlgorithm
from souto.foundation.ui.city import city

_RSA_BITS: Final = 2048


class ClientKeyError(Exception):
    """The key with which Souto proves itself to the provider cannot be read; nobody can sign in without it."""


@cache
def client() -> Client:
    """The client of the configured provider; one a process, with its cache of keys."""
    configured = settings.IDENTITY
    provider = Provider(
        issuer=configured["issuer"],
        authorization_endpoint=configured["authorization_url"],
        token_endpoint=configured["token_url"],
        userinfo_endpoint=configured["userinfo_url"],
        jwks_uri=configured["jwks_url"],
    )
    party = RelyingParty(
        provider,
        configured["client_id"],
        load_client_key(),
        acr_values=configured["acr_values"],
        acr_accepted=tuple(configured["acr_accepted"]),
    )
    if configured["demo_provider"] is not None:
        registration.register(
            configured["demo_provider"],
            client_id=party.client_id,
            name=f"{city().name}（見本）",
            redirect_uris=[redirect_uri("identity:callback"), redirect_uri("identity:signing_callback")],
            algorithm=party.key.algorithm,
            jwks=party.key.public_jwks(),
        )
    return Client(party)


def forget_client() -> None:
    """Let the next `client()` read the settings anew."""
    if client.cache_info().currsize:
        client().close()
    client.cache_clear()


def redirect_uri(url_name: str) -> str:
    """The full address of a page that the provider sends browsers back to; registered there beforehand."""
    return f"{settings.IDENTITY['redirect_base'].rstrip('/')}{reverse(url_name)}"


def load_client_key() -> ClientKey:
    """Our key for private_key_jwt; in demo mode it is made once. Raises `ClientKeyError`."""
    path: Path = settings.IDENTITY["client_key"]
    algorithm: ClientAlgorithm = settings.IDENTITY["client_algorithm"]
    if algorithm not in get_args(ClientAlgorithm):
        raise ClientKeyError(f"{algorithm!r} is no algorithm for client assertions; RS256 or ES256")
    try:
        return ClientKey.from_pem(path.read_bytes(), algorithm)
    except FileNotFoundError:
        if settings.IDENTITY["demo_provider"] is None:
            raise ClientKeyError(f"{path} is missing: docs/how-to/connect-digital-authentication.md") from None
    except (ValueError, JoseError) as error:
        raise ClientKeyError(f"{path} holds no private key for {algorithm}: {error}") from None
    key = RSAKey.generate_key(_RSA_BITS) if algorithm == "RS256" else ECKey.generate_key("P-256")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.as_pem(private=True))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()
    return ClientKey.from_pem(path.read_bytes(), algorithm)
