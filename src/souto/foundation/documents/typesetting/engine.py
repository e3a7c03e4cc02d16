"""Template and data in, PDF out: a thin, strict layer over typst.

A template is a ``.typ`` file that reads its data with ``json(bytes(sys.inputs.data))``. Data never becomes source: a name
such as ``#eval("…")`` is printed as it is written. Title, language and fonts are set here, around the template, so that no
document leaves without them. Warnings are errors: an unknown font or a glyph that does not fit is a fault to see now.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import typst

from souto.foundation.documents.typesetting.fonts import FontSet, in_strings, require_glyphs, with_geta
from souto.kernel.errors import SoutoError

_MAIN = b"""\
#set document(title: sys.inputs.title)
#set text(
  font: json(bytes(sys.inputs.families)), lang: sys.inputs.language, region: sys.inputs.region, fallback: false,
)
#include sys.inputs.template
"""

_REMEMBERED = 10
"""Compilations for which typst keeps a result that nobody asked for again."""


class Standard(Enum):
    """What a PDF promises. `ACCESSIBLE` for people, `ARCHIVE` for the file room, `PRINT` for paper only."""

    ACCESSIBLE = "accessible"
    """PDF/UA-1: tagged, with title and language; a screen reader reads it."""
    ARCHIVE = "archive"
    """PDF/A-2a: tagged, nothing outside the file."""
    PRINT = "print"
    """Neither tags nor promise: smaller and faster, for a printing machine."""


_PROMISES: Mapping[Standard, list[typst.PDFStandard]] = {
    Standard.ACCESSIBLE: ["ua-1"],
    Standard.ARCHIVE: ["a-2a"],
    Standard.PRINT: [],
}


class TypesettingError(SoutoError):
    """The typesetter refused template or data. The detail is for the log; a resident can do nothing about it."""

    message = "PDFを作れませんでした。時間をおいて、もう一度お試しください。"
    status = 500

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__()
        self.add_note(detail)


def compile_pdf(
    template: Path,
    data: Mapping[str, Any],
    fonts: FontSet,
    *,
    title: str,
    language: str = "ja",
    standard: Standard = Standard.ACCESSIBLE,
    created: datetime | None = None,
    root: Path | None = None,
    as_typed: bool = False,
) -> bytes:
    """Set ``template`` with ``data`` and give the PDF.

    Args:
        template: a ``.typ`` file inside ``root``.
        data: anything JSON can hold; every string in it is printed literally and must be covered by ``fonts``.
        fonts: the only fonts used.
        title: of the document, shown by readers in place of the file name.
        language: BCP 47, such as ``ja`` or ``en``; region JP is added for Japanese, so that kanji take their Japanese shape.
        standard: what the PDF promises.
        created: aware time to put into the file; given it, the same input makes the same bytes.
        root: the folder that the template may read from; its own folder if not given.
        as_typed: the data is a copy of what people typed: print 〓 for a character that no font has, instead of refusing.

    Raises:
        MissingGlyphsError: a character of title or data is in no font.
        TypesettingError: the template is wrong or does not fit the data.
    """
    if any("\r" in text for text in strings(data)):
        data = in_strings(_with_line_feeds, data)
    if as_typed:
        data = with_geta(data, fonts)
    require_glyphs("".join(strings([title, data])), fonts)
    folder = (root or template.parent).resolve()
    primary, _, region = language.partition("-")
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "families": json.dumps(fonts.families),
        "language": primary,
        "region": region or ("jp" if primary == "ja" else "gb"),
        "template": template.resolve().relative_to(folder).as_posix(),
        "title": title,
    }
    try:
        pdf, warnings = _compilers.get(folder, fonts).compile_with_warnings(
            _MAIN,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=_PROMISES[standard],
            pdf_tags=standard is not Standard.PRINT,
            timestamp=created.replace(microsecond=0) if created else None,
        )
    except typst.TypstError as refusal:
        raise TypesettingError(f"{refusal.message} {' '.join(refusal.hints)} {refusal.diagnostic}".strip()) from refusal
    if warnings:
        raise TypesettingError("; ".join(str(warning) for warning in warnings))
    if not isinstance(pdf, bytes):
        raise TypesettingError("the typesetter gave no single file")
    return pdf


class _Compilers(threading.local):
    """A compiler for each template folder and thread: making one costs more than a page, and none may be used by two threads."""

    def __init__(self) -> None:
        self.made: dict[tuple[Path, FontSet], typst.Compiler] = {}

    def get(self, root: Path, fonts: FontSet) -> typst.Compiler:
        compiler = self.made.get((root, fonts))
        if compiler is None:
            compiler = typst.Compiler(root=str(root), font_paths=fonts.loaded(), ignore_system_fonts=True)
            self.made[root, fonts] = compiler
        return compiler


_compilers = _Compilers()


def forget(fonts: FontSet) -> None:
    """Let go of what the typesetter remembers of earlier documents; call it after a big one.

    Typst keeps every result for ten compilations, since an editor would need it again. A batch never does, and ten chunks of a
    batch are gigabytes. Empty documents let the ten pass, in a millisecond.
    """
    compiler = _compilers.get(Path(__file__).parent, fonts)
    for _ in range(_REMEMBERED + 1):
        compiler.compile(b"", format="pdf")


def _with_line_feeds(text: str) -> str:
    """Lines ended as a browser sends them (CR LF) end in LF alone: a font has no glyph for CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def strings(value: Any) -> list[str]:
    """Every string in a JSON-like value, keys left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return []
