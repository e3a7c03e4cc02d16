"""What views need to know of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest

from souto.kernel.actor import Actor

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


def actor_of(request: HttpRequest) -> Actor:
    """Who calls."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx asks for a part of a page."""
    return bool(cast("HtmxDetails | Any", getattr(request, "htmx", False)))
