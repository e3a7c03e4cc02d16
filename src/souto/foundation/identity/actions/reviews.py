"""What waits for a member of staff about a person: settling it, and moving a changed card to its person (再ひも付け)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity.events import CredentialRelinked
from souto.foundation.identity.matching import CONFIRMED, card_words, link_number, name_hash, with_register
from souto.foundation.identity.models import Account, Credential, Person, ProfileReview, Relink, ReviewKind
from souto.foundation.identity.oidc import normalise
from souto.foundation.identity.queries import REVIEW_PERMISSION, access_review
from souto.foundation.identity.seams import RegisterEntry, resident_register
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import SoutoError

_CLAIMS: Final = {"name": "name", "address": "address", "birth_date": "birthdate", "sex": "gender"}


class ReasonMissingError(SoutoError):
    """A decision about a person needs its reason."""

    message = "確認した内容と理由を入力してください"


class NotRelinkableError(SoutoError):
    """There is no other person to whom the card could be moved."""

    message = "この確認では、カードのひも付けを変更できません"


class ValueFormError(SoutoError):
    """The value has not the form of its item."""

    message = "この項目の形で入力してください（生年月日は 2015-04-27、性別は 1 か 2 か 3）"


class NumberUnknownError(SoutoError):
    """The resident register has no such number, or it is another person's."""

    message = "この宛名番号の人が住民記録にないか、すでに別の人にひも付いています"


@transaction.atomic
def settle_review(*, actor: Actor, review_id: UUID, reason: str, value: str = "", number: str = "") -> None:
    """Close a review with what was found. `value`: what an unreadable item says; `number`: the 宛名番号 of the person.

    Raises `ReasonMissingError`, `ValueFormError`, `NumberUnknownError`.
    """
    review = _open(actor, review_id)
    reason = _reason(reason)
    person = Person.objects.select_for_update().get(pk=review.person_id)
    if review.kind == ReviewKind.UNREADABLE and value.strip():
        _confirm(person, review.item, detail=review.detail, value=_value(review.item, value.strip()))
    if review.kind in (ReviewKind.REGISTER_DIFFERS, ReviewKind.PARTIAL_DATE) and number.strip():
        entry = _entry(person, number.strip())
        _confirm(person, "register", detail=card_words(person.profile), value=entry.number)
        person.profile = with_register(person.profile, entry)
    person.name_hash = name_hash(person.profile.get("name", ""))
    person.save(update_fields=["profile_sealed", "name_hash"])
    _close(actor, review, reason)
    record(
        actor=actor,
        action="identity.settle_review",
        subject=("identity.person", person.id),
        fields=[review.item] if value.strip() and review.item else [],
        facts={"review": str(review.id), "kind": review.kind, "number_given": bool(number.strip())},
    )


@transaction.atomic
def relink(*, actor: Actor, review_id: UUID, reason: str) -> Relink:
    """Move the card of a review to the person who has the register number already; she keeps her records.

    Raises `ReasonMissingError`, `NotRelinkableError`. The sessions of both end; the reason is kept.
    """
    review = _open(actor, review_id)
    reason = _reason(reason)
    if review.kind != ReviewKind.SAME_NUMBER or review.other_person_id is None or actor.id is None:
        raise NotRelinkableError
    ordered = sorted([review.person_id, review.other_person_id])
    people = {person.id: person for person in Person.objects.select_for_update().filter(pk__in=ordered).order_by("pk")}
    old, new = people[review.person_id], people[review.other_person_id]
    credential = Credential.objects.select_for_update().get(pk=review.credential_id)
    if credential.person_id != old.id:
        raise NotRelinkableError
    credential.person = new
    credential.save(update_fields=["person"])
    entry = resident_register().get(review.detail["number"])
    new.profile = with_register({**new.profile, **card_words(old.profile)}, entry)
    new.profile_verified_at = old.profile_verified_at
    new.name_hash = old.name_hash
    new.save()
    for account in Account.objects.filter(person__in=[old, new]):
        account.set_unusable_password()
        account.save(update_fields=["password"])
    made = Relink.objects.create(
        credential=credential, from_person=old, to_person=new, reason=reason, by_staff_id=actor.id
    )
    _close(actor, review, reason)
    record(
        actor=actor,
        action="identity.relink",
        subject=("identity.person", new.id),
        facts={"from": str(old.id), "credential": str(credential.id), "relink": str(made.id)},
    )
    events.publish(CredentialRelinked(credential.id, old.id, new.id), actor=actor)
    return made


def _open(actor: Actor, review_id: UUID) -> ProfileReview:
    actor.require(REVIEW_PERMISSION)
    access_review(actor=actor, review_id=review_id)
    review = ProfileReview.objects.select_for_update().get(pk=review_id)
    if review.resolved_at is not None:
        raise NotRelinkableError
    return review


def _close(actor: Actor, review: ProfileReview, reason: str) -> None:
    review.resolved_at = clock.real_now()
    review.resolved_by_id = actor.id if actor.is_staff else None
    review.resolution = reason
    review.save(update_fields=["resolved_at", "resolved_by", "resolution"])


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissingError(field="reason")
    return text.strip()[:1000]


def _value(item: str, text: str) -> str:
    read = normalise({_CLAIMS[item]: text})
    if read.problems:
        raise ValueFormError(field="value")
    value: str = getattr(read, item)
    return value


def _confirm(person: Person, item: str, *, detail: dict[str, str], value: str) -> None:
    """Note a value that staff confirmed, beside the words of the card that it was confirmed for."""
    answers = {**person.profile.get(CONFIRMED, {}), item: {"detail": detail, "value": value}}
    own = {} if item == "register" else {item: value}
    person.profile = {**person.profile, **own, CONFIRMED: answers}


def _entry(person: Person, number: str) -> RegisterEntry:
    entry = resident_register().get(number)
    if entry is None or not link_number(person, number):
        raise NumberUnknownError(field="number")
    return entry
