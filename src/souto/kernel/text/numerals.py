"""Kanji numerals (漢数字): 二十一, 一〇, 壱; used in town names, era dates and addresses."""

from __future__ import annotations

_DIGITS = {"〇": 0, "零": 0, "一": 1, "壱": 1, "壹": 1, "二": 2, "弐": 2, "三": 3, "参": 3}
_DIGITS |= {"四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
KANJI_NUMBER_CHARACTERS = "".join(_DIGITS) + "".join(_TENS)
"""Every character that may stand in a kanji number below ten thousand."""


def from_kanji_number(text: str) -> int | None:
    """The value of a kanji number up to 9,999, or None: 二十一 = 21, 一〇 = 10, 百 = 100, 三千 = 3000.

    None for an empty text, for another character, and for what is no number (十十, 一百一千).
    """
    if not text or any(ch not in KANJI_NUMBER_CHARACTERS for ch in text):
        return None
    if not any(ch in _TENS for ch in text):
        return int("".join(str(_DIGITS[ch]) for ch in text)) if len(text) <= 4 else None
    total, digit, last_unit = 0, None, 10_000
    for ch in text:
        if ch in _DIGITS:
            if digit is not None or not _DIGITS[ch]:
                return None
            digit = _DIGITS[ch]
            continue
        unit = _TENS[ch]
        if unit >= last_unit:
            return None
        total, digit, last_unit = total + (digit or 1) * unit, None, unit
    return total + (digit or 0)


def to_kanji_number(value: int) -> str:
    """`to_kanji_number(21) == "二十一"`, for 1 to 9,999; raises `ValueError` outside."""
    if not 1 <= value <= 9999:
        raise ValueError("kanji numbers are written for 1 to 9,999")
    written = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10)):
        count, value = divmod(value, size)
        if count:
            written += ("" if count == 1 else "〇一二三四五六七八九"[count]) + unit
    return written + ("〇一二三四五六七八九"[value] if value else "")
