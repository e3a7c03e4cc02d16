"""あなたの情報: what the city holds about the resident, and what she may change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from souto.foundation.identity import actions, queries, sessions
from souto.foundation.identity.actions.contact import EmailFormError
from souto.foundation.identity.jpki import BirthDate, Precision
from souto.foundation.identity.profiles import Profile
from souto.foundation.identity.views.sign_in import see_other
from souto.foundation.ui import dates
from souto.foundation.ui.components import SummaryRow
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of

View = Callable[..., HttpResponse]


def resident_only(view: View) -> View:
    """Send whoever is not signed in as a resident to the sign-in page, and back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor_of(request).is_resident:
            here = request.get_full_path() if request.method == "GET" else reverse("identity:me")
            return HttpResponseRedirect(f"{reverse('identity:sign_in')}?{urlencode({'next': here})}")
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_GET
@resident_only
def me(request: HttpRequest) -> HttpResponse:
    """What the city holds, where it comes from, and what can be changed."""
    actor = actor_of(request)
    profile = queries.my_profile(actor=actor)
    context = {
        "profile": profile,
        "card_rows": card_rows(profile),
        "contact_rows": [
            SummaryRow(_("メールアドレス"), profile.email, change_url=reverse("identity:contact")),
        ],
        "pending_email": queries.my_pending_email(actor=actor),
        "open_reviews": queries.my_open_reviews(actor=actor),
        "all_languages": settings.LANGUAGES,
    }
    return render(request, "identity/me.html", context)


def card_rows(profile: Profile) -> list[SummaryRow]:
    """What was proved, as rows; an item that is not known is left out."""
    items = [
        (_("氏名"), _with_card(profile.name, profile.card_name)),
        (_("フリガナ"), profile.name_kana),
        (_("通称"), profile.alias),
        (_("住所"), _with_card(profile.address, profile.card_address)),
        (_("生年月日"), shown_birth_date(profile.birth_date)),
        (_("性別"), {"1": _("男"), "2": _("女"), "3": _("不明")}.get(profile.sex, "")),
    ]
    return [SummaryRow(key, value) for key, value in items if value]


def _with_card(real: str, card: str) -> str | list[str]:
    """The real characters, and the card's own where it writes others (代替文字)."""
    return [real, _("カードの表記：%(text)s") % {"text": card}] if card and card != real else real


def shown_birth_date(text: str) -> str:
    """An ISO date in full, or the parts that are known of JPKI's nine digits."""
    if "-" in text:
        return dates.era_text(date.fromisoformat(text))
    known = BirthDate.parse(text)
    if known.precision is Precision.UNREADABLE:
        return ""
    return _("%(year)s年%(month)s月%(day)s日（一部が不明）") % {
        "year": known.year or "？",
        "month": known.month or "？",
        "day": known.day or "？",
    }


@never_cache
@require_http_methods(["GET", "POST"])
@resident_only
def contact(request: HttpRequest) -> HttpResponse:
    """Give an e-mail address; it counts once its owner has followed the link sent there."""
    actor = actor_of(request)
    kept = queries.my_profile(actor=actor).email
    error, typed = "", kept
    if request.method == "POST":
        typed = request.POST.get("email", "")[:254]
        actions.allow_attempt(key=f"contact {actor.id}", limit=5, window_seconds=3600)
        try:
            actions.ask_contact(actor=actor, email=typed)
        except EmailFormError as refused:
            error = text_of(refused)
        else:
            messages.success(request, _("確認のメールを送りました。メールの中のリンクを開いてください。"))
            return see_other(reverse("identity:me"))
    context = {"error": error, "problems": [("email", error)], "email": typed, "has_email": bool(kept)}
    return render(request, "identity/contact.html", context, status=422 if error else 200)


@require_POST
@resident_only
def remove_contact(request: HttpRequest) -> HttpResponse:
    """Forget the e-mail address."""
    actions.remove_contact(actor=actor_of(request))
    messages.success(request, _("メールアドレスを消しました。お知らせは受信箱に届きます。"))
    return see_other(reverse("identity:me"))


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_contact(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of the confirmation mail; a button confirms, because mail scanners follow links."""
    if request.method == "POST":
        actions.confirm_contact(actor=actor_of(request), token=token)
        return render(request, "identity/contact_confirmed.html")
    return render(request, "identity/confirm_contact.html", {"token": token})


@require_POST
@resident_only
def language(request: HttpRequest) -> HttpResponse:
    """The language of messages."""
    actions.set_language(actor=actor_of(request), language=request.POST.get("language", ""))
    messages.success(request, _("お知らせのことばを保存しました。"))
    return see_other(reverse("identity:me"))


@require_POST
@resident_only
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    actions.end_all_sessions(actor=actor_of(request))
    sessions.close_session(request)
    return see_other("/")
