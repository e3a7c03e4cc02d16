"""What the city knows about the person who fills in: the facts that fill fields in and that conditions ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from souto.foundation.identity import queries as identity
from souto.foundation.registry import queries as registry
from souto.kernel import clock
from souto.kernel.actor import Actor

if TYPE_CHECKING:
    from souto.foundation.identity.profiles import Profile


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
    found: dict[str, Any] = {"contact.email": profile.email, "contact.phone": profile.phone}
    if profile.verified_at is not None:
        found |= {
            "card.name": profile.name,
            "card.address": profile.address,
            "card.birth_date": profile.birth_date,
            "card.sex": profile.sex,
            "register.name_kana": profile.name_kana,
            "register.address": _address(profile),
        }
    return facts | {name: value for name, value in found.items() if value}


def _address(profile: Profile) -> dict[str, str] | None:
    """The register's address in the parts of an address field, each as the register writes it; None where it cannot be cut surely."""
    if not profile.is_registered:
        return None
    found = registry.normalise_address(profile.address)
    head = f"{found.prefecture}{found.municipality}"
    if not found.prefecture or not found.town or not profile.address.startswith(head):
        return None
    rest = profile.address.removeprefix(head)
    building = found.building if found.building and rest.endswith(found.building) else ""
    postal_codes = [profile.postal_code] if profile.postal_code else list(found.postal_codes)
    parts = {
        "postal_code": postal_codes[0].replace("-", "") if len(postal_codes) == 1 else "",
        "prefecture": found.prefecture,
        "city": found.municipality,
        "town": rest.removesuffix(building).strip(),
        "building": building,
    }
    return {name: text for name, text in parts.items() if text}
