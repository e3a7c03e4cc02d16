"""What a resident may change about herself: her e-mail address (once confirmed), her language."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.foundation.identity.events import ContactChanged, ContactConfirmationRequested
from souto.foundation.identity.models import Person
from souto.foundation.identity.queries import read_confirmation
from souto.kernel import clock, events
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError, SoutoError
from souto.kernel.ids import new_id
from souto.kernel.language import LANGUAGES


class EmailFormError(SoutoError):
    """The text is no e-mail address."""

    message = "メールアドレスは、name@example.jp のような形で入力してください"


class ConfirmationEndedError(SoutoError):
    """The link was used, replaced by a newer one, or is older than a day."""

    message = "この確認用リンクは期限が過ぎたか、新しいものに変わっています。「あなたの情報」から、もう一度メールを送ってください。"


@transaction.atomic
def ask_contact(*, actor: Actor, email: str) -> None:
    """Note an e-mail address that waits for confirmation; a message with a link goes there. Raises `EmailFormError`."""
    person = _me(actor)
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise EmailFormError(field="email") from None
    pending = {"email": email, "id": str(new_id()), "asked_at": clock.real_now().isoformat()}
    person.contact = {**person.contact, "pending": pending}
    person.save(update_fields=["contact_sealed"])
    record(actor=actor, action="identity.ask_contact", subject=("identity.person", person.id), fields=["email"])
    events.publish(ContactConfirmationRequested(person.id), actor=actor)


@transaction.atomic
def confirm_contact(*, actor: Actor, token: str) -> None:
    """Take the address over once its link was followed; anybody who holds the link may (the mail may open elsewhere).

    Raises `ConfirmationEndedError`.
    """
    found = read_confirmation(token)
    if found is None:
        raise ConfirmationEndedError
    person_id, pending_id = found
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    pending = person.contact.get("pending", {}) if person is not None else {}
    if person is None or pending.get("id") != pending_id:
        raise ConfirmationEndedError
    kept = {key: value for key, value in person.contact.items() if key != "pending"}
    person.contact = {**kept, "email": pending["email"], "email_confirmed_at": clock.real_now().isoformat()}
    person.save(update_fields=["contact_sealed"])
    record(actor=actor, action="identity.confirm_contact", subject=("identity.person", person.id), fields=["email"])
    events.publish(ContactChanged(person.id), actor=actor)


@transaction.atomic
def remove_contact(*, actor: Actor) -> None:
    """Forget the e-mail address: messages then go to the inbox only."""
    person = _me(actor)
    person.contact = {
        key: value for key, value in person.contact.items() if key not in ("email", "email_confirmed_at", "pending")
    }
    person.save(update_fields=["contact_sealed"])
    record(actor=actor, action="identity.remove_contact", subject=("identity.person", person.id), fields=["email"])
    events.publish(ContactChanged(person.id), actor=actor)


@transaction.atomic
def set_language(*, actor: Actor, language: str) -> None:
    """The language of messages to this resident; an unknown one is ignored."""
    person = _me(actor)
    if language in LANGUAGES and person.language != language:
        person.language = language
        person.save(update_fields=["language"])
        record(
            actor=actor,
            action="identity.set_language",
            subject=("identity.person", person.id),
            facts={"language": language},
        )


def _me(actor: Actor) -> Person:
    if not actor.is_resident or actor.id is None:
        raise NotFoundError
    person = Person.objects.select_for_update().filter(pk=actor.id).first()
    if person is None:
        raise NotFoundError
    return person
