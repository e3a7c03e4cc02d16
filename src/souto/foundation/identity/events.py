"""What identity announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResidentSignedIn:
    """A resident proved herself with a card; `first` when the city met her just now."""

    person_id: UUID
    first: bool


@dataclass(frozen=True, slots=True)
class ContactConfirmationRequested:
    """A resident gave an e-mail address; `queries.contact_confirmation` has the address and the link to send there."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A resident's e-mail address was confirmed or removed."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class CredentialRelinked:
    """A card was moved from one person to another (再ひも付け)."""

    credential_id: UUID
    from_person_id: UUID
    to_person_id: UUID


@dataclass(frozen=True, slots=True)
class DocumentSigned:
    """A resident's signature came back and was verified; `ok` only when everything was confirmed."""

    signing_id: UUID
    person_id: UUID
    ok: bool


@dataclass(frozen=True, slots=True)
class MembershipChanged:
    """A staff member began or ended a role in a department."""

    membership_id: UUID
    staff_id: UUID
    department_id: UUID
