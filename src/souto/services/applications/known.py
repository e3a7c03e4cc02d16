"""What the city knows about the person who fills in: the facts that fill fields in and that conditions ask for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from souto.foundation.identity import queries as identity
from souto.kernel import clock
from souto.kernel.actor import Actor


def facts_for(actor: Actor, person_id: UUID | None) -> dict[str, Any]:
    """The facts by their names in `procedures.definition.facts`, for an application of `person_id` that `actor` fills in.

    `card.*` only where the profile was proved by a card. What is not known is left out.
    """
    facts: dict[str, Any] = {
        "today": clock.today().isoformat(),
        "assurance": actor.assurance,
        "on_behalf": actor.on_behalf_of is not None,
    }
    if person_id is None:
        return facts
    profile = identity.profile_of(person_id)
    found = {"contact.email": profile.email, "contact.phone": profile.phone}
    if profile.verified_at is not None:
        found |= {
            "card.name": profile.name,
            "card.address": profile.address,
            "card.birth_date": profile.birth_date,
            "card.sex": profile.sex,
            "register.name_kana": profile.name_kana,
        }
    return facts | {name: value for name, value in found.items() if value}
