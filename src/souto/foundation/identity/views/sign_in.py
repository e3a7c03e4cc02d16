"""Signing in with a card, and out."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from souto.foundation.identity import actions, sessions
from souto.foundation.identity.oidc import OidcError, authorization_url, begin, normalise
from souto.foundation.identity.relying_party import client, redirect_uri
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel.errors import SoutoError

log = structlog.get_logger(__name__)


class SignInEndedError(SoutoError):
    """The answer belongs to no sign-in of this browser: replayed, begun elsewhere, or too old."""

    message = (
        "サインインの画面を開いてから時間がたったか、別のブラウザーで開いています。もう一度サインインしてください。"
    )


class SignInCancelledError(SoutoError):
    """The resident stopped at the provider."""

    message = "サインインを中止しました。続けるときは、もう一度サインインしてください。"


@never_cache
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page that explains the sign-in; its one button starts it."""
    next_path = sessions.own_path(request.GET.get("next", ""), default="")
    if actor_of(request).is_resident:
        return HttpResponseRedirect(next_path or reverse("identity:me"))
    return render(request, "identity/sign_in.html", {"next": next_path, "provider_name": settings.IDENTITY["name"]})


@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    _count(request, "start")
    next_path = sessions.own_path(request.POST.get("next", ""), default="")
    secrets = begin()
    sessions.keep_sign_in(request, secrets, next_path=next_path)
    url = authorization_url(client().party, secrets, redirect_uri=redirect_uri("identity:callback"))
    return see_other(url)


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """The way back from the provider: a code for this browser's own sign-in becomes a session."""
    _count(request, "callback")
    under_way = sessions.take_sign_in(request, request.GET.get("state", ""))
    if under_way is None:
        return problem_page(request, SignInEndedError(), status=400)
    if "code" not in request.GET:
        error = request.GET.get("error", "")[:64]
        log.info("sign-in came back without a code", error=error)
        cancelled = SignInCancelledError() if error == "access_denied" else OidcError(error)
        return problem_page(request, cancelled, next_path=under_way.next, status=400)
    try:
        tokens = client().exchange(
            request.GET["code"], under_way.secrets, redirect_uri=redirect_uri("identity:callback")
        )
        claims = client().userinfo(tokens)
    except OidcError as refused:
        log.warning("sign-in refused", rule=refused.reason)
        return problem_page(request, refused, next_path=under_way.next, status=502)
    signed_in = actions.sign_in_with_claims(
        actor=actor_of(request),
        issuer=tokens.id_token.issuer,
        subject=tokens.id_token.subject,
        items=normalise(claims),
        language=get_language() or "",
    )
    sessions.open_session(request, signed_in.account_id, assurance=signed_in.assurance)
    return see_other(under_way.next or reverse("identity:me"))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session; the provider's own is ended only where it publishes how."""
    actions.sign_out(actor=actor_of(request))
    sessions.close_session(request)
    return see_other(settings.IDENTITY["end_session_url"] or "/")


def problem_page(request: HttpRequest, error: SoutoError, *, status: int, next_path: str = "") -> HttpResponse:
    """What happened and what to do, in the language of the page."""
    context = {"message": text_of(error), "next": next_path, "title": _("サインインできませんでした")}
    return render(request, "identity/sign_in_problem.html", context, status=status)


def see_other(url: str) -> HttpResponse:
    """A redirect that a browser follows with GET (303)."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def _count(request: HttpRequest, step: str) -> None:
    limit, window = settings.IDENTITY["sign_in_limit"]
    address = request.META.get("REMOTE_ADDR", "")
    actions.allow_attempt(key=f"sign-in {step} {address}", limit=limit, window_seconds=window)
