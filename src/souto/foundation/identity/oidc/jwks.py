"""The provider's public keys, kept for an hour and fetched anew when a token names a key that is not among them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from souto.foundation.identity.oidc.errors import ProviderAnswerError, TokenRefusedError
from souto.kernel import clock

KEEP: Final = timedelta(hours=1)
#: At most one extra fetch in this time: tokens with invented key ids must not become requests to the provider.
PAUSE: Final = timedelta(minutes=1)


class JwksCache:
    """Keys by `kid`. `fetch` reads the JWKS document. Safe for several threads."""

    def __init__(self, fetch: Callable[[], Any], *, now: Callable[[], datetime] = clock.real_now) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = threading.Lock()
        self._keys: dict[str, RSAKey | ECKey] = {}
        self._fetched_at: datetime | None = None

    def key(self, kid: object) -> RSAKey | ECKey:
        """The key named `kid`. Raises `TokenRefusedError` when the provider publishes no such key."""
        if not isinstance(kid, str) or not kid:
            raise TokenRefusedError("kid_missing")
        with self._lock:
            age = None if self._fetched_at is None else self._now() - self._fetched_at
            if age is None or age > KEEP or (kid not in self._keys and age > PAUSE):
                self._refresh()
            if kid not in self._keys:
                raise TokenRefusedError("kid_unknown")
            return self._keys[kid]

    def _refresh(self) -> None:
        document = self._fetch()
        try:
            keys = KeySet.import_key_set(document).keys
        except (JoseError, ValueError, KeyError, TypeError):
            raise ProviderAnswerError("jwks_unreadable") from None
        # Secrets (`oct`) are left out: a public key must never serve as a shared secret.
        self._keys = {key.kid: key for key in keys if key.kid and isinstance(key, (RSAKey, ECKey))}
        self._fetched_at = self._now()
