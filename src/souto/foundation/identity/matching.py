"""Joins a person to the resident register, or asks staff: nothing is guessed, nobody is joined on less than four items."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from souto.foundation.identity.models import Credential, Identifier, Person, ProfileReview, ReviewKind
from souto.foundation.identity.oidc import CardItems
from souto.foundation.identity.seams import RegisterDiffersError, RegisterEntry, resident_register
from souto.foundation.vault.keys import keyed_hash
from souto.kernel.ids import new_id

#: The scheme of 宛名番号, the number under which the city's core systems know a resident.
REGISTER_NUMBER = "jp.city.register-number"


def judge_register(person: Person, credential: Credential, items: CardItems) -> int:
    """Update `person.profile` (unsaved) from the register and raise what staff must look at; returns how many wait now."""
    for problem in items.problems:
        raise_review(person, credential, ReviewKind.UNREADABLE, item=problem.item, detail={"raw": problem.raw})
    entry = None
    if items.name and items.address and items.birth_date and items.sex:
        try:
            entry = resident_register().find(items)
        except RegisterDiffersError:
            raise_review(person, credential, ReviewKind.REGISTER_DIFFERS)
    if entry is not None and not _link(person, credential, entry):
        entry = None
    person.profile = with_register(person.profile, entry)
    if entry is None and items.birth_date and "-" not in items.birth_date:
        raise_review(person, credential, ReviewKind.PARTIAL_DATE, item="birth_date")
    return ProfileReview.objects.filter(person=person, resolved_at__isnull=True).count()


def with_register(profile: dict[str, Any], entry: RegisterEntry | None) -> dict[str, Any]:
    """`profile` with what the register adds (the reading, the real characters), or without when there is no entry."""
    own = {key: value for key, value in profile.items() if key not in _FROM_REGISTER}
    if entry is None:
        return own
    added = {key: value for key, value in asdict(entry).items() if key not in ("number", "birth_date", "sex")}
    masks = {"name_substituted": entry.name_substituted, "address_substituted": entry.address_substituted}
    return {**own, "name_kana": entry.name_kana, **masks, "register": added}


_FROM_REGISTER = frozenset({"name_kana", "name_substituted", "address_substituted", "register"})


def link_number(person: Person, number: str) -> bool:
    """Note the register number of `person`; False when it is another person's already, or she has another."""
    found = Identifier.objects.filter(scheme=REGISTER_NUMBER, value_hash=number_hash(number)).first()
    if found is not None:
        return bool(found.person_id == person.id)
    if Identifier.objects.filter(person=person, scheme=REGISTER_NUMBER).exists():
        return False
    identifier = Identifier(person=person, scheme=REGISTER_NUMBER, value_hash=number_hash(number))
    identifier.value = number
    identifier.save()
    return True


def raise_review(
    person: Person,
    credential: Credential,
    kind: ReviewKind,
    *,
    item: str = "",
    detail: dict[str, Any] | None = None,
    other_person: Person | None = None,
) -> None:
    """Let staff look at `person`; the same question is asked once."""
    if ProfileReview.objects.filter(person=person, kind=kind, item=item, resolved_at__isnull=True).exists():
        return
    review = ProfileReview(
        id=new_id(), person=person, credential=credential, kind=kind, item=item, other_person=other_person
    )
    review.detail = detail or {}
    review.save()


def name_hash(name: str) -> bytes | None:
    """What finds persons of one name."""
    return keyed_hash("".join(name.split()), purpose="person.name") if name else None


def number_hash(number: str) -> bytes:
    """What finds the person of a register number."""
    return keyed_hash(number, purpose="register-number")


def _link(person: Person, credential: Credential, entry: RegisterEntry) -> bool:
    if link_number(person, entry.number):
        return True
    other = Identifier.objects.filter(scheme=REGISTER_NUMBER, value_hash=number_hash(entry.number)).first()
    kind = ReviewKind.SAME_NUMBER if other is not None else ReviewKind.REGISTER_DIFFERS
    raise_review(
        person,
        credential,
        kind,
        detail={"number": entry.number},
        other_person=other.person if other is not None else None,
    )
    return False
