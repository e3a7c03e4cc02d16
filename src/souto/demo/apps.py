from __future__ import annotations

from souto.foundation.ui.rooms import Room


class DemoConfig(Room):
    """Fills and walks the demo city through the same actions that people use."""

    name = "souto.demo"
    label = "demo"
