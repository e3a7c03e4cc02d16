"""Error pages that help: what happened, what was kept, what to do, whom to call."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

from souto.kernel.errors import SoutoError

#: What a form raises that sends more text, or more fields, than any page asks for.
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent)
#: What a database that is away raises.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """The error page in the frame of its face; in the bare frame, which asks nobody, where things are broken."""
    staff_face = request.path.startswith("/staff/")
    frame = "ui/staff_page.html" if staff_face else "ui/resident_page.html"
    known = {"status": status, "staff_face": staff_face, **context}
    if status < 500:
        try:
            return HttpResponse(render_to_string(template, {"frame": frame, **known}, request=request), status=status)
        except DATABASE_AWAY:
            return unavailable(request)
    return HttpResponse(render_to_string(template, known, request=request), status=status)


def text_of(error: SoutoError) -> str:
    """The error's message in the language of the page."""
    translated = _(error.message)
    return translated % error.params if error.params else translated


def page_for(request: HttpRequest, error: SoutoError) -> HttpResponse:
    """A page for one of Souto's own errors."""
    if error.status == 404:
        return not_found(request)
    headings = {
        403: _("この操作はできません"),
        409: _("ほかの人が先に更新しました"),
        410: _("廃棄済みの記録です"),
        429: _("少し待ってください"),
        503: _("少し待ってください"),
    }
    heading = headings.get(error.status) or _("続けられませんでした")
    response = _page(request, "ui/error.html", error.status, heading=heading, message=text_of(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 where a layer before the view met more text than any form asks for."""
    if isinstance(exception, TOO_LARGE):
        return too_large(request)
    return _page(
        request,
        "ui/error.html",
        400,
        heading=_("続けられませんでした"),
        message=_("送られた内容を読み取れませんでした。前の画面に戻って、もう一度お試しください。"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _page(
        request,
        "ui/error.html",
        403,
        heading=_("この操作はできません"),
        message=_("この操作をする権限がありません。所属の管理者に確認してください。"),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: the same page for what does not exist and for what this person may not see."""
    return _page(request, "ui/not_found.html", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more text than any form asks for."""
    return _page(
        request,
        "ui/error.html",
        413,
        heading=_("文章が長すぎます"),
        message=_("送られた文章が長すぎます。前の画面に戻って、短くしてからもう一度お試しください。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that failed outside of any view (a session that cannot be written)."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return unavailable(request)
    return _page(
        request,
        "ui/error.html",
        500,
        message=_("しばらくしてから、もう一度お試しください。入力して保存した内容は残っています。"),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away for a moment; nothing that was saved is lost."""
    response = _page(request, "ui/unavailable.html", 503)
    response.headers["Retry-After"] = "10"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 for a form that this site did not make, or that was kept open over a sign-out."""
    return _page(
        request,
        "ui/error.html",
        403,
        heading=_("もう一度お試しください"),
        message=_("画面を開いてから時間がたちました。前の画面に戻って開き直してから、もう一度お試しください。"),
    )
