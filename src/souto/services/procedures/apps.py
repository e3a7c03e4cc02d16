from __future__ import annotations

from souto.foundation.ui.rooms import Room


class ProceduresConfig(Room):
    """Procedures (手続): frozen, numbered versions of what a resident can file."""

    name = "souto.services.procedures"
    label = "procedures"
