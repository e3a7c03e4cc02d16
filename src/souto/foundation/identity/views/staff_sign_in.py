"""Signing staff in with a passkey, and registering one with an invitation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from souto.foundation.identity import actions, passkeys, queries, sessions
from souto.foundation.identity.actions.staff import token_hash
from souto.foundation.identity.passkeys import PasskeyRefusedError
from souto.foundation.identity.views.sign_in import see_other
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import NotFoundError

HOME = "/staff/"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page asks the browser for a passkey; the form brings its answer."""
    next_path = sessions.own_path(request.POST.get("next", request.GET.get("next", "")), default=HOME)
    if request.method == "GET" and actor_of(request).is_staff:
        return HttpResponseRedirect(next_path)
    error = ""
    if request.method == "POST":
        count(request, "sign-in")
        try:
            signed_in = actions.sign_in_with_passkey(
                actor=actor_of(request),
                challenge=_challenge(request),
                response=request.POST.get("credential", ""),
            )
        except PasskeyRefusedError as refused:
            error = text_of(refused)
        else:
            sessions.open_session(request, signed_in.account_id, assurance=0)
            return see_other(next_path)
    options, challenge = passkeys.authentication_options()
    sessions.keep_challenge(request, challenge)
    context = {"options": options, "next": next_path, "error": error}
    return render(request, "identity/staff/sign_in.html", context, status=422 if error else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation: the browser makes a passkey, the form brings it, and the person is signed in."""
    count(request, "register")
    staff = queries.invitation_staff(token_hash(token))
    if staff is None:
        return render(request, "identity/staff/invitation_ended.html", status=404)
    error = ""
    if request.method == "POST":
        try:
            signed_in = actions.register_passkey(
                actor=actor_of(request),
                token=token,
                challenge=_challenge(request),
                response=request.POST.get("credential", ""),
                name=request.POST.get("name", ""),
            )
        except PasskeyRefusedError as refused:
            error = text_of(refused)
        except NotFoundError:
            return render(request, "identity/staff/invitation_ended.html", status=404)
        else:
            sessions.open_session(request, signed_in.account_id, assurance=0)
            return see_other(HOME)
    options, challenge = passkeys.registration_options(staff)
    sessions.keep_challenge(request, challenge)
    context = {"options": options, "staff": staff, "error": error, "name": request.POST.get("name", "")[:64]}
    return render(request, "identity/staff/register.html", context, status=422 if error else 200)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session."""
    actions.sign_out(actor=actor_of(request))
    sessions.close_session(request)
    return see_other(reverse("identity_staff:sign_in"))


def count(request: HttpRequest, step: str) -> None:
    """Count an attempt of this address."""
    limit, window = settings.IDENTITY["passkey_limit"]
    address = request.META.get("REMOTE_ADDR", "")
    actions.allow_attempt(key=f"passkey {step} {address}", limit=limit, window_seconds=window)


def _challenge(request: HttpRequest) -> str:
    challenge = sessions.take_challenge(request)
    if not challenge:
        raise PasskeyRefusedError("no challenge")
    return challenge
