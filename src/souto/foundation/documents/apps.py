from __future__ import annotations

from souto.foundation.ui.rooms import Room


class DocumentsConfig(Room):
    """Files that people send and documents that Souto makes."""

    name = "souto.foundation.documents"
    label = "documents"
