"""Messages to the applicant, in her language: into the inbox, and by e-mail (templates/messages/applications)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from souto.foundation.identity import queries as identity
from souto.foundation.notifications.actions import notify
from souto.foundation.ui.city import city
from souto.foundation.ui.dates import datetime_text, day_text
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.language import say
from souto.services.applications.models import Application, Correction, Draft
from souto.services.applications.queries.status import expected_on
from souto.services.procedures.definition import Definition


def can_look(application: Application) -> bool:
    """True where the applicant can open the page of the application: signed in, or with the browser that sent it."""
    return application.person_id is not None or application.token_hash is not None


def send(actor: Actor, application: Application, name: str, *, page: str = "detail", **more: Any) -> None:
    """Send message `name` about an application; nobody to write to is no error. It names a page only to whom can open it."""
    email = application.contact["email"]
    if application.person_id is None and not email:
        return
    language = application.language
    expected = expected_on(application)
    notify(
        actor=actor,
        person_id=application.person_id,
        email=email or None,
        template=f"applications/{name}",
        context={
            **_frame(application.version.definition, language),
            "number": application.number,
            "received_at": datetime_text(clock.now(), language),
            "expected_on": day_text(expected, language) if expected else "",
            "url": address(page, application.id) if can_look(application) else "",
            **more,
        },
        language=language,
        subject=("applications.application", application.id),
    )


def ask_for_correction(actor: Actor, application: Application, correction: Correction) -> None:
    """Tell which fields to correct and by when; the reasons stand on the page, not in the e-mail."""
    language = application.language
    definition = application.version.definition
    fields = (definition.field_at(item["path"]) for item in correction.items)
    labels = list(dict.fromkeys(say(field.label, language) for field in fields if field is not None))
    send(
        actor,
        application,
        "correction_requested",
        page="correction",
        labels=labels,
        due_on=day_text(correction.due_on, language),
    )


def warn_of_expiry(actor: Actor, draft: Draft) -> None:
    """Tell that a draft will be removed."""
    if draft.person_id is None:
        return
    notify(
        actor=actor,
        person_id=draft.person_id,
        email=None,
        template="applications/draft_expiring",
        context={
            **_frame(draft.version.definition, draft.language),
            "expires_on": day_text(draft.expires_on, draft.language),
            "url": address("draft", draft.id),
        },
        language=draft.language,
        subject=("applications.draft", draft.id),
    )


def address(page: str, record_id: UUID) -> str:
    """The full address of a page of this room; that of the site where this process does not serve the resident's face."""
    try:
        path = reverse(f"applications:{page}", args=[record_id])
    except NoReverseMatch:
        path = f"/applications/{record_id}/"
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def _frame(definition: Definition, language: str) -> dict[str, str]:
    """What every message says: procedure, city, section, phone, hours."""
    section = city().section(definition.department)
    name = identity.get_department(definition.department)
    return {
        "title": say(definition.title, language),
        "city": city().named(language),
        "section": say(section.name, language) if section else name.name,
        "phone": section.phone if section else city().phone,
        "hours": say(section.hours if section else city().all_hours, language),
    }
