"""Pages of a PDF as pictures, so that staff look at what people sent without handing the file to a browser's own reader.

Drawn by PDFium (pypdfium2), which runs no script of a file. Its library is not made for threads: one page is drawn at a time.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TypeVar

import pypdfium2

from souto.kernel.errors import NotFoundError, SoutoError

#: A page is drawn so wide, in pixels: an A4 page then reads well at 200 %.
WIDTH = 1600
#: No side of a drawn page is longer: a page ten metres high costs no gigabytes.
MAX_SIDE = 6000

_lock = threading.Lock()
Found = TypeVar("Found")


class UnreadablePdfError(SoutoError):
    """The file claims to be a PDF and cannot be drawn (damaged, or locked with a password)."""

    message = "このPDFは画面に出せません。ファイルを保存して確認してください。"
    status = 422


def count(content: bytes) -> int:
    """How many pages a PDF has. Raises `UnreadablePdfError`."""
    with _lock:
        return _with(content, len)


def draw(content: bytes, number: int) -> bytes:
    """Page `number` (from 1) as a PNG. Raises `UnreadablePdfError`, and `NotFoundError` for a page that is not there."""

    def drawn(pdf: pypdfium2.PdfDocument) -> bytes:
        if not 1 <= number <= len(pdf):
            raise NotFoundError
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), MAX_SIDE / max(width, height, 1))
        out = io.BytesIO()
        page.render(scale=scale, may_draw_forms=False).to_pil().save(out, format="PNG")
        return out.getvalue()

    with _lock:
        return _with(content, drawn)


def _with(content: bytes, read: Callable[[pypdfium2.PdfDocument], Found]) -> Found:
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise UnreadablePdfError from None
    try:
        return read(pdf)
    except pypdfium2.PdfiumError:
        raise UnreadablePdfError from None
    finally:
        pdf.close()
