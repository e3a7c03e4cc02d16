"""How a reader wants the pages: language, text size, ふりがな. Kept in cookies, written into the page by the server."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

TEXT_SIZE_COOKIE = "souto_text_size"
#: Root font size 100, 125 and 150 %; browser zoom works besides.
TEXT_SIZES = ("standard", "large", "largest")
FURIGANA_COOKIE = "souto_furigana"
YEAR_SECONDS = 31_536_000


def text_size(request: HttpRequest) -> str:
    """The reader's text size, `standard` when none was chosen."""
    size = request.COOKIES.get(TEXT_SIZE_COOKIE)
    return size if size in TEXT_SIZES else TEXT_SIZES[0]


def furigana(request: HttpRequest) -> bool:
    """True when the reader wants readings over kanji, on a page that has kanji. Staff pages, full of names, have none."""
    wanted = request.COOKIES.get(FURIGANA_COOKIE) == "on" and not request.path.startswith("/staff/")
    return wanted and (translation.get_language() or settings.LANGUAGE_CODE).startswith("ja")


def html_class(request: HttpRequest) -> str:
    """The classes of `<html>` for this reader."""
    size = text_size(request)
    classes = [f"s-text-{size}"] if size != "standard" else []
    # Written with spaces between its phrases, it breaks lines only there.
    classes += ["s-easy"] if translation.get_language() == "ja-easy" else []
    classes += ["s-furigana"] if furigana(request) else []
    return " ".join(classes)


def keep(response: HttpResponse, cookie: str, value: str) -> None:
    """Remember a preference for a year."""
    response.set_cookie(
        cookie, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SECURE, httponly=True, path="/"
    )


def with_language(path: str, code: str) -> str:
    """`path` (with its query) asking for language `code`: the place is kept."""
    parts = urlsplit(path)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "lang"]
    return urlunsplit(("", "", parts.path, urlencode([*query, ("lang", code)]), ""))


def safe_return(request: HttpRequest, asked: str | None) -> str:
    """`asked` when it is a path of this site, else the front page. Never leads to another host."""
    if (
        asked
        and asked.startswith("/")
        and url_has_allowed_host_and_scheme(
            asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    ):
        return asked
    return "/"
