"""The inbox."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from souto.foundation.notifications import actions, queries
from souto.foundation.ui.http import actor_of


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, newest first."""
    actor = actor_of(request)
    if not actor.is_resident:
        return redirect(f"{reverse('identity:sign_in')}?{urlencode({'next': request.path})}")
    page = Paginator(queries.inbox(actor=actor), 20).get_page(request.GET.get("page"))
    return render(request, "notifications/inbox.html", {"page": page})


@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message; opening it marks it as read."""
    actor = actor_of(request)
    if actor.is_anonymous:
        return redirect(f"{reverse('identity:sign_in')}?{urlencode({'next': request.path})}")
    return render(
        request, "notifications/message.html", {"message": actions.mark_read(actor=actor, message_id=message_id)}
    )
