"""Every write of this room."""

from __future__ import annotations

from souto.services.transit.actions.versions import (
    NotADraftError,
    PublishRefusedError,
    TooSoonError,
    import_yaml,
    publish,
)

__all__ = ["NotADraftError", "PublishRefusedError", "TooSoonError", "import_yaml", "publish"]
