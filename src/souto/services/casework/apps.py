from __future__ import annotations

from souto.foundation.ui.rooms import Room


class CaseworkConfig(Room):
    """Casework (審査): queues, opinions, decisions, deadlines, the hand-over to core systems."""

    name = "souto.services.casework"
    label = "casework"
