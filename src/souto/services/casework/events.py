"""What this room announces. Every event holds ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A section has an application before it."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class CaseAssigned:
    """Cases have a new person responsible (one event for a batch); `staff_id` None: nobody any more."""

    case_ids: tuple[UUID, ...]
    staff_id: UUID | None


@dataclass(frozen=True, slots=True)
class OpinionAsked:
    """A section was asked for its opinion (意見照会)."""

    opinion_id: UUID


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """The opinion came."""

    opinion_id: UUID


@dataclass(frozen=True, slots=True)
class DecisionProposed:
    """An officer proposed a decision (起案)."""

    case_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class DecisionReturned:
    """The second person gave the proposal back (差し戻し)."""

    case_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, slots=True)
class HandOverSent:
    """The package lies in the core system's folder."""

    hand_over_id: UUID


@dataclass(frozen=True, slots=True)
class HandOverAnswered:
    """The core system accepted or refused the package."""

    hand_over_id: UUID


@dataclass(frozen=True, slots=True)
class OfficerFeedbackGiven:
    """An officer answered the two questions about a case."""

    case_id: UUID
