"""Parsed definitions, kept by the hash of their body: a body never changes under its hash, so nothing here goes stale."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from souto.services.procedures.definition import Definition
from souto.services.procedures.definition.yaml_io import read_body

#: A city has some hundreds of procedures; superseded versions are asked for by old applications.
_LIMIT = 2000
_lock = Lock()
_parsed: OrderedDict[str, Definition] = OrderedDict()


def is_known(body_hash: str) -> bool:
    """True when the definition under this hash is at hand."""
    with _lock:
        return body_hash in _parsed


def definition_of(body_hash: str, load: Callable[[], Mapping[str, Any]]) -> Definition:
    """The definition of a stored body, lifted to the newest schema version; `load` is called only where it is not at hand."""
    with _lock:
        if body_hash in _parsed:
            _parsed.move_to_end(body_hash)
            return _parsed[body_hash]
    definition = read_body(dict(load()))
    with _lock:
        _parsed[body_hash] = definition
        while len(_parsed) > _LIMIT:
            _parsed.popitem(last=False)
    return definition
