"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProcedurePublished:
    """A version was published; the one before it, if any, is superseded and takes no new drafts."""

    version_id: UUID
    slug: str
