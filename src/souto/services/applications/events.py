"""What this room announces. Every event holds ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DraftStarted:
    """Somebody began to fill in a procedure."""

    draft_id: UUID


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """An application was received (受付); its first submission stands."""

    application_id: UUID


@dataclass(frozen=True, slots=True)
class ReviewStarted:
    """A section took the application up (審査開始)."""

    application_id: UUID


@dataclass(frozen=True, slots=True)
class CorrectionRequested:
    """A section asked the applicant to correct fields (補正依頼)."""

    application_id: UUID
    correction_id: UUID


@dataclass(frozen=True, slots=True)
class CorrectionSubmitted:
    """The applicant sent the corrected fields: a new submission stands."""

    application_id: UUID
    correction_id: UUID


@dataclass(frozen=True, slots=True)
class CorrectionCancelled:
    """The section took its request for correction back."""

    application_id: UUID
    correction_id: UUID


@dataclass(frozen=True, slots=True)
class ApplicationDecided:
    """The application was decided (決定); the outcome stands in the record of the decision."""

    application_id: UUID


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    """The applicant took the application back (取下げ)."""

    application_id: UUID


@dataclass(frozen=True, slots=True)
class ApplicationClosed:
    """Nothing more is to be done (完了)."""

    application_id: UUID


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """The applicant answered the two questions about the procedure."""

    application_id: UUID
