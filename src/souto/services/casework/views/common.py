"""What every page of this room shares."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError, SoutoError
from souto.services.casework.queries import Filters

#: Where the session keeps the filters of the queue.
_FILTERS = "casework.filters"

View = TypeVar("View", bound=Callable[..., HttpResponse])


def staff_page(view: View) -> View:
    """Visitors are led to the sign-in of staff; residents find nothing here; staff need `casework.view`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.is_anonymous:
            there = request.get_full_path() if request.method == "GET" else reverse("casework_staff:queue")
            return redirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': there})}")
        if not actor.is_staff:
            raise NotFoundError
        actor.require("casework.view")
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def language_of() -> str:
    """The language of the page."""
    return translation.get_language() or "ja"


def do(request: HttpRequest, done: str, act: Callable[[Actor], Any]) -> bool:
    """Do `act`; say `done`, or what stood in the way. What one may not do or see goes to its error page."""
    try:
        act(actor_of(request))
    except (ForbiddenError, NotFoundError):
        raise
    except SoutoError as error:
        messages.error(request, text_of(error))
        return False
    messages.success(request, done)
    return True


def to_case(case_id: UUID) -> HttpResponse:
    """Back to the page of the case."""
    return redirect("casework_staff:case", case_id)


def keep_filters(request: HttpRequest, filters: Filters) -> None:
    """Remember the filters of the queue for this session."""
    request.session[_FILTERS] = filters.address()


def kept_filters(request: HttpRequest) -> str:
    """The address part of the filters that this session used last."""
    return str(request.session.get(_FILTERS, ""))


def uuid_or_none(text: str) -> UUID | None:
    """An id out of a form; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def int_or_none(text: str) -> int | None:
    """A small number out of a form; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def problem(error: SoutoError, ids: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """An error as the error summary takes it: the id of its control and its message."""
    field = error.field or ""
    return [((ids or {}).get(field, field), text_of(error))]
