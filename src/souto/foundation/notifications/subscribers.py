"""Reactions: a confirmation link goes to the e-mail address that a resident has given."""

from __future__ import annotations

from souto.foundation.identity import queries as identity
from souto.foundation.identity.events import ContactConfirmationRequested
from souto.foundation.notifications import actions
from souto.foundation.ui.city import city
from souto.kernel.actor import Actor
from souto.kernel.events import subscribe


@subscribe(ContactConfirmationRequested)
def send_confirmation(event: ContactConfirmationRequested, actor: Actor) -> None:
    """By e-mail only: in the inbox the link would prove nothing about the address."""
    waiting = identity.contact_confirmation(event.person_id)
    if waiting is None:
        return
    email, link, language = waiting
    context = {"link": link, "city": city().named(language), "phone": city().phone}
    actions.notify(
        actor=actor,
        person_id=None,
        email=email,
        template="notifications/confirm_email",
        context=context,
        language=language,
        subject=("identity.person", event.person_id),
    )
