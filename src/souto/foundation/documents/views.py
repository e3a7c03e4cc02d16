"""Opening files and documents, on the resident's and the staff's face alike."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.files.base import File
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from souto.foundation.documents import queries
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
    stored, content = queries.open_file(actor=actor_of(request), file_id=file_id)
    inline = stored.is_image or stored.media_type == "application/pdf"
    return _answer(
        content, name=stored.name, media_type=stored.media_type, inline=inline and "download" not in request.GET
    )


@require_safe
def document(request: HttpRequest, document_id: UUID) -> FileResponse:
    """A document's PDF."""
    found, content = queries.open_document(actor=actor_of(request), document_id=document_id)
    name = f"{say(found.title, found.language)}.pdf"
    return _answer(content, name=name, media_type="application/pdf", inline="download" not in request.GET)
