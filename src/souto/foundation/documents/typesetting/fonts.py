"""The fonts that go into Souto's documents, and what they can and cannot print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

from souto.kernel.errors import SoutoError

FAMILIES = ("BIZ UDPGothic", "Noto Sans JP")
"""In order of preference: the second carries what the first lacks (𠮷 U+20BB7)."""

FILES = ("BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf", "NotoSansJP-Regular.ttf")
"""What the build puts into the font folder."""

GETA = "〓"
"""Printed in place of what no font has, where that is allowed."""

_MARKED = re.compile("[A-Za-zÀ-ɏぁ-ヿ][\u0300-\u036f\u3099\u309a]+")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")

INVISIBLE = frozenset(map(chr, (0x200B, 0x2060, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Characters that need no glyph: places where a line may or may not break, and variation selectors."""


class FontsMissingError(SoutoError):
    """The font folder lacks a file: the build has not run, or another folder was meant."""

    message = "書体のファイルがありません（%(files)s）。ビルドを実行してから、もう一度お試しください。"
    status = 500


class MissingGlyphsError(SoutoError):
    """Some characters are in no font: the document would show boxes instead, so it is not made."""

    message = "印字できない文字があります（%(characters)s）。"

    def __init__(self, characters: set[str]) -> None:
        self.characters = frozenset(characters)
        listed = "、".join(f"{c} U+{ord(c):04X}" if c.isprintable() else f"U+{ord(c):04X}" for c in sorted(characters))
        super().__init__(characters=listed)


@dataclass(frozen=True, slots=True)
class FontSet:
    """A folder of fonts and the families to try in turn. Only these are used: never the machine's, nor the typesetter's own.

    Two machines with the same set make the same document. Make one by `FontSet.at`.
    """

    folder: Path
    names: tuple[str, ...] = FILES
    families: tuple[str, ...] = FAMILIES

    @classmethod
    def at(cls, folder: Path) -> FontSet:
        """The three fonts of the build in ``folder``.

        Raises:
            FontsMissingError: names the files that are not there.
        """
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise FontsMissingError(files="、".join(missing))
        return cls(folder.resolve())

    @property
    def files(self) -> tuple[Path, ...]:
        """The font files, in order of preference."""
        return tuple(self.folder / name for name in self.names)

    def loaded(self) -> typst.Fonts:
        """The folder as the typesetter takes it; read from disk once in a process."""
        return _loaded(self.folder)


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


@lru_cache(maxsize=4)
def _covered(files: tuple[Path, ...]) -> frozenset[str]:
    points: set[int] = set()
    for file in files:
        with TTFont(file, lazy=True) as font:
            points.update(font.getBestCmap())
    return INVISIBLE | {"\n", "\t", *map(chr, points)}


def missing_glyphs(text: str, fonts: FontSet) -> set[str]:
    """The characters of ``text`` that would print as an empty box, because no font of the set has them.

    Line feeds and tabs are layout and always fine. A variation selector (異体字セレクタ) after a character is fine too: a font
    that lacks the variant prints the plain form. Regular and bold of one family cover the same characters.
    """
    return set(text) - _covered(fonts.files)


def require_glyphs(text: str, fonts: FontSet) -> None:
    """Refuse a text that the set cannot print.

    Raises:
        MissingGlyphsError: names the characters.
    """
    missing = missing_glyphs(text, fonts)
    if missing:
        raise MissingGlyphsError(missing)


def with_geta(value: Any, fonts: FontSet) -> Any:
    """A JSON-like ``value`` in which each run of characters that no font has is one 〓 (下駄), as Japanese printers mark a missing sort.

    For copies of what people typed, emoji and all: there a mark is better than no copy. Never for names on official papers.
    """

    def marked(text: str) -> str:
        missing = missing_glyphs(text, fonts)
        return re.sub(f"[{re.escape(''.join(missing))}]+", GETA, text) if missing else text

    return in_strings(marked, value)


def in_strings(change: Callable[[str], str], value: Any) -> Any:
    """A JSON-like ``value`` with ``change`` done to every string in it, keys left as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: in_strings(change, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [in_strings(change, item) for item in value]
    return value


def printable(text: str) -> str:
    """``text`` as documents print it: letter and combining mark in one (か + ◌゙ becomes が), half-width kana in full width.

    A voiced half-width kana is two characters of one letter, which the text layer of a PDF (search, screen reader) garbles. No kanji
    is changed; NFC over the whole text would replace the compatibility ideographs of names (U+FA19 神 by U+795E).
    """
    composed = _MARKED.sub(lambda letter: unicodedata.normalize("NFC", letter.group()), text)
    return _HALF_WIDTH.sub(lambda kana: unicodedata.normalize("NFKC", kana.group()), composed)
