"""Looking for a person at the counter: an act of its own, because who was looked for by whom stays on record (閲覧記録)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import Outcome, record
from souto.foundation.identity.matching import name_hash, number_hash
from souto.foundation.identity.models import Identifier, Person
from souto.foundation.identity.profiles import Profile
from souto.foundation.identity.queries import REGISTER_NUMBER, profile_of
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError
from souto.kernel.text.folding import fold_code

#: Who may look for a person.
PERMISSION = "casework.work"


class LookUpTooWideError(SoutoError):
    """Less than a name with a birth date, or a number: nobody leafs through the residents."""

    message = "氏名と生年月日の両方か、宛名番号を入力してください。"


@transaction.atomic
def look_up_persons(*, actor: Actor, name: str = "", birth_date: date | None = None, number: str = "") -> list[Profile]:
    """The persons of exactly this name (as the card writes it; spaces do not count) and birth date, or the one of this register number
    (宛名番号). A birth date of which only a part is known meets the days that its known part allows.

    Needs `casework.work`. Each search is on record with what was searched by and how many were found. Raises `LookUpTooWideError`.
    """
    actor.require(PERMISSION)
    number = fold_code(number).strip()
    if number:
        held = Identifier.objects.filter(scheme=REGISTER_NUMBER, value_hash=number_hash(number))
        found = _profiles(held.values_list("person_id", flat=True))
    elif "".join(name.split()) and birth_date is not None:
        named = Person.objects.filter(name_hash=name_hash(name)).order_by("created_at").values_list("id", flat=True)
        found = [profile for profile in _profiles(named) if _meets(profile, birth_date)]
    else:
        raise LookUpTooWideError(field="name")
    record(
        actor=actor,
        action="identity.look_up",
        outcome=Outcome.SEEN,
        fields=["number"] if number else ["name", "birth_date"],
        facts={"found": len(found), "persons": " ".join(str(p.person_id) for p in found)},
    )
    return found


def _profiles(person_ids: Iterable[UUID]) -> list[Profile]:
    persons = (Person.objects.get(pk=person_id) for person_id in person_ids)
    return [profile_of(person.id) for person in persons if not person.is_erased]


def _meets(profile: Profile, birth_date: date) -> bool:
    if not profile.birth_date:
        return False
    if "-" in profile.birth_date:
        return profile.birth_date == birth_date.isoformat()
    # JPKI's nine digits: an era digit, then year, month and day, zeros where they are not known.
    parts = (profile.birth_date[1:5], profile.birth_date[5:7], profile.birth_date[7:9])
    asked = (f"{birth_date:%Y}", f"{birth_date:%m}", f"{birth_date:%d}")
    return all(not known.strip("0") or known == one for known, one in zip(parts, asked, strict=True))
