"""Statements and preferences."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from souto.foundation.ui import maps, preferences

_A_MONTH = 2_592_000


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (ウェブアクセシビリティ方針)."""
    return render(request, "ui/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is done with personal data (個人情報の取り扱い)."""
    return render(request, "ui/privacy.html")


@require_safe
def language(request: HttpRequest) -> HttpResponse:
    """Language and text size on one page, for whoever does not find them in the header."""
    return render(request, "ui/language.html")


@require_safe
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Keep `?to=` as text size and return to `?next=`. A GET: it changes nothing but this reader's own view."""
    response = HttpResponseRedirect(preferences.safe_return(request, request.GET.get("next")))
    size = request.GET.get("to")
    if size in preferences.TEXT_SIZES:
        preferences.keep(response, preferences.TEXT_SIZE_COOKIE, size)
    return response


@require_safe
def set_furigana(request: HttpRequest) -> HttpResponse:
    """Turn readings over kanji on or off (`?to=on|off`) and return to `?next=`."""
    response = HttpResponseRedirect(preferences.safe_return(request, request.GET.get("next")))
    wanted = request.GET.get("to")
    if wanted in {"on", "off"}:
        preferences.keep(response, preferences.FURIGANA_COOKIE, wanted)
    return response


@require_safe
def map_base(request: HttpRequest) -> HttpResponse:
    """The base map of the city as its script reads it: public facts. Pages name it with its version, so that browsers may keep it."""
    base = maps.base_map()
    if base is None:
        raise Http404
    response = HttpResponse(base.as_json(), content_type="application/json")
    current = request.GET.get("v") == base.version
    response.headers["Cache-Control"] = f"public, max-age={_A_MONTH}, immutable" if current else "no-cache"
    return response
