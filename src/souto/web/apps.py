from __future__ import annotations

from souto.foundation.ui.rooms import Room


class WebConfig(Room):
    """Home pages and navigation of the faces; no tables."""

    name = "souto.web"
    label = "web"
