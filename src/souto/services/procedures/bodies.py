"""Parsed definitions, kept by the hash of their body: a body never changes under its hash, so nothing here goes stale."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from souto.services.procedures.definition import Definition
from souto.services.procedures.definition.yaml_io import read_body

_LIMIT = 500
_lock = Lock()
_parsed: OrderedDict[str, Definition] = OrderedDict()


def definition_of(body_hash: str, body: Mapping[str, Any]) -> Definition:
    """The definition of a stored body, lifted to the newest schema version."""
    with _lock:
        if body_hash in _parsed:
            _parsed.move_to_end(body_hash)
            return _parsed[body_hash]
    definition = read_body(dict(body))
    with _lock:
        _parsed[body_hash] = definition
        while len(_parsed) > _LIMIT:
            _parsed.popitem(last=False)
    return definition
