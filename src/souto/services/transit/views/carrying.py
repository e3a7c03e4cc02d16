"""What a rider sent after her session had ended: she signs in, comes back to the page, and finds what she had typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

#: Where the session keeps it until the page is shown: the page's path, and the answers by field.
_KEPT = "transit_typed"
#: Answers longer than this are no answers of these pages.
_LONGEST = 100


def to_sign_in(path: str) -> HttpResponse:
    """Lead to the sign-in, and to `path` afterwards."""
    return redirect(f"{reverse('identity:sign_in')}?{urlencode({'next': path})}")


def keep(request: HttpRequest, path: str = "") -> None:
    """Keep what was sent for the page at `path` (the page itself that got it, unless given): lists where a field has several answers. Never a place."""
    if request.method != "POST":
        return
    given: dict[str, Any] = {}
    for name, answers in request.POST.lists():
        answers = [str(answer)[:_LONGEST] for answer in answers][:_LONGEST]
        if name != "csrfmiddlewaretoken":
            given[name[:_LONGEST]] = answers if len(answers) > 1 else answers[0]
    request.session[_KEPT] = {"path": path or request.path, "given": given}


def taken(request: HttpRequest) -> dict[str, Any]:
    """What was kept for this page, once; empty where nothing was."""
    kept = request.session.get(_KEPT)
    if request.method != "GET" or kept is None or kept["path"] != request.path:
        return {}
    del request.session[_KEPT]
    return dict(kept["given"])
