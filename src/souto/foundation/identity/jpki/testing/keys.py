"""RSA keys and files: made once, kept in PEM, so that every later start finds the same authority and the same cards."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


def new_key() -> rsa.RSAPrivateKey:
    """A fresh RSA key of 2048 bits, the size that JPKI uses."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_to_pem(key: rsa.RSAPrivateKey) -> bytes:
    """PKCS#8 PEM without a password: a test key protects nothing."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def key_from_pem(data: bytes) -> rsa.RSAPrivateKey:
    """The key of `key_to_pem`. Raises ValueError for anything else."""
    key = load_pem_private_key(data, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        msg = "not an RSA key"
        raise TypeError(msg)
    return key


def write_once(path: Path, data: bytes) -> bytes:
    """Write `path` unless it is there; return what it holds now. Of two processes at once, one wins and both agree."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, data)
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_bytes()
    finally:
        draft.unlink()
    return data


def replace(path: Path, data: bytes) -> None:
    """Write `path` whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _draft(path, data).replace(path)


def _draft(path: Path, data: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return draft
