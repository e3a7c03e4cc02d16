"""Readings over kanji (ふりがな) for readers who turned them on, made on the server by SudachiPy's small dictionary.

The machine may err: `readings.toml` here and in the city folder corrects it, and the page where readers turn ふりがな on says so. People's names get no
reading from here (only the recorded one is right), nor do answers, numbers of cases, code and what stands in English. A screen reader does not hear the
readings: it reads the kanji itself.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from sudachipy import Tokenizer

#: A stretch of text and its reading in hiragana; None where it needs none.
Piece = tuple[str, str | None]

_KANJI = r"[\u3400-\u9fff\uf900-\ufaff々〆\U00020000-\U0003ffff]"
_HAS_KANJI = re.compile(_KANJI)
_RUNS = re.compile(rf"{_KANJI}+|(?:(?!{_KANJI}).)+", re.DOTALL)
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_DAYS = {
    1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか", 10: "とおか",
    14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか",
}  # fmt: skip
_COUNTED = re.compile(r"(\d+)(月|日|年|分|人|円|時|件|歳|回|通)")

_TAG = re.compile(r"<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_OPEN = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNREAD_TAGS = frozenset(
    {"code", "option", "pre", "ruby", "samp", "script", "select", "style", "svg", "textarea", "title"}
)
_UNREAD_CLASSES = frozenset(
    {"s-hidden-text", "s-level", "s-mono", "s-name", "s-no-ruby", "s-summary__value", "s-upload__name"}
)
_CLASS = re.compile(r'\sclass="([^"]*)"')
_ENGLISH = re.compile(r'\slang="en"')

_local = threading.local()


@cache
def words() -> dict[str, str]:
    """The corrections: written form to reading."""
    found: dict[str, str] = {}
    for path in (Path(__file__).with_name("readings.toml"), Path(settings.CITY_DIR) / "readings.toml"):
        if path.exists():
            found |= tomllib.loads(path.read_text(encoding="utf-8"))["words"]
    return found


@cache
def _known() -> re.Pattern[str]:
    longest_first = sorted(words(), key=len, reverse=True)
    return re.compile("|".join([_COUNTED.pattern, *map(re.escape, longest_first)]))


def _tokenizer() -> Tokenizer:
    if not hasattr(_local, "tokenizer"):
        from sudachipy import Dictionary, SplitMode

        _local.tokenizer = Dictionary(dict="small").tokenizer(mode=SplitMode.C)
    tokenizer: Tokenizer = _local.tokenizer
    return tokenizer


@lru_cache(maxsize=8192)
def read(text: str) -> tuple[Piece, ...]:
    """`text` in pieces with their readings: `read("手続きをさがす") == (("手続", "てつづ"), ("きをさがす", None))`."""
    pieces: list[Piece] = []
    at = 0
    for match in _known().finditer(text):
        # A correction holds for a word, not for a part of a longer one that the dictionary knows ("大" in 大学).
        if len(match[0]) == 1 and _touches_kanji(text, match):
            continue
        pieces += _by_dictionary(text[at : match.start()])
        pieces += _counted(match) if match[1] else _aligned(match[0], words()[match[0]])
        at = match.end()
    pieces += _by_dictionary(text[at:])
    return tuple(_joined(pieces))


def _touches_kanji(text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    return bool(_HAS_KANJI.search(around))


def _counted(match: re.Match[str]) -> list[Piece]:
    number, unit = int(match[1][:6]), match[2]
    if unit == "日" and number in _DAYS:
        return [(match[0], _DAYS[number])]
    if unit == "人" and number in {1, 2}:
        return [(match[0], "ひとり" if number == 1 else "ふたり")]
    minutes = "ぷん" if number % 10 in {0, 1, 3, 4, 6, 8} else "ふん"
    reading = {"月": "がつ", "日": "にち", "年": "ねん", "分": minutes, "人": "にん", "円": "えん", "時": "じ"}
    reading |= {"件": "けん", "歳": "さい", "回": "かい", "通": "つう"}
    return [(match[1], None), (unit, reading[unit])]


def _by_dictionary(text: str) -> Iterator[Piece]:
    if not _HAS_KANJI.search(text):
        if text:
            yield text, None
        return
    for word in _tokenizer().tokenize(text):
        surface, kind = word.surface(), word.part_of_speech()
        unsure = word.is_oov() or kind[2] == "人名" or kind[0] in {"空白", "補助記号"}
        if unsure or not _HAS_KANJI.search(surface):
            yield surface, None
        else:
            yield from _aligned(surface, word.reading_form().translate(_TO_HIRAGANA))


def _aligned(surface: str, reading: str) -> list[Piece]:
    """The reading over the kanji only: 取り扱い, とりあつかい gives 取(と)り扱(あつか)い."""
    runs = _RUNS.findall(surface)
    plain = [run.translate(_TO_HIRAGANA) for run in runs]
    pattern = "".join(
        "(.+?)" if _HAS_KANJI.match(run) else re.escape(kana) for run, kana in zip(runs, plain, strict=True)
    )
    match = re.fullmatch(pattern, reading)
    if match is None:
        return [(surface, reading)]
    readings = iter(match.groups())
    return [(run, next(readings) if _HAS_KANJI.match(run) else None) for run in runs]


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours without a reading in one piece."""
    plain = ""
    for text, reading in pieces:
        if reading is None:
            plain += text
            continue
        if plain:
            yield plain, None
            plain = ""
        yield text, reading
    if plain:
        yield plain, None


def _ruby(source: str) -> str:
    text = unescape(source)
    pieces = read(text)
    if not any(reading for _, reading in pieces):
        return source
    inner = "".join(
        f'<ruby>{escape(part)}<rp>（</rp><rt aria-hidden="true">{reading}</rt><rp>）</rp></ruby>'
        if reading
        else escape(part)
        for part, reading in pieces
    )
    # One element: in a flex container each piece would stand apart.
    return f'<span class="s-ruby">{inner}</span>'


def annotate(html: str) -> str:
    """A page, or a part of one, with readings over the kanji of its text."""
    start = html.find("<body")
    out: list[str] = [html[: max(start, 0)]]
    at, skipping, depth = max(start, 0), "", 0
    for match in _TAG.finditer(html, at):
        text, tag = html[at : match.start()], match[0]
        out.append(_ruby(text) if not skipping and _HAS_KANJI.search(unescape(text)) else text)
        out.append(tag)
        at = match.end()
        opened = _OPEN.match(tag)
        if skipping:
            if opened and opened[1] == skipping:
                depth += 1
            elif tag.startswith(f"</{skipping}"):
                depth -= 1
                skipping = skipping if depth else ""
        elif opened and opened[1] not in _VOID and _is_unread(opened[1], tag):
            skipping, depth = opened[1], 1
    out.append(html[at:])
    return "".join(out)


def _is_unread(name: str, tag: str) -> bool:
    classes = _CLASS.search(tag)
    return (
        name in _UNREAD_TAGS
        or _ENGLISH.search(tag) is not None
        or (classes is not None and not _UNREAD_CLASSES.isdisjoint(classes[1].split()))
    )
