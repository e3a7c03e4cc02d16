"""The one canonical form of a definition and its hash: equal content, equal hash, whatever the YAML looked like."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

from souto.services.procedures.definition.model import Definition


def canonical(body: Mapping[str, Any]) -> bytes:
    """RFC 8785 (JSON Canonicalization Scheme) bytes of a stored body."""
    return rfc8785.dumps(dict(body))


def body_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical bytes of a stored body, in hexadecimal."""
    return hashlib.sha256(canonical(body)).hexdigest()


def definition_hash(definition: Definition) -> str:
    """The hash of a definition."""
    return body_hash(definition.body())
