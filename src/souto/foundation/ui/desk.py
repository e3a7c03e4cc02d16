"""The guard of a staff desk, the same for every room: visitors are led to the sign-in, everybody else needs the desk's permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from souto.foundation.ui.http import actor_of
from souto.kernel.errors import NotFoundError

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def desk(permission: str) -> Callable[[View], View]:
    """Guard a view: whoever has not signed in goes to the sign-in of staff and comes back, residents find nothing here (404), staff need
    `permission` (403, put on record).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if actor.is_anonymous:
                there = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("web_staff:home")
                return redirect(f"{reverse('identity_staff:sign_in')}?{urlencode({'next': there})}")
            if not actor.is_staff:
                raise NotFoundError
            actor.require(permission)
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return guard
