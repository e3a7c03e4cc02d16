"""Place names and addresses as tokens under which spellings meet.

A run of digits, Arabic or kanji, is one number token (二十四 = 24 = ２４); ヶ ケ が ガ ヵ, の ノ 之 丿, ツ ッ, old and new kanji,
width and kana kind are folded; a run of U+FFFD (a character lost in transport) matches any one token. The same folding
is applied to the register and to what was typed, so over-folding (八王子 becomes 8 王 子) does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from souto.kernel.text import fold_kana, fold_widths, from_kanji_number
from souto.kernel.text.folding import DASHES
from souto.kernel.text.numerals import KANJI_NUMBER_CHARACTERS
from souto.kernel.text.variants import plainest_form

_PIECES = re.compile(
    rf"(?P<space>\s+)|(?P<arabic>[0-9]+)|(?P<kanji>[{KANJI_NUMBER_CHARACTERS}]+)|(?P<dash>[{re.escape(DASHES)}])"
    r"|(?P<lost>\ufffd+)|(?P<char>.)",
    re.DOTALL,
)
_SAME = {"之": "ノ", "乃": "ノ", "丿": "ノ", "ヶ": "ケ", "ガ": "ケ", "ヵ": "ケ", "ッ": "ツ"}


class Kind(Enum):
    """What a token is."""

    CHARACTER = "character"
    NUMBER = "number"
    DASH = "dash"
    SPACE = "space"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its folded `key`, and the place `start` to `end` in the prepared text."""

    kind: Kind
    key: str
    start: int
    end: int

    @property
    def number(self) -> int | None:
        """The value of a number token."""
        return int(self.key[1:]) if self.kind is Kind.NUMBER else None


def prepare(text: str) -> str:
    """The text into which token places point: width folded, everything else as typed."""
    return fold_widths(text)


def tokenise(prepared: str) -> tuple[Token, ...]:
    """The tokens of a prepared text."""
    tokens: list[Token] = []
    for piece in _PIECES.finditer(prepared):
        start, end = piece.span()
        written = piece.group()
        match piece.lastgroup:
            case "space":
                tokens.append(Token(Kind.SPACE, " ", start, end))
            case "arabic":
                tokens.append(Token(Kind.NUMBER, f"#{int(written[-12:])}", start, end))
            case "kanji" if (value := from_kanji_number(written)) is not None:
                tokens.append(Token(Kind.NUMBER, f"#{value}", start, end))
            case "dash":
                tokens.append(Token(Kind.DASH, "-", start, end))
            case "lost":
                tokens.append(Token(Kind.LOST, "?", start, end))
            case _:
                tokens += [
                    Token(Kind.CHARACTER, _character_key(ch), start + offset, start + offset + 1)
                    for offset, ch in enumerate(written)
                ]
    return tuple(tokens)


@lru_cache(maxsize=20_000)
def _character_key(ch: str) -> str:
    kana = fold_kana(ch)
    return plainest_form(_SAME.get(kana, kana)).casefold()


@lru_cache(maxsize=200_000)
def name_pattern(name: str) -> tuple[str, ...]:
    """The keys of a name of the register, without 大字 and 字 at its head, and without blanks."""
    keys = tuple(token.key for token in tokenise(prepare(name)) if token.kind is not Kind.SPACE)
    for head in (("大", "字"), ("字",)):
        if keys[: len(head)] == head and len(keys) > len(head) + 1:
            return keys[len(head) :]
    return keys


def place_key(name: str) -> str:
    """One string under which the spellings of a place name meet.

    `place_key("絹ヶ丘二丁目") == place_key("絹ケ丘２丁目")`.
    """
    return "".join(name_pattern(name))


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in the tokens: the index after it, how many tokens agreed, and how many lost ones it bridged."""

    end: int
    length: int
    bridged: int = 0
    dropped: int = 0

    @property
    def repaired(self) -> bool:
        """Whether the name was found only by mending."""
        return bool(self.bridged or self.dropped)


def skip_blanks(tokens: Sequence[Token], at: int) -> int:
    """The index of the next token that is no blank."""
    while at < len(tokens) and tokens[at].kind is Kind.SPACE:
        at += 1
    return at


def find_name(pattern: Sequence[str], tokens: Sequence[Token], at: int) -> Hit | None:
    """Whether a name stands in `tokens` from index `at` on; blanks are passed over, a ノ of the name may be missing."""
    length = bridged = dropped = 0
    for key in pattern:
        following = skip_blanks(tokens, at)
        found = tokens[following] if following < len(tokens) else None
        if found is not None and found.key == key:
            at, length = following + 1, length + 1
        elif found is not None and found.kind is Kind.LOST:
            at, bridged = following + 1, bridged + 1
        elif key == "ノ" and length:
            dropped += 1
        else:
            return None
    return Hit(at, length, bridged, dropped) if length else None
