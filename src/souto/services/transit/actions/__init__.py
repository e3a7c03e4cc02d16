"""Every write of this room."""

from __future__ import annotations

from souto.services.transit.actions.asking import ContactMissingError, NotReplaceableError, ask
from souto.services.transit.actions.booking import AboardError, BusyError, book, cancel
from souto.services.transit.actions.calling import find_caller, open_call
from souto.services.transit.actions.forgetting import forget
from souto.services.transit.actions.versions import (
    NotADraftError,
    PublishRefusedError,
    TooSoonError,
    import_yaml,
    publish,
)

__all__ = [
    "AboardError",
    "BusyError",
    "ContactMissingError",
    "NotADraftError",
    "NotReplaceableError",
    "PublishRefusedError",
    "TooSoonError",
    "ask",
    "book",
    "cancel",
    "find_caller",
    "forget",
    "import_yaml",
    "open_call",
    "publish",
]
