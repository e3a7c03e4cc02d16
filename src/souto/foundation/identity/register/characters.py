"""Which characters a card can write: JIS X 0208 and JIS X 0212. Any other is written as a substitute (代替文字)."""

from __future__ import annotations

from typing import Final

#: In JIS X 0208, but mapped to another code point by the codec below than by the systems that write these.
_OTHER_MAPPINGS: Final = frozenset("－～∥￠￡￢―")


def is_substituted(char: str) -> bool:
    """True when a card cannot write `char`."""
    if char in _OTHER_MAPPINGS:
        return False
    try:
        char.encode("euc_jp")
    except UnicodeEncodeError:
        return True
    return False


def mask_of(text: str) -> str:
    """`0` and `1`, one a character: `1` where a card shows a substitute."""
    return "".join("1" if is_substituted(char) else "0" for char in text)
