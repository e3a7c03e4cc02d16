"""Keys of records: one key a record, wrapped by the master key, kept in a folder apart from the database.

Destroying a key erases everything that it sealed: the row, its files, and their copies in every database backup. The folder
is therefore backed up separately, with a retention as short as the city's erasure period.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import cache
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from django.conf import settings

from souto.foundation.vault import cipher
from souto.kernel.errors import SoutoError
from souto.kernel.ids import new_id


class KeyDestroyedError(SoutoError):
    """The record was erased: its key no longer exists (410, wherever it is read; also in a database restored from an older backup)."""

    message = "この記録は廃棄されたため、内容は残っていません。"
    status: ClassVar[int] = 410


class MasterKeyError(Exception):
    """The master key cannot be read; without it nothing that was sealed can be opened."""


@cache
def _master(path: Path) -> bytes:
    try:
        raw = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        if settings.SECURE:
            raise MasterKeyError(f"{path} is missing: restore it, or make one with `openssl rand -hex 32`") from None
        raw = _make_master(path)
    except ValueError:
        raise MasterKeyError(f"{path} must hold 64 hexadecimal digits") from None
    if len(raw) != cipher.KEY_BYTES:
        raise MasterKeyError(f"{path} must hold 64 hexadecimal digits")
    return raw


def _make_master(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(cipher.new_key().hex())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        temporary.unlink()
    return bytes.fromhex(path.read_text().strip())


def _derived(purpose: str) -> bytes:
    return hmac.digest(_master(settings.MASTER_KEY_FILE), purpose.encode(), hashlib.sha256)


def keyed_hash(value: str, *, purpose: str) -> bytes:
    """A 32-byte keyed hash of `value`: equal values can be found, none can be guessed from the database alone."""
    return hmac.digest(_derived(f"hash/{purpose}"), value.encode(), hashlib.sha256)


def _path(key_id: UUID) -> Path:
    text = key_id.hex
    # The last digits of a UUIDv7 are random, so folders fill evenly.
    return Path(settings.KEYS_DIR) / text[-2:] / text[-4:-2] / text


def create_key() -> UUID:
    """Make a key for a new record, safely on disk before this returns; a rolled-back record leaves a harmless orphan."""
    key_id = new_id()
    path = _path(key_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    wrapped = cipher.seal(cipher.new_key(), key=_derived("wrap"), bound_to=key_id.bytes)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(wrapped)
        file.flush()
        os.fsync(file.fileno())
    return key_id


def read_key(key_id: UUID) -> bytes:
    """The key itself; raises `KeyDestroyedError` for an erased record."""
    try:
        wrapped = _path(key_id).read_bytes()
    except FileNotFoundError:
        raise KeyDestroyedError(str(key_id)) from None
    return cipher.unseal(wrapped, key=_derived("wrap"), bound_to=key_id.bytes)


def destroy_key(key_id: UUID) -> bool:
    """Erase the record for good; doing it twice does no harm. True when there was a key to destroy."""
    try:
        _path(key_id).unlink()
    except FileNotFoundError:
        return False
    return True


def keys_readable() -> bool:
    """True when the master key can be read and the key folder written: what readiness asks."""
    try:
        _master(settings.MASTER_KEY_FILE)
        Path(settings.KEYS_DIR).mkdir(parents=True, exist_ok=True)
    except (MasterKeyError, OSError):
        return False
    return os.access(settings.KEYS_DIR, os.W_OK)
