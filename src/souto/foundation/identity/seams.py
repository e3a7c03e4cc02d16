"""What plugs into identity: the resident register, and whoever makes signatures. `open_session` is for rooms above that
sign somebody in by other means (the demo).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from souto.foundation.identity.oidc import CardItems, Secrets
from souto.foundation.identity.sessions import open_session
from souto.kernel.errors import SoutoError

__all__ = [
    "NoRegister",
    "RegisterDiffersError",
    "RegisterEntry",
    "ResidentRegister",
    "SignatureResult",
    "SigningProvider",
    "SigningTicket",
    "open_session",
    "resident_register",
    "signing_provider",
]


class RegisterDiffersError(SoutoError):
    """The register has somebody who is nearly but not exactly this person; staff decide."""

    message = "住民記録と一部が異なるため、職員が確認します。"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A person of the resident register (住民記録). `number` is the 宛名番号; names and addresses carry their real characters;
    the masks say which places the card could not write (代替文字).
    """

    number: str
    name: str
    name_kana: str
    address: str
    birth_date: str
    sex: str
    postal_code: str = ""
    alias: str = ""
    name_substituted: str = ""
    address_substituted: str = ""


class ResidentRegister(Protocol):
    """The seam to the core system's resident register."""

    def find(self, profile: CardItems) -> RegisterEntry | None:
        """The one entry whose four items are the profile's; None when the register has nobody like that.

        Raises `RegisterDiffersError` when some but not all items agree, or when several entries do.
        """
        ...

    def get(self, number: str) -> RegisterEntry | None:
        """The entry of a 宛名番号, for a member of staff who has found the person herself."""
        ...


class NoRegister:
    """No register is connected: nobody is found, and nothing waits for staff because of it."""

    def find(self, profile: CardItems) -> RegisterEntry | None:
        """None, always."""
        return None

    def get(self, number: str) -> RegisterEntry | None:
        """None, always."""
        return None


def resident_register() -> ResidentRegister:
    """The register that is configured (`SOUTO_RESIDENT_REGISTER`)."""
    path = settings.IDENTITY["register"]
    made: ResidentRegister = import_string(path)() if path else NoRegister()
    return made


@dataclass(frozen=True, slots=True)
class SigningTicket:
    """A transaction that a provider opened: where the browser goes, and what binds its answer."""

    transaction_id: str
    redirect_url: str
    secrets: Secrets = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignatureResult:
    """What a provider brings back. `subject`: who signed, as the provider's pairwise subject. `certificate_jwe` is for parties
    whose certificate comes encrypted to a platform operator; then `certificate_der` is None.
    """

    issuer: str
    subject: str
    signature: bytes = field(repr=False)
    certificate_der: bytes | None = field(default=None, repr=False)
    certificate_jwe: str | None = field(default=None, repr=False)


class SigningProvider(Protocol):
    """The seam to a service with which a resident signs a digest with her card (署名API)."""

    def start(self, digest: bytes) -> SigningTicket:
        """Open a transaction over a SHA-256 digest (32 bytes)."""
        ...

    def finish(self, transaction_id: str, *, code: str, secrets: Secrets) -> SignatureResult:
        """Exchange the browser's answer for the signature."""
        ...


def signing_provider() -> SigningProvider:
    """The provider that is configured."""
    from souto.foundation.identity.signing.api import SigningApi

    return SigningApi()
