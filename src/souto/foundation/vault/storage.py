"""Sealed file storage: Django storages whose files are encrypted with the key of the record that they belong to.

A name is `<key id>/<file id>`: the first part says which record's key seals it. A file is written once, then only read or deleted.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from souto.foundation.vault import cipher, keys


class SealedFileStorage(FileSystemStorage):
    """Sealed files in a folder."""

    def _save(self, name: str, content: File[Any]) -> str:
        sealed = seal(name, content)
        saved: str = super()._save(name, File(_Chunks(sealed), name=name))  # type: ignore[misc,arg-type]
        return saved

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        key = key_to_read(name, mode)
        with super()._open(name, "rb") as sealed:  # type: ignore[misc]
            return unseal(name, sealed, key=key)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name as given: it holds a fresh id, and the seal is bound to it."""
        return name

    def url(self, name: str | None) -> str:
        """Sealed files have no address: they are read through an access gate."""
        raise ValueError("sealed files are read through documents.queries")


def seal(name: str, content: File[Any]) -> Iterator[bytes]:
    """The sealed bytes of a file of this name."""
    return cipher.seal_stream(content.chunks(), key=keys.read_key(_key_of(name)), bound_to=name.encode())


def unseal(name: str, sealed: File[Any], *, key: bytes) -> File[Any]:
    """The file behind sealed bytes; raises `UnreadableError`."""
    # Files are limited to a few megabytes (documents.limits), so the whole may stand in memory.
    opened = cipher.unseal_stream(sealed.chunks(), key=key, bound_to=name.encode())
    return File(io.BytesIO(b"".join(opened)), name=name)


def key_to_read(name: str, mode: str) -> bytes:
    """The key of a file that is to be read; `KeyDestroyedError` for an erased record, also where the file itself is gone."""
    if mode != "rb":
        raise ValueError("sealed files are written once and then only read")
    return keys.read_key(_key_of(name))


class _Chunks(io.RawIOBase):
    """Presents an iterator of bytes as a readable file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return next(self._chunks, b"")


def _key_of(name: str) -> UUID:
    return UUID(name.split("/", 1)[0])
