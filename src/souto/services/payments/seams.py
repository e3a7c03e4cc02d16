"""What other systems plug in: cashless providers, the numbering authority for slips."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from souto.kernel.actor import Actor
from souto.services.payments.elqr import NumberingAuthority, SpecimenNumbering


class PaymentState(StrEnum):
    """What a provider says of a payment."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """A payment at a provider: its reference there, where the payer goes, how it stands, its amount in yen."""

    reference: str
    redirect_url: str
    state: PaymentState
    amount: int


class ProviderUnavailableError(Exception):
    """The provider did not answer, or not in its own terms; nothing is known of the payment."""


class PaymentProvider(Protocol):
    """A cashless payment provider. The payer's browser is never believed: the state is asked from server to server."""

    name: str

    def create(self, *, key: str, amount: int, description: str, return_url: str) -> ProviderPayment:
        """Begin a payment; the same `key` gives the same payment."""

    def fetch(self, reference: str) -> ProviderPayment:
        """How a payment stands now."""

    def reference_in(self, *, body: bytes, headers: Mapping[str, str]) -> str | None:
        """The payment that a signed notification is about; None where the signature does not hold."""


_providers: dict[str, PaymentProvider] = {}
_gates: dict[str, Callable[[Actor, UUID], bool]] = {}
_authority: NumberingAuthority = SpecimenNumbering()


def register_provider(provider: PaymentProvider) -> None:
    """Offer a provider under its name."""
    _providers[provider.name] = provider


def find_provider(name: str) -> PaymentProvider:
    """The provider `name`; raises `LookupError`."""
    return _providers[name]


def providers() -> list[str]:
    """The names of the providers that a payer may choose."""
    return list(_providers)


def register_gate(purpose: str, gate: Callable[[Actor, UUID], bool]) -> None:
    """Let `gate(actor, subject_id)` say who besides the payer may see the charges of `purpose`."""
    _gates[purpose] = gate


def may_see(actor: Actor, purpose: str, subject_id: UUID) -> bool:
    """True when the room that made the charge lets `actor` see it."""
    gate = _gates.get(purpose)
    return gate is not None and gate(actor, subject_id)


def use_authority(authority: NumberingAuthority) -> None:
    """Number slips by `authority`; without a real one every slip is a specimen."""
    global _authority  # noqa: PLW0603 - wired once at start
    _authority = authority


def authority() -> NumberingAuthority:
    """The numbering authority in use."""
    return _authority
