"""One-click staff sign-in for whoever tries the demo on the same machine; the story check never uses it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from souto.demo import actions
from souto.foundation.identity import queries
from souto.foundation.identity.seams import open_session
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import NotFoundError

View = Callable[..., HttpResponse]
#: What a proxy leaves in a request: whoever comes through one is not at this machine.
_PROXY_MARKS: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def this_machine_only(view: View) -> View:
    """404 outside demo mode, through a proxy, and for every address that is not loopback."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO or not _is_here(request):
            raise NotFoundError
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_GET
@this_machine_only
def people(request: HttpRequest) -> HttpResponse:
    """The demo's staff, a button each."""
    return render(request, "demo/people.html", {"rows": queries.list_sample_staff()})


@never_cache
@require_POST
@this_machine_only
def sign_in_staff(request: HttpRequest, number: str) -> HttpResponse:
    """Sign in as a staff member of the demo."""
    account_id = actions.sign_in_demo_staff(actor=actor_of(request), number=number)
    open_session(request, account_id, assurance=0)
    return HttpResponseRedirect("/staff/")


def _is_here(request: HttpRequest) -> bool:
    if any(mark in request.META for mark in _PROXY_MARKS):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
