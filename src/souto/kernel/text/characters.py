"""Characters as people count them, and characters that must not enter a record."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_ZWJ = 0x200D
_EMOJI_VS = 0xFE0F
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)

# Characters that are drawn as emoji by themselves (Emoji_Presentation of Unicode's emoji-data), as inclusive ranges.
_EMOJI = (
    "231A-231B 23E9-23EC 23F0 23F3 25FD-25FE 2614-2615 2648-2653 267F 2693 26A1 26AA-26AB 26BD-26BE 26C4-26C5 26CE 26D4 "
    "26EA 26F2-26F3 26F5 26FA 26FD 2705 270A-270B 2728 274C 274E 2753-2755 2757 2795-2797 27B0 27BF 2B1B-2B1C 2B50 2B55 "
    "1F004 1F0CF 1F18E 1F191-1F19A 1F1E6-1F1FF 1F201 1F21A 1F22F 1F232-1F236 1F238-1F23A 1F250-1F251 1F300-1F64F "
    "1F680-1F6FF 1F7E0-1F7F0 1F90C-1F9FF 1FA70-1FAFF"
)
_EMOJI_POINTS = frozenset(
    point for span in _EMOJI.split() for point in range(int(span.split("-")[0], 16), int(span.split("-")[-1], 16) + 1)
)


class ProblemKind(Enum):
    """Why a character must not enter a record; the value tells a person."""

    CONTROL = "目に見えない制御文字"
    SURROGATE = "文字になっていない符号"
    NONCHARACTER = "文字ではない符号"
    DIRECTION = "文字の向きを変える制御文字"
    PRIVATE_USE = "外字（このパソコンだけの文字）"


@dataclass(frozen=True, slots=True)
class Problem:
    """One character that must not enter a record: its place (0-based, in code points), itself, and why."""

    index: int
    character: str
    kind: ProblemKind


def find_problems(text: str, *, multiline: bool = False, limit: int = 20) -> list[Problem]:
    """The characters of `text` that must not be stored, at most `limit` of them; empty when all is well.

    Null and other control characters, lone surrogates, noncharacters, direction overrides (a spoofing tool) and
    private-use characters (外字, which look different on every computer). Tab, and with `multiline` line breaks, pass.
    An *unassigned* code point passes: new kanji blocks are newer than the Python that runs this.
    """
    found: list[Problem] = []
    for index, ch in enumerate(text):
        kind = _problem(ch, multiline=multiline)
        if kind:
            found.append(Problem(index, ch, kind))
            if len(found) >= limit:
                break
    return found


def _problem(ch: str, *, multiline: bool) -> ProblemKind | None:
    point = ord(ch)
    if " " <= ch <= "~" or ch == "\t" or (multiline and ch in "\r\n"):
        return None
    if point in _BIDI:
        return ProblemKind.DIRECTION
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return ProblemKind.NONCHARACTER
    category = unicodedata.category(ch)
    kinds = {"Cc": ProblemKind.CONTROL, "Cs": ProblemKind.SURROGATE, "Co": ProblemKind.PRIVATE_USE}
    if ch in "\u2028\u2029":
        return None if multiline else ProblemKind.CONTROL
    return kinds.get(category)


def is_selector(ch: str) -> bool:
    """Whether a character is a variation selector (異体字セレクタ): it changes how the one before is drawn."""
    return 0xFE00 <= ord(ch) <= 0xFE0F or 0xE0100 <= ord(ch) <= 0xE01EF


def without_selectors(text: str) -> str:
    """`text` without variation selectors; for comparing and searching, never for storing."""
    return "".join(ch for ch in text if not is_selector(ch))


def graphemes(text: str) -> Iterator[str]:
    """The characters of `text` as a person counts them: 辻 with its selector is one, a family emoji is one.

    Follows UAX #29 for what Japanese records hold: marks, selectors, joiners, skin tones, flags, CR LF; Hangul
    syllables written as separate jamo are counted by the jamo.
    """
    cluster = ""
    for ch in text:
        if cluster and _joins(cluster, ch):
            cluster += ch
        else:
            if cluster:
                yield cluster
            cluster = ch
    if cluster:
        yield cluster


def _joins(cluster: str, ch: str) -> bool:
    point, last = ord(ch), cluster[-1]
    if last == "\r":
        return ch == "\n"
    if unicodedata.category(last) in {"Cc", "Zl", "Zp"}:
        return False
    if point == _ZWJ or is_selector(ch) or point in _SKIN_TONES or point in _TAGS:
        return True
    if unicodedata.category(ch) in {"Mn", "Me", "Mc"} or ch in "\uff9e\uff9f":
        return True
    if ord(last) == _ZWJ:
        return point in _EMOJI_POINTS or point >= 0x2190
    if point in _REGIONAL and all(ord(one) in _REGIONAL for one in cluster):
        return len(cluster) == 1
    return False


def grapheme_length(text: str) -> int:
    """How many characters a person sees; the measure of every length limit on names (up to 40 kanji)."""
    return sum(1 for _ in graphemes(text))


def find_emoji(text: str) -> list[str]:
    """The emoji in `text`, each as a person sees it; signs that Japanese text uses (☎ ※ ① ♨) are no emoji."""
    return [cluster for cluster in graphemes(text) if _is_emoji(cluster)]


def contains_emoji(text: str) -> bool:
    """Whether `text` holds an emoji."""
    return any(_is_emoji(cluster) for cluster in graphemes(text))


def _is_emoji(cluster: str) -> bool:
    return ord(cluster[0]) in _EMOJI_POINTS or (len(cluster) > 1 and any(ord(ch) == _EMOJI_VS for ch in cluster[1:]))
