"""Joins a person to the resident register, or asks staff: nothing is guessed, nobody is joined on less than four items.

What staff answered once is not asked again while the card says the same: the answer stands under `staff_confirmed` of the
profile, beside the words of the card that it was given for.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from souto.foundation.identity.models import Credential, Identifier, Person, ProfileReview, ReviewKind
from souto.foundation.identity.oidc import CardItems
from souto.foundation.identity.queries import REGISTER_NUMBER
from souto.foundation.identity.seams import RegisterDiffersError, RegisterEntry, resident_register
from souto.foundation.vault.keys import keyed_hash

CONFIRMED: Final = "staff_confirmed"
_FROM_REGISTER: Final = frozenset({"name_kana", "name_substituted", "address_substituted", "register"})


def judge_register(person: Person, credential: Credential, items: CardItems) -> int:
    """Update `person.profile` (unsaved) from the register and raise what staff must look at; returns how many wait now."""
    for problem in items.problems:
        detail = {"raw": problem.raw}
        known = person.profile.get(CONFIRMED, {}).get(problem.item, {})
        if known.get("detail") == detail:
            person.profile = {**person.profile, problem.item: known["value"]}
        raise_review(person, credential, ReviewKind.UNREADABLE, item=problem.item, detail=detail)
    entry = _entry_for(person, credential, items)
    if entry is not None and not _link(person, credential, entry):
        entry = None
    person.profile = with_register(person.profile, entry)
    if entry is None and items.birth_date and "-" not in items.birth_date:
        raise_review(person, credential, ReviewKind.PARTIAL_DATE, item="birth_date", detail={"raw": items.birth_date})
    return ProfileReview.objects.filter(person=person, resolved_at__isnull=True).count()


def with_register(profile: dict[str, Any], entry: RegisterEntry | None) -> dict[str, Any]:
    """`profile` with what the register adds (the reading, the real characters), or without when there is no entry."""
    own = {key: value for key, value in profile.items() if key not in _FROM_REGISTER}
    if entry is None:
        return own
    added = {key: value for key, value in asdict(entry).items() if key not in ("number", "birth_date", "sex")}
    masks = {"name_substituted": entry.name_substituted, "address_substituted": entry.address_substituted}
    return {**own, "name_kana": entry.name_kana, **masks, "register": added}


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
    detail: dict[str, Any],
    other_person: Person | None = None,
) -> None:
    """Let staff look at `person`. The same question is asked once, whether it waits or was answered."""
    latest = ProfileReview.objects.filter(person=person, kind=kind, item=item).order_by("-raised_at").first()
    if latest is not None and (latest.resolved_at is None or latest.detail == detail):
        return
    review = ProfileReview(person=person, credential=credential, kind=kind, item=item, other_person=other_person)
    review.detail = detail
    review.save()


def name_hash(name: str) -> bytes | None:
    """What finds persons of one name."""
    return keyed_hash("".join(name.split()), purpose="person.name") if name else None


def number_hash(number: str) -> bytes:
    """What finds the person of a register number."""
    return keyed_hash(number, purpose="register-number")


def card_words(items: CardItems | dict[str, Any]) -> dict[str, str]:
    """The four items of a card or of a profile, as `detail` keeps them."""
    given = items if isinstance(items, dict) else asdict(items)
    return {item: given.get(item, "") for item in ("name", "address", "birth_date", "sex")}


def _entry_for(person: Person, credential: Credential, items: CardItems) -> RegisterEntry | None:
    if not all(card_words(items).values()):
        return None
    try:
        return resident_register().find(items)
    except RegisterDiffersError:
        known = person.profile.get(CONFIRMED, {}).get("register", {})
        if known.get("detail") == card_words(items):
            return resident_register().get(known["value"])
        raise_review(person, credential, ReviewKind.REGISTER_DIFFERS, detail=card_words(items))
        return None


def _link(person: Person, credential: Credential, entry: RegisterEntry) -> bool:
    if link_number(person, entry.number):
        return True
    other = Identifier.objects.filter(scheme=REGISTER_NUMBER, value_hash=number_hash(entry.number)).first()
    raise_review(
        person,
        credential,
        ReviewKind.SAME_NUMBER if other is not None else ReviewKind.REGISTER_DIFFERS,
        detail={"number": entry.number},
        other_person=other.person if other is not None else None,
    )
    return False
