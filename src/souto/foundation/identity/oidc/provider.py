"""Who we talk to and who we are: every address and every choice that the standard leaves open is configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from joserfc.jwk import ECKey, KeySet, RSAKey

ClientAlgorithm = Literal["RS256", "ES256"]

#: The algorithms that an ID token may be signed with: `none` and everything with a shared secret are refused.
ID_TOKEN_ALGORITHMS: Final = ("ES256", "RS256")


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider's addresses. `issuer` is compared exactly, character by character."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str


@dataclass(frozen=True, slots=True)
class ClientKey:
    """Our private key for private_key_jwt; its public half is registered with the provider beforehand."""

    algorithm: ClientAlgorithm
    key: RSAKey | ECKey = field(repr=False)

    @classmethod
    def from_pem(cls, pem: bytes, algorithm: ClientAlgorithm) -> ClientKey:
        """The key of a PEM file (PKCS#8): RSA for RS256, P-256 for ES256. Raises ValueError for another."""
        kind: type[RSAKey | ECKey] = RSAKey if algorithm == "RS256" else ECKey
        key = kind.import_key(pem)
        if not key.is_private:
            raise ValueError("the key file holds no private key")
        key.ensure_kid()
        return cls(algorithm, key)

    def public_jwks(self) -> dict[str, object]:
        """The JWKS to register with the provider; holds nothing private."""
        return dict(KeySet([self.key]).as_dict(private=False, alg=self.algorithm, use="sig"))


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The city's application as the provider knows it. `acr_accepted` empty: any `acr` is taken."""

    provider: Provider
    client_id: str
    key: ClientKey
    scopes: tuple[str, ...] = ("openid", "name", "address", "birthdate", "gender")
    acr_values: str = ""
    acr_accepted: tuple[str, ...] = ()
    timeout: float = 10.0
    leeway: int = 60
