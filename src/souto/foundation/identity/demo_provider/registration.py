"""The registry of clients (利用者登録): a file, because registration happens before and outside the protocol.

The web process of the demo writes it with `register`; the provider reads it at each request.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.jwk import KeySet

_CLIENT_ID: Final = re.compile(r"[0-9A-Za-z]{1,255}", re.ASCII)
_MAX_URI: Final = 255


class RegistrationError(ValueError):
    """A client that the real provider would not register either."""


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A relying party: its addresses for answers, its public keys, the algorithm of its assertions, its name on screen."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    algorithm: str
    keys: KeySet


def register(
    folder: Path, *, client_id: str, name: str, redirect_uris: list[str], algorithm: str, jwks: dict[str, Any]
) -> None:
    """Add or replace a client. Raises `RegistrationError` where the real provider's rules would be broken."""
    if not _CLIENT_ID.fullmatch(client_id):
        raise RegistrationError("client_id: 1 to 255 letters and digits")
    if not redirect_uris or any(not 0 < len(uri) <= _MAX_URI for uri in redirect_uris):
        raise RegistrationError("redirect_uri: 1 to 255 characters")
    if len({urlsplit(uri).hostname for uri in redirect_uris}) != 1:
        raise RegistrationError("redirect_uri: one host, because subjects are pairwise by host")
    if algorithm not in ("RS256", "ES256"):
        raise RegistrationError("algorithm: RS256 or ES256")
    if any("d" in key for key in jwks["keys"]):
        raise RegistrationError("jwks: public keys only")
    path = folder / "clients.json"
    folder.mkdir(parents=True, exist_ok=True)
    clients = json.loads(path.read_text()) if path.exists() else {}
    entry = {"name": name, "redirect_uris": redirect_uris, "algorithm": algorithm, "jwks": jwks}
    if clients.get(client_id) == entry:
        return
    draft = folder / f".clients.{secrets.token_hex(8)}"
    draft.write_text(json.dumps({**clients, client_id: entry}, ensure_ascii=False, indent=1))
    draft.replace(path)


def find(folder: Path, client_id: str) -> RegisteredClient | None:
    """The registered client, or None."""
    path = folder / "clients.json"
    found = json.loads(path.read_text()).get(client_id) if path.exists() else None
    if found is None:
        return None
    keys = KeySet.import_key_set(found["jwks"])
    return RegisteredClient(client_id, found["name"], tuple(found["redirect_uris"]), found["algorithm"], keys)
