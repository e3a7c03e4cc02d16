"""What the registry announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TownsImported:
    """A list of towns was taken over; one event for the whole list."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class TownRepaired:
    """A refused row became a town."""

    refused_id: UUID
    town_id: UUID
