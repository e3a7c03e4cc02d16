"""Yen: whole numbers, read from what people type and written as the city writes them.

Every amount in Souto is an `int` of yen marked as `Yen`; no float touches money, and no amount has a fraction.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

from souto.kernel.errors import SoutoError
from souto.kernel.text.numerals import from_kanji_number

Yen = NewType("Yen", int)
"""An amount in whole yen; negative only where a ledger books the other side."""

MAX_YEN = 999_999_999_999_999
"""The largest amount read from text: 15 digits, well inside a database bigint."""

_MAX_TEXT = 40
_PLAIN = re.compile(r"[0-9]{1,15}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_UNITS: tuple[tuple[str, int], ...] = (("兆", 10**12), ("億", 10**8), ("万", 10**4), ("千", 10**3))
_DECORATION = re.compile(r"^(?:金)?\s*¥?\s*(?P<minus>[-▲△])?\s*¥?\s*(?P<number>.*?)\s*(?:円|yen|jpy)?(?:也|です)?$")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


class AmountUnreadableError(SoutoError):
    """The text is not an amount of money."""

    message = "金額は「12,345円」のように、数字で入力してください。"


class AmountFractionError(SoutoError):
    """The amount has a fraction of a yen."""

    message = "金額は円の単位で入力してください。小数点は使えません。"


class AmountNegativeError(SoutoError):
    """The amount is below zero where only zero or more makes sense."""

    message = "金額は0円以上で入力してください。"


class AmountTooLargeError(SoutoError):
    """The amount has more than 15 digits."""

    message = "金額は15桁までです。桁の数を確認してください。"


def parse_yen(text: str, *, allow_negative: bool = False) -> Yen:
    """Read an amount as residents and officers type it.

    Full-width digits, thousands separators, `円`, `￥`, `金…円也`, kanji numbers and the units 千 万 億 兆 are
    understood: `parse_yen("１２，３４５円") == 12345`, `parse_yen("1億2,300万円") == 123_000_000`.
    A comma that does not stand between groups of three digits is refused, for it may hide a missing digit.

    Raises `AmountUnreadableError`, `AmountFractionError`, `AmountNegativeError` or `AmountTooLargeError`.
    """
    if len(text) > _MAX_TEXT:
        raise AmountUnreadableError
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).replace("、", ",").strip().lower()
    match = _DECORATION.match(folded)
    number = match["number"] if match else ""
    if not match or not number:
        raise AmountUnreadableError
    if re.fullmatch(r"[0-9,]*[.・][0-9]+", number):
        raise AmountFractionError
    amount = _read_units(number.replace(" ", ""))
    if amount > MAX_YEN:
        raise AmountTooLargeError
    if match["minus"] and amount:
        if not allow_negative:
            raise AmountNegativeError
        amount = -amount
    return Yen(amount)


def _read_units(number: str) -> int:
    """Add up `1億2,300万5千` part by part; each unit at most once, from large to small."""
    total, rest = 0, number
    for unit, size in _UNITS:
        head, found, tail = rest.partition(unit)
        if found:
            part = _read_digits(head) if head else _one_alone(unit)
            if total and part * size >= total:
                raise AmountUnreadableError
            total, rest = total + part * size, tail
    if not rest:
        return total
    last = _read_digits(rest)
    if total and last >= min(size for unit, size in _UNITS if unit in number):
        raise AmountUnreadableError
    return total + last


def _one_alone(unit: str) -> int:
    """`千円` is read as one thousand; `万円` alone lacks its number."""
    if unit != "千":
        raise AmountUnreadableError
    return 1


def _read_digits(digits: str) -> int:
    if _PLAIN.fullmatch(digits) or (_GROUPED.fullmatch(digits) and len(digits.replace(",", "")) <= 15):
        return int(digits.replace(",", ""))
    kanji = from_kanji_number(digits)
    if kanji is not None:
        return kanji
    if re.fullmatch(r"[0-9]{16,}|[0-9]{1,3}(?:,[0-9]{3})+", digits):
        raise AmountTooLargeError
    raise AmountUnreadableError


def format_yen(amount: Yen | int) -> str:
    """`12,345円`: for tables, receipts and running text; a negative amount is written `-12,345円`."""
    return f"{int(amount):,}円"


def prose_yen(amount: Yen | int) -> str:
    """`1億2,300万円`: for sentences, with 億 and 万 as kanji (公用文作成の考え方)."""
    rest, parts = abs(int(amount)), []
    for unit, size in (("兆", 10**12), ("億", 10**8), ("万", 10**4)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,}{unit}")
    if rest or not parts:
        parts.append(f"{rest:,}")
    return ("-" if amount < 0 else "") + "".join(parts) + "円"
