"""Reactions: refusals of pages go on record, and the header learns who is signed in."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from souto.foundation.audit.actions import Outcome, record
from souto.foundation.identity import queries
from souto.foundation.ui.http import actor_of
from souto.foundation.ui.seams import label_actors, observe_refusals
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, SoutoError


@observe_refusals
def record_refusal(request: HttpRequest, error: SoutoError) -> None:
    """Somebody asked for a record that is not theirs, or for an action beyond their role."""
    match = request.resolver_match
    with transaction.atomic():
        record(
            actor=actor_of(request),
            action="identity.refuse",
            subject=error.subject if isinstance(error, HiddenError) else None,
            outcome=Outcome.REFUSED,
            facts={"page": match.view_name if match else "", "method": request.method or "", "status": error.status},
        )


@label_actors
def actor_label(actor: Actor) -> str:
    """`市民課 佐藤`, or the resident's name."""
    if actor.id is None:
        return ""
    if actor.is_resident:
        return queries.person_display_name(actor.id)
    departments = "・".join(department.name for department in queries.departments_of(actor))
    return f"{departments} {queries.staff_name(actor.id)}".strip()
