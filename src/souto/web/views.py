"""The portal's home and the staff's home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from souto.foundation.ui.http import actor_of
from souto.kernel import nav
from souto.kernel.nav import Face
from souto.services.applications import queries as applications
from souto.services.procedures import queries as procedures
from souto.web.life_events import LIFE_EVENTS

#: How many procedures the home names by itself.
_FREQUENT = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then what waits for this person, then life events."""
    actor, language = actor_of(request), translation.get_language() or "ja"
    published = procedures.list_published()
    filled = {version.definition.category for version in published}
    mine = list(applications.list_mine(actor=actor, language=language)) if actor.is_resident else []
    context = {
        "life_events": [event for event in LIFE_EVENTS if event.code in filled],
        "frequent": published[:_FREQUENT],
        "todo": [row for row in mine if row.needs_action][:3],
        "running": [row for row in mine if not row.needs_action and not row.is_finished][:3],
    }
    return render(request, "web/home.html", context)


def _address(url_name: str) -> str:
    """Where an entry leads; "" where this process does not serve its face."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@require_safe
def staff_home(request: HttpRequest) -> HttpResponse:
    """Where a staff member's day begins: every desk that she may use, with what waits there."""
    actor = actor_of(request)
    if not actor.is_staff:
        return redirect("identity_staff:sign_in")
    items = [i for i in nav.items(Face.STAFF, actor) if i.url_name != "web_staff:home"]
    desks = [(i, url, i.badge(actor) if i.badge else None) for i in items if (url := _address(i.url_name))]
    return render(request, "web/staff_home.html", {"desks": desks})
