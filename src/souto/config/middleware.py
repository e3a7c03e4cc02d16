"""The outermost layers around every page: health, the request log, and the one name under which the site is reached."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject, empty

from souto.config import health
from souto.kernel.actor import Actor

HEALTH: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": health.alive, "/readyz": health.ready}
LOOPBACK = frozenset({"127.0.0.1", "[::1]"})

log = structlog.get_logger("souto.request")

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers load balancers and monitors on every face, before anything else: they ask by address, and leave no line in the log."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        view = HEALTH.get(request.path)
        return view(request) if view is not None else self._get_response(request)


class RequestLogMiddleware:
    """Writes one line a request: the route (not the path, which may hold what somebody typed), its ids, the answer and the time.

    Every line that the request writes elsewhere carries the same `request_id`, which is also sent back as X-Request-ID.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        request_id = secrets.token_hex(8)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self._get_response(request)
            response.headers["X-Request-ID"] = request_id
            log.info(
                "request",
                method=request.method,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                **_route(request),
                **_actor(request),
            )
        return response


def _route(request: HttpRequest) -> dict[str, object]:
    match = request.resolver_match
    if match is None:
        return {"route": None}
    ids = {name: str(value) for name, value in match.kwargs.items() if isinstance(value, (UUID, int))}
    return {"route": match.route, **ids}


def _actor(request: HttpRequest) -> dict[str, object]:
    """Say who called, if the page asked; the log itself asks the database nothing."""
    lazy = getattr(request, "actor", None)
    actor = lazy._wrapped if isinstance(lazy, SimpleLazyObject) else lazy
    if actor is empty or not isinstance(actor, Actor):
        return {}
    return {"actor": str(actor.kind), **({"actor_id": str(actor.id)} if actor.id else {})}


class CanonicalHostMiddleware:
    """Leads from 127.0.0.1 to localhost where the site is configured as localhost: an IP address can carry no passkey."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._local = urlsplit(settings.BASE_URL).hostname == "localhost"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        host = request.META.get("HTTP_HOST", "").rsplit(":", 1)[0]
        if self._local and host in LOOPBACK and request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect(settings.BASE_URL.rstrip("/") + request.get_full_path())
        return self._get_response(request)
