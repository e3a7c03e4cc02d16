"""The part of an address after the town: 番地, 住居番号, and where the building's name begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from souto.foundation.registry.matching.tokens import Kind, Token, skip_blanks

NO_NUMBER = ("番外地", "無番地")
"""Words that stand where other addresses have a number."""
_ROOM = re.compile(r"号[室棟館車]|番[館街町線]|[階室棟条線]|[A-Za-z]|地割")
_END_WORDS = re.compile(r"丁目|番地|番|号")
_WORD_GOES_ON = re.compile(
    "(?!丁目|番|号|地割|ノ|の|之|丿)[\u3041-\u3096々\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
)
LOT_LETTERS = "甲乙丙丁戊己庚辛壬癸"
"""Kanji that may stand before a 地番."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as hyphenated text (`24-1`, `A-5`, `甲12`, `番外地`), and the index after it; "" if there is none."""

    text: str
    end: int


def read_number(tokens: Sequence[Token], prepared: str, at: int, *, most: int) -> Number:
    """Read `24番1号`, `24番地の1`, `二四の一`, `24-1`: up to `most` numbers.

    A number that belongs to a building (`2号室`, `1番館`, `301C`, `3階`) ends it. A の or a dash may stand before it
    (ハの74, 北3-4-17 behind 北三番町).
    """
    start = skip_blanks(tokens, at)
    if start < len(tokens) and _is_joint(tokens[start]):
        start = skip_blanks(tokens, start + 1)
    if start == len(tokens):
        return Number("", at)
    for word in NO_NUMBER:
        if prepared.startswith(word, tokens[start].start):
            return Number(word, start + len(word))
    head, index = _letter(tokens, prepared, start)
    parts: list[str] = []
    end = at
    while index < len(tokens) and len(parts) < most and not _is_room(tokens[index], prepared):
        value = tokens[index].number
        if value is None:
            break
        parts.append(str(value))
        end, following = _past_separator(tokens, prepared, index + 1)
        if following is None:
            break
        index = following
    if not parts:
        return Number("", at)
    return Number(head + "-".join(parts), end)


def _letter(tokens: Sequence[Token], prepared: str, at: int) -> tuple[str, int]:
    """`A-` or 甲 before the number."""
    letter = prepared[tokens[at].start : tokens[at].end]
    following = at + 1
    if letter in LOT_LETTERS and following < len(tokens) and tokens[following].number is not None:
        return letter, following
    latin = len(letter) == 1 and letter.isascii() and letter.isalpha()
    if latin and following + 1 < len(tokens) and tokens[following].kind is Kind.DASH:
        return f"{letter.upper()}-", following + 1
    return "", at


def _is_room(token: Token, prepared: str) -> bool:
    return token.number is not None and (bool(_ROOM.match(prepared, token.end)) or begins_word(token, prepared))


def begins_word(token: Token, prepared: str) -> bool:
    """Whether a kanji number is the beginning of a word (千 in 千古, 三 in 三田荘) and no number."""
    return (
        token.number is not None
        and not prepared[token.start].isdigit()
        and _WORD_GOES_ON.match(prepared, token.end) is not None
    )


def _is_joint(token: Token) -> bool:
    return token.kind is Kind.DASH or token.key == "ノ"


def _past_separator(tokens: Sequence[Token], prepared: str, at: int) -> tuple[int, int | None]:
    """After one number: the index where the address may end, and where the next number stands, if one is joined."""
    end = at
    word = _END_WORDS.match(prepared, tokens[at].start) if at < len(tokens) else None
    if word:
        while end < len(tokens) and tokens[end].start < word.end():
            end += 1
    following = skip_blanks(tokens, end)
    joined = bool(word) and word is not None and word.group() != "号"
    if following < len(tokens) and _is_joint(tokens[following]):
        joined, following = True, skip_blanks(tokens, following + 1)
    if joined and following < len(tokens) and tokens[following].number is not None:
        return end, following
    return end, None
