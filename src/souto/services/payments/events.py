"""What this room announces. `purpose` and `subject_id` name the record for which the charge was made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChargeCreated:
    """Somebody owes the city an amount."""

    charge_id: UUID
    purpose: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class ChargePaid:
    """The whole amount has come in."""

    charge_id: UUID
    purpose: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class ChargeReversed:
    """A payment was taken back (取消): the amount is owed again."""

    charge_id: UUID
    purpose: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class ChargeCancelled:
    """The amount is no longer owed."""

    charge_id: UUID
    purpose: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class SlipIssued:
    """A payment slip (納付書) was issued."""

    slip_id: UUID
    charge_id: UUID


@dataclass(frozen=True, slots=True)
class NoticesSuspended:
    """Rows of a notice file matched nothing and wait for a person (one event for the file)."""

    import_id: UUID
    rows: int
