"""How much room a text takes: the widths come from the fonts themselves, so a form knows beforehand what fits its boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from souto.foundation.documents.typesetting.fonts import INVISIBLE, FontSet
from souto.kernel.errors import SoutoError

POINT_MM = 25.4 / 72
"""A typographic point in millimetres."""

_UNBROKEN = re.compile(r"[!-~À-ʯ]+|.", re.DOTALL)


class DoesNotFitError(SoutoError):
    """A text is too long for its box even in the smallest letters that the form allows."""

    message = "「%(text)s」は、決められた枠に入りきりません。短くしてください。"


@lru_cache(maxsize=4)
def _advances(files: tuple[Path, ...]) -> dict[str, float]:
    """Width of each character in ems, from the first font that has it."""
    widths: dict[str, float] = {}
    for file in reversed(files):
        with TTFont(file, lazy=True) as font:
            metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
            widths.update({chr(point): metrics[glyph][0] / em for point, glyph in font.getBestCmap().items()})
    return widths | dict.fromkeys(INVISIBLE, 0.0)


def measure(text: str, fonts: FontSet) -> float:
    """The width of ``text`` on one line, in ems; a character that no font has counts as one."""
    widths = _advances(fonts.files)
    return sum(widths.get(character, 1.0) for character in text)


def lines_needed(text: str, width: float, fonts: FontSet) -> int:
    """How many lines ``text`` takes in a box ``width`` ems wide.

    Japanese breaks between any two characters, with one em kept free for what must not begin or end a line; Latin words stay whole.
    A word wider than the box takes more lines than anything: it does not fit.
    """
    if measure(text, fonts) <= width:
        return 1
    count, used = 1, 0.0
    for piece in _UNBROKEN.findall(text):
        length = measure(piece, fonts)
        if length > width:
            return len(text)
        room = width if piece.isascii() else width - 1.0
        if used and used + length > room and not piece.isspace():
            count, used = count + 1, 0.0
        used += length
    return count


@lru_cache(maxsize=8192)
def fit(text: str, width: float, options: Sequence[tuple[float, int]], fonts: FontSet) -> float:
    """The first of the ``options`` (size in points, number of lines allowed) in which ``text`` fits a box ``width`` mm wide.

    Raises:
        DoesNotFitError: none of them.
    """
    for size, lines in options:
        if lines_needed(text, width / (size * POINT_MM), fonts) <= lines:
            return size
    raise DoesNotFitError(text=text)
