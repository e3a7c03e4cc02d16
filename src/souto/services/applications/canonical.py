"""The canonical form (正規形) of what is sent: the bytes that a signature covers and that a digest proves.

RFC 8785 (JSON Canonicalization Scheme): keys sorted, no white space, numbers written in one way only; so the same content gives
the same bytes on every machine. Attachments stand in it by their SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict
from uuid import UUID

import rfc8785


class Attachment(TypedDict):
    """A file of a submission: the path of its field, the stored file, its SHA-256 (hex), name and size in bytes."""

    path: str
    file_id: str
    sha256: str
    name: str
    size: int


def content(
    *,
    application_id: UUID,
    procedure: str,
    version: int,
    answers: Mapping[str, Any],
    attachments: Iterable[Attachment],
) -> bytes:
    """The canonical bytes of a submission. Attachments are ordered by field and hash, whatever order they came in."""
    files = sorted(
        ({"path": a["path"], "sha256": a["sha256"]} for a in attachments), key=lambda f: (f["path"], f["sha256"])
    )
    return rfc8785.dumps(
        {
            "application": str(application_id),
            "procedure": procedure,
            "version": version,
            "answers": dict(answers),
            "attachments": files,
        }
    )


def digest(content: bytes) -> str:
    """SHA-256 of the canonical bytes, as 64 hexadecimal digits: what the signature is compared with."""
    return hashlib.sha256(content).hexdigest()


def commitment(content: bytes, *, salt: bytes) -> str:
    """A salted digest for rows and chains that are never erased: it proves the content to whoever holds the (erasable) salt and tells
    nothing to anybody else.
    """
    return hmac.digest(salt, content, hashlib.sha256).hex()


def attachments(files: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[Attachment]:
    """The files of answers, by the path of their field, as a list."""
    return [
        Attachment(path=path, file_id=f["file_id"], sha256=f["sha256"], name=f["name"], size=f["size"])
        for path, found in files.items()
        for f in found
    ]
