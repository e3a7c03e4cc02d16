from __future__ import annotations

from souto.foundation.ui.rooms import Room


class PlanConfig(Room):
    """The DX plan as data and its live scoreboard."""

    name = "souto.plan"
    label = "plan"
