from __future__ import annotations

from souto.foundation.ui.rooms import Room


class UiConfig(Room):
    """Base pages, components, template tags, view and API helpers; no tables."""

    name = "souto.foundation.ui"
    label = "ui"
