"""The language of a page, and what a person sees when a page cannot be shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from souto.foundation.ui import errors, furigana, preferences
from souto.foundation.ui.http import is_htmx
from souto.foundation.ui.seams import announce_refusal
from souto.kernel.errors import ForbiddenError, HiddenError, SoutoError

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


class LanguageMiddleware:
    """Activates the language of `?lang=`, of the cookie, or of the browser; Japanese otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        asked = request.GET.get("lang")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = next((code for code in (asked, kept) if code in LANGUAGES), None) or _of_browser(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self._get_response(request)
        # やさしい日本語 is Japanese to a screen reader.
        response.headers.setdefault("Content-Language", "ja" if language.startswith("ja") else language)
        if asked in LANGUAGES and asked != kept:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                max_age=31_536_000,
                samesite="Lax",
                secure=settings.SECURE,
                httponly=True,
            )
        return response


class PrivatePageMiddleware:
    """Keeps no copy of a page that was made for one browser (it showed a session or the token of a draft): on a shared computer the
    back button shows nobody else's data, and after sending it leads to the receipt instead of the form.
    """

    #: Cookies that say how a page is wanted, not whose it is.
    OF_NOBODY = frozenset(
        {
            settings.LANGUAGE_COOKIE_NAME,
            settings.CSRF_COOKIE_NAME,
            preferences.TEXT_SIZE_COOKIE,
            preferences.FURIGANA_COOKIE,
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        response = self._get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and set(request.COOKIES) - self.OF_NOBODY:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class SignInAgainMiddleware:
    """A part of a page that htmx asks for after the session has ended says so and leads to the sign-in and back to the page (401): no sign-in page in the middle of
    another page. Below `HtmxMiddleware`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        response = self._get_response(request)
        if not is_htmx(request) or response.status_code not in {301, 302, 303, 307, 308}:
            return response
        to = urlsplit(response.headers["Location"]).path
        if to not in _sign_ins():
            return response
        here = request.htmx.current_url_abs_path or request.path  # type: ignore[attr-defined]
        answer = render(
            request, "ui/parts/sign_in_again.html", {"url": f"{to}?{urlencode({'next': here})}"}, status=401
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _sign_ins() -> set[str]:
    """Where the faces that this process serves sign people in."""
    found = set()
    for name in ("identity:sign_in", "identity_staff:sign_in"):
        with suppress(NoReverseMatch):
            found.add(reverse(name))
    return found


class FuriganaMiddleware:
    """Writes readings over the kanji of pages (ふりがな) for readers who turned them on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        response = self._get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and preferences.furigana(request):
            response.content = furigana.annotate(response.content.decode(response.charset)).encode(response.charset)
            if "Content-Length" in response.headers:
                response.headers["Content-Length"] = str(len(response.content))
        return response


def _of_browser(request: HttpRequest) -> str:
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower()
        if code in LANGUAGES:
            return code
        if code.split("-")[0] in LANGUAGES:
            return code.split("-")[0]
    return settings.LANGUAGE_CODE


class ErrorPageMiddleware:
    """Turns Souto's own errors into pages that say what to do, and a database that restarts into "try again"."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        if "\x00" in request.path_info:  # no record has such a name, and PostgreSQL takes none
            return errors.not_found(request)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for `exception`, or None for Django's own handling."""
        if isinstance(exception, (HiddenError, ForbiddenError)):
            announce_refusal(request, exception)
        if isinstance(exception, SoutoError):
            return errors.page_for(request, exception)
        if isinstance(exception, errors.DATABASE_AWAY):
            return errors.unavailable(request)
        if isinstance(exception, errors.TOO_LARGE):
            return errors.too_large(request)
        if isinstance(exception, Http404):
            return errors.not_found(request, exception)
        return None
