"""The chain's arithmetic: what exactly is hashed. Changing this breaks every chain that exists."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

#: The digest before the first link.
GENESIS = hashlib.sha256(b"souto audit chain 1").digest()

#: The columns of an entry that are hashed, in no particular order (the canonical form sorts them).
COLUMNS = (
    "id", "at", "actor_kind", "actor_id", "actor_name", "on_behalf_of", "action", "outcome", "subject_type", "subject_id",
    "fields", "facts",
)  # fmt: skip


def plain(value: Any) -> Any:
    """An id or an instant as the text that is hashed; other values as they are."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def canonical(entry: dict[str, Any]) -> bytes:
    """The entry's columns as canonical JSON (RFC 8785)."""
    return rfc8785.dumps({column: plain(entry[column]) for column in COLUMNS})


def link(previous: bytes, entry: dict[str, Any]) -> bytes:
    """The digest of `entry` after `previous` (SHA-256, 32 bytes)."""
    return hashlib.sha256(previous + canonical(entry)).digest()
