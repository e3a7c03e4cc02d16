"""Sealed files in a bucket that speaks the S3 protocol. A module of its own: whoever keeps files in a folder loads no client."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from souto.foundation.vault.storage import key_to_read, seal, unseal


class SealedS3Storage(S3Storage):  # type: ignore[misc] # the package has no types
    """Sealed files in a bucket that speaks the S3 protocol; the store never sees anything but sealed bytes.

    A file goes in one request (files are limited to a few megabytes), so it is there whole or not at all.
    """

    def _save(self, name: str, content: File[Any]) -> str:
        sealed = ContentFile(b"".join(seal(name, content)), name=name)
        saved: str = super()._save(name, sealed)
        return saved

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        key = key_to_read(name, mode)
        with super()._open(name, "rb") as sealed:
            return unseal(name, sealed, key=key)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name as given: it holds a fresh id, and the seal is bound to it."""
        return name

    def url(self, name: str | None, *_args: Any, **_more: Any) -> str:
        """Sealed files have no address: they are read through an access gate."""
        raise ValueError("sealed files are read through documents.queries")
