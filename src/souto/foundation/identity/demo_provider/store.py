"""What the provider remembers for minutes: pending requests, codes, access tokens, assertion ids, signing transactions.

In memory: one process serves the demo, and a restart only makes people start their sign-in again.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar
from uuid import uuid4

from souto.kernel import clock

T = TypeVar("T")

PENDING_FOR: Final = timedelta(minutes=10)
CODE_FOR: Final = timedelta(seconds=60)
TOKEN_FOR: Final = timedelta(minutes=5)
TRANSACTION_FOR: Final = timedelta(minutes=15)


class Shelf(Generic[T]):
    """Values by random name, each forgotten after a while. Safe for several threads."""

    def __init__(self, keep: timedelta) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._values: dict[str, tuple[datetime, T]] = {}

    def put(self, value: T, *, name: str | None = None) -> str:
        """Keep `value`; returns its name (random, 256 bits)."""
        name = name or secrets.token_urlsafe(32)
        with self._lock:
            self._sweep()
            self._values[name] = (clock.real_now() + self._keep, value)
        return name

    def get(self, name: str) -> T | None:
        """The value, or None."""
        with self._lock:
            self._sweep()
            found = self._values.get(name)
        return found[1] if found else None

    def take(self, name: str) -> T | None:
        """The value, which is then gone."""
        with self._lock:
            self._sweep()
            found = self._values.pop(name, None)
        return found[1] if found else None

    def add_once(self, name: str, value: T) -> bool:
        """Keep `value` under `name` unless something is there; False then."""
        with self._lock:
            self._sweep()
            if name in self._values:
                return False
            self._values[name] = (clock.real_now() + self._keep, value)
            return True

    def _sweep(self) -> None:
        now = clock.real_now()
        for name in [name for name, (until, _) in self._values.items() if until <= now]:
            del self._values[name]


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """An authorization request that kept every rule."""

    client_id: str
    client_name: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    acr: str = ""
    sign_transaction_id: str = ""


@dataclass(slots=True)
class Code:
    """An authorization code. It stays after use so that a second use is noticed and its tokens revoked."""

    request: AuthorizationRequest
    resident_id: str
    session_state: str
    used: bool = False
    tokens: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Who may do what: a resident's token for userinfo and results, or (no resident) a client's for new transactions."""

    client_id: str
    scopes: frozenset[str]
    resident_id: str = ""
    sign_transaction_id: str = ""


@dataclass(slots=True)
class SignTransaction:
    """A digest that waits for a signature."""

    client_id: str
    digest: bytes
    resident_id: str = ""
    signature: bytes = b""
    certificate: bytes = b""


class Store:
    """Everything that the provider remembers."""

    def __init__(self) -> None:
        self.pending: Shelf[AuthorizationRequest] = Shelf(PENDING_FOR)
        # Used codes are kept longer than they are good for: see Code.
        self.codes: Shelf[Code] = Shelf(PENDING_FOR)
        self.code_times: Shelf[bool] = Shelf(CODE_FOR)
        self.tokens: Shelf[AccessToken] = Shelf(TOKEN_FOR)
        self.assertions: Shelf[bool] = Shelf(PENDING_FOR)
        self.transactions: Shelf[SignTransaction] = Shelf(TRANSACTION_FOR)

    def new_transaction(self, transaction: SignTransaction) -> str:
        """Keep a signing transaction under a UUID."""
        return self.transactions.put(transaction, name=str(uuid4()))
