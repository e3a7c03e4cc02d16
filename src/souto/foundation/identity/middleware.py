"""Sets `request.actor` on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from souto.foundation.identity import queries
from souto.foundation.identity.models import Account
from souto.kernel.actor import Actor

#: Where the session keeps the assurance of the credential with which it was opened.
ASSURANCE_KEY = "assurance"


class ActorMiddleware:
    """`request.actor`: who calls, read from the session when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        request.actor = SimpleLazyObject(lambda: _actor_of(request))  # type: ignore[attr-defined]
        return self._get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    account = request.user
    if not isinstance(account, Account):
        return Actor.anonymous()
    return queries.actor_for_account(account, assurance=int(request.session.get(ASSURANCE_KEY, 0)))
