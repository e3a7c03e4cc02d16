"""The provider's own key (ES256) and the salt of its pairwise subjects, kept over restarts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from joserfc.jwk import ECKey


def signing_key(folder: Path) -> ECKey:
    """The P-256 key that signs ID tokens."""
    key = ECKey.import_key(_once(folder / "signing-key.pem", ECKey.generate_key("P-256").as_pem(private=True)))
    key.ensure_kid()
    return key


def pairwise_subject(folder: Path, *, redirect_uri: str, resident_id: str) -> str:
    """A subject that differs from one relying party to the next and never says who it is (OIDC Core 8.1)."""
    salt = _once(folder / "pairwise-salt", secrets.token_bytes(32))
    sector = urlsplit(redirect_uri).hostname or ""
    digest = hmac.digest(salt, f"{sector}\n{resident_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _once(path: Path, data: bytes) -> bytes:
    """Write `data` unless the file is there; return what it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return data
