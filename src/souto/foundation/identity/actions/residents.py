"""Residents: signing in with what the provider proved, and ending sessions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity.events import ResidentSignedIn
from souto.foundation.identity.matching import judge_register, name_hash
from souto.foundation.identity.models import Account, Assurance, Credential, Person
from souto.foundation.identity.oidc import CardItems
from souto.foundation.identity.queries import actor_for_person
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in; `first` when this credential was new to the city."""

    account_id: UUID
    person_id: UUID
    assurance: int
    first: bool


@transaction.atomic
def sign_in_with_claims(
    *,
    actor: Actor,
    issuer: str,
    subject: str,
    items: CardItems,
    assurance: int = Assurance.CARD,
    language: str = "ja",
) -> SignedIn:
    """Find or make the person behind (issuer, subject), keep what the card says, and look her up in the register.

    `language`: of the page, for messages to somebody whom the city meets for the first time. `actor` is whoever is in front of the browser before (anonymous, mostly). The caller has verified the token.
    """
    _serialise(issuer, subject)
    credential = Credential.objects.filter(issuer=issuer, subject=subject, ended_at__isnull=True).first()
    first = credential is None
    if credential is None:
        credential = Credential(person=_new_person(language), issuer=issuer, subject=subject, assurance=assurance)
    person = Person.objects.select_for_update().get(pk=credential.person_id)
    credential.last_used_at = clock.real_now()
    credential.save()
    person.profile = _profile(person.profile, items)
    person.profile_verified_at = clock.real_now()
    reviews = judge_register(person, credential, items)
    person.name_hash = name_hash(person.profile.get("name", ""))
    person.save()
    account = Account.objects.get(person=person)
    record(
        actor=actor_for_person(person, assurance=assurance),
        action="identity.sign_in",
        subject=("identity.person", person.id),
        fields=[item for item in ("name", "address", "birth_date", "sex") if getattr(items, item)],
        facts={"first": first, "assurance": int(assurance), "reviews": reviews},
    )
    events.publish(ResidentSignedIn(person.id, first), actor=actor)
    return SignedIn(account.id, person.id, int(assurance), first)


@transaction.atomic
def sign_out(*, actor: Actor) -> None:
    """Put a sign-out on record; the session itself is the view's."""
    if actor.id is not None:
        record(actor=actor, action="identity.sign_out", subject=(f"identity.{_kind(actor)}", actor.id))


@transaction.atomic
def end_all_sessions(*, actor: Actor) -> None:
    """End every session of the caller's account, on every device: sessions hold a hash that no longer fits."""
    if actor.id is None:
        return
    account = Account.objects.select_for_update().get(**{f"{_kind(actor)}_id": actor.id})
    account.set_unusable_password()
    account.save(update_fields=["password"])
    record(actor=actor, action="identity.end_all_sessions", subject=(f"identity.{_kind(actor)}", actor.id))


def _kind(actor: Actor) -> str:
    return "staff" if actor.is_staff else "person"


def _serialise(issuer: str, subject: str) -> None:
    """Two first sign-ins of one card wait for each other, so that one person is made."""
    digest = hashlib.sha256(f"credential\n{issuer}\n{subject}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])


def _new_person(language: str) -> Person:
    person = Person(is_demo=settings.DEMO, language=language if language in LANGUAGES else LANGUAGES[0])
    person.profile, person.contact = {}, {}
    person.save()
    account = Account(person=person)
    account.set_unusable_password()
    account.save()
    return person


def _profile(known: dict[str, Any], items: CardItems) -> dict[str, Any]:
    """What is known now: an item that was given replaces the old one; one that could not be read is known no longer."""
    given = {item: getattr(items, item) for item in ("name", "address", "birth_date", "sex") if getattr(items, item)}
    unread = {problem.item for problem in items.problems}
    return {key: value for key, value in {**known, **given}.items() if key not in unread}
