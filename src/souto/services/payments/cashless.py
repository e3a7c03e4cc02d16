"""The cashless provider's client: JSON over HTTP, an API key, idempotency keys, signed notifications.

The demo provider (`demo_provider`) speaks and enforces the same protocol on an origin of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import httpx

from souto.kernel import clock
from souto.services.payments.seams import PaymentState, ProviderPayment, ProviderUnavailableError

#: A notification older than this (seconds) is a replay.
_TOLERANCE = 300


class Cashless:
    """Speaks to the provider at `url` with `key`; `secret` signs its notifications."""

    name = "cashless"

    def __init__(self, *, url: str, key: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._secret = secret.encode()

    def create(self, *, key: str, amount: int, description: str, return_url: str) -> ProviderPayment:
        """Begin a payment; the provider answers the same `key` with the same payment."""
        body = {"amount": amount, "currency": "JPY", "description": description, "return_url": return_url}
        return self._payment(self._ask("POST", "/v1/payments", json=body, headers={"Idempotency-Key": key}))

    def fetch(self, reference: str) -> ProviderPayment:
        """How a payment stands."""
        if not reference.isalnum():
            raise ProviderUnavailableError("not a reference")
        return self._payment(self._ask("GET", f"/v1/payments/{reference}"))

    def reference_in(self, *, body: bytes, headers: Mapping[str, str]) -> str | None:
        """The payment of a notification whose signature over time and body holds and is fresh."""
        stamp, signature = headers.get("X-Cashless-Time", ""), headers.get("X-Cashless-Signature", "")
        if not stamp.isdecimal() or abs(clock.real_now().timestamp() - int(stamp)) > _TOLERANCE:
            return None
        expected = hmac.new(self._secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            return None
        try:
            reference = json.loads(body)["payment"]
        except (ValueError, KeyError, TypeError):
            return None
        return reference if isinstance(reference, str) else None

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}", **options.pop("headers", {})}
        try:
            answer = httpx.request(method, self._url + path, headers=headers, timeout=10, **options)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailableError(type(error).__name__) from error
        if not isinstance(found, dict):
            raise ProviderUnavailableError("not an object")
        return found

    @staticmethod
    def _payment(found: dict[str, Any]) -> ProviderPayment:
        try:
            return ProviderPayment(
                reference=str(found["id"]),
                redirect_url=str(found["redirect_url"]),
                state=PaymentState(found["state"]),
                amount=int(found["amount"]),
            )
        except (KeyError, ValueError) as error:
            raise ProviderUnavailableError("an answer without its fields") from error
