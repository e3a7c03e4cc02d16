"""Authenticated encryption (AES-256-GCM, NIST SP 800-38D) of small values and of streams; knows no storage."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_CHUNK = 64 * 1024
_VERSION = b"\x01"


class UnreadableError(Exception):
    """The sealed bytes were altered, cut, moved to another record, or sealed with another key."""


def new_key() -> bytes:
    """A random 256-bit key."""
    return os.urandom(KEY_BYTES)


def seal(plain: bytes, *, key: bytes, bound_to: bytes) -> bytes:
    """Encrypt `plain`; only the same `key` and the same `bound_to` (record and column) open it again."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(sealed: bytes, *, key: bytes, bound_to: bytes) -> bytes:
    """Decrypt what `seal` made; raises `UnreadableError`."""
    if len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
        raise UnreadableError("not a sealed value")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, bound_to)
    except InvalidTag:
        raise UnreadableError("the sealed value does not match its key or its record") from None


def seal_stream(chunks: Iterable[bytes], *, key: bytes, bound_to: bytes) -> Iterator[bytes]:
    """Encrypt a stream in chunks of 64 KiB; order and end are authenticated (the STREAM construction)."""
    prefix = os.urandom(7)
    yield _VERSION + prefix
    cipher, counter = AESGCM(key), 0
    pending = b""
    for data in chunks:
        pending += data
        while len(pending) > _CHUNK:
            yield cipher.encrypt(_nonce(prefix, counter, last=False), pending[:_CHUNK], bound_to)
            pending, counter = pending[_CHUNK:], counter + 1
    yield cipher.encrypt(_nonce(prefix, counter, last=True), pending, bound_to)


def unseal_stream(chunks: Iterable[bytes], *, key: bytes, bound_to: bytes) -> Iterator[bytes]:
    """Decrypt what `seal_stream` made; raises `UnreadableError` for altered, reordered or cut streams."""
    buffer, prefix, counter = b"", b"", 0
    cipher, size = AESGCM(key), _CHUNK + _TAG_BYTES
    for data in chunks:
        buffer += data
        if not prefix:
            if len(buffer) < 8:
                continue
            if buffer[:1] != _VERSION:
                raise UnreadableError("not a sealed stream")
            prefix, buffer = buffer[1:8], buffer[8:]
        while len(buffer) > size:
            yield _open(cipher, _nonce(prefix, counter, last=False), buffer[:size], bound_to)
            buffer, counter = buffer[size:], counter + 1
    if not prefix:
        raise UnreadableError("the sealed stream is cut")
    yield _open(cipher, _nonce(prefix, counter, last=True), buffer, bound_to)


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _open(cipher: AESGCM, nonce: bytes, body: bytes, bound_to: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, body, bound_to)
    except InvalidTag:
        raise UnreadableError("the sealed stream was altered or cut") from None
