"""Slips to PDF: one for a resident's screen, or hundreds of thousands for the printer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from souto.foundation.documents.typesetting import FontSet, Standard, compile_pdf, forget, missing_glyphs
from souto.kernel.errors import SoutoError
from souto.services.payments.slips.face import Form, face, words
from souto.services.payments.slips.slip import Slip

TEMPLATE = Path(__file__).with_name("slip.typ")


class UnprintableSlipError(SoutoError):
    """A slip holds characters that no font has; `reference` says which slip."""

    message = "通知書番号%(reference)sの納付書に、印字できない文字があります（%(characters)s）。"

    def __init__(self, reference: str, characters: set[str]) -> None:
        self.reference = reference
        self.characters = frozenset(characters)
        super().__init__(reference=reference, characters="、".join(f"U+{ord(c):04X}" for c in sorted(characters)))


def render_slip(slip: Slip, fonts: FontSet, *, created: datetime | None = None) -> bytes:
    """One slip as an accessible PDF (PDF/UA-1), an A4 page: label and value follow each other for a screen reader.

    Raises:
        UnprintableSlipError: the slip cannot be printed whole.
    """
    _require_printable([slip], fonts)
    form = Form.of(slip)
    data = {"mode": "whole", "forms": [form.data()], "slips": [{**face(slip, form, fonts), "form": 0}]}
    return compile_pdf(TEMPLATE, data, fonts, title=f"納付書　{slip.item}　{slip.reference}", created=created)


def render_bulk(
    slips: Iterable[Slip], fonts: FontSet, chunk: int = 500, *, created: datetime | None = None
) -> Iterator[bytes]:
    """A PDF for every ``chunk`` slips, in their order, a page each, for a printing machine (no tags).

    The form is set once and lies in each PDF once, however many pages are printed on it. Memory holds one chunk.
    `unprintable` finds beforehand what would stop a batch in its middle.

    Raises:
        UnprintableSlipError: names the first slip that cannot be printed whole; chunks before it were given already.
    """
    remaining = iter(slips)
    number = 0
    while batch := list(islice(remaining, chunk)):
        number += 1
        _require_printable(batch, fonts)
        yield _sheets(batch, fonts, f"納付書　{number}", created)
        forget(fonts)


def unprintable(slips: Iterable[Slip], fonts: FontSet) -> dict[str, set[str]]:
    """The references of the slips that cannot be printed whole, each with its characters."""
    return {
        slip.reference: missing
        for slip in slips
        if (missing := missing_glyphs(words(slip) + Form.of(slip).words(), fonts))
    }


def _require_printable(slips: Iterable[Slip], fonts: FontSet) -> None:
    for reference, characters in unprintable(slips, fonts).items():
        raise UnprintableSlipError(reference, characters)


def _sheets(slips: list[Slip], fonts: FontSet, title: str, created: datetime | None) -> bytes:
    """The values of ``slips`` over their forms, which are embedded as PDF."""
    forms: dict[Form, int] = {}
    faces: list[dict[str, Any]] = []
    for slip in slips:
        form = Form.of(slip)
        faces.append({**face(slip, form, fonts), "form": forms.setdefault(form, len(forms))})
    drawn = [{**form.data(), "pdf": list(_drawn(form, fonts))} for form in forms]
    data = {"mode": "values", "forms": drawn, "slips": faces}
    return compile_pdf(TEMPLATE, data, fonts, title=title, standard=Standard.PRINT, created=created)


@lru_cache(maxsize=16)
def _drawn(form: Form, fonts: FontSet) -> bytes:
    """The form without any slip's values, as a page to print on."""
    data = {"mode": "form", "forms": [form.data()], "slips": []}
    return compile_pdf(TEMPLATE, data, fonts, title="納付書", standard=Standard.PRINT)
