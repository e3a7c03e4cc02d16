"""What this room announces. Every event holds ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RecordDisposed:
    """A record was given up (廃棄) under a list; rooms that hold copies of it outside the database clear them away."""

    kind: str
    subject_id: UUID
    list_id: UUID
