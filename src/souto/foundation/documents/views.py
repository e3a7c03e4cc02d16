"""Opening files and documents, on the resident's and the staff's face alike."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from souto.foundation.documents import actions, queries
from souto.foundation.ui.http import actor_of
from souto.kernel.language import say


def _answer(content: File[Any], *, name: str, media_type: str, inline: bool) -> FileResponse:
    response = FileResponse(content, content_type=media_type)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    # What people sent is never run. A browser's own PDF reader does not start in a sandbox, so a PDF only loses its scripts.
    pdf = media_type == "application/pdf"
    response.headers["Content-Security-Policy"] = (
        f"{'' if pdf else 'sandbox; '}script-src 'none'; frame-ancestors 'none'"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def file(request: HttpRequest, file_id: UUID) -> FileResponse:
    """A file as it was sent; pictures and PDF open in the browser."""
    actor, taken_away = actor_of(request), "download" in request.GET
    stored, content = queries.open_file(actor=actor, file_id=file_id)
    actions.note_file_opened(actor=actor, file_id=file_id, taken_away=taken_away)
    inline = stored.is_image or stored.media_type == "application/pdf"
    return _answer(content, name=stored.name, media_type=stored.media_type, inline=inline and not taken_away)


@require_safe
def page(request: HttpRequest, file_id: UUID, number: int) -> HttpResponse:
    """A page of a PDF as a picture, for the viewer of staff; each look is put on record."""
    actor = actor_of(request)
    picture = queries.page_of(actor=actor, file_id=file_id, page=number)
    actions.note_file_opened(actor=actor, file_id=file_id, page=number)
    response = HttpResponse(picture, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def document(request: HttpRequest, document_id: UUID) -> FileResponse:
    """A document's PDF."""
    actor, taken_away = actor_of(request), "download" in request.GET
    found, content = queries.open_document(actor=actor, document_id=document_id)
    actions.note_document_opened(actor=actor, document_id=document_id, taken_away=taken_away)
    name = f"{say(found.title, found.language)}.pdf"
    return _answer(content, name=name, media_type="application/pdf", inline=not taken_away)
