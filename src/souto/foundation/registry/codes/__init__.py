"""Engine: numbers with a check digit, municipality codes (全国地方公共団体コード) and corporate numbers (法人番号).

Problem: numbers are mistyped, and spreadsheets eat leading zeros. Method: the published check digits (総務省 全国地方公共団体コード
検査数字算出方法, modulo 11; 法人番号の指定等に関する省令 第二条, modulo 9 through python-stdnum). No Django, no tables.
"""

from __future__ import annotations

from stdnum.jp import cn

from souto.kernel.errors import SoutoError
from souto.kernel.text import fold_code

_FIRST_MUNICIPALITY = 100  # within a prefecture, municipalities are numbered from 100; 000 is the prefecture itself


class LgCodeError(SoutoError):
    """The text is no municipality code."""

    message = "団体コードは6桁の数字（検査数字を除くと5桁）で入力してください。"


class LgCodeCheckDigitError(SoutoError):
    """The sixth digit does not follow from the other five: one of them is mistyped."""

    message = "団体コードの数字のどこかが違います。書類を見て直してください。"


class CorporateNumberLengthError(SoutoError):
    """The text is not 13 digits."""

    message = "法人番号は13桁の数字で入力してください。"


class CorporateNumberPersonalError(SoutoError):
    """Twelve digits: it may be somebody's My Number, which must not be collected here."""

    message = "法人番号は13桁です。12桁の番号は個人のマイナンバーかもしれないため、入力しないでください。"


class CorporateNumberCheckDigitError(SoutoError):
    """The first digit does not follow from the other twelve: one of them is mistyped."""

    message = "法人番号の数字のどこかが違います。国税庁の法人番号の通知を見て直してください。"


def lg_check_digit(five: str) -> str:
    """The sixth digit of a municipality code: weights 6 to 2, modulo 11 (総務省 検査数字算出方法)."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def lg_code_of(five: str) -> str:
    """`13201` (JIS X 0402) as `132012`."""
    return five + lg_check_digit(five)


def check_lg_code(text: str) -> str:
    """The six digits of a municipality code, typed with or without its check digit.

    A code that lost its leading zero in a spreadsheet (`92011` for 宇都宮市) gets it back.
    Raises `LgCodeError`, `LgCodeCheckDigitError`.
    """
    digits = fold_code(text[:40]).replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in (4, 5, 6):
        raise LgCodeError
    if len(digits) == 4 or (
        len(digits) == 5 and not _is_numbered(digits) and lg_code_of(f"0{digits[:4]}") == f"0{digits}"
    ):
        digits = f"0{digits}"
    if not _is_numbered(digits[:5]):
        raise LgCodeError
    if len(digits) == 5:
        return lg_code_of(digits)
    if lg_code_of(digits[:5]) != digits:
        raise LgCodeCheckDigitError
    return digits


def _is_numbered(five: str) -> bool:
    """Whether five digits can be a code: a prefecture from 01 to 47, and in it 000 or a municipality."""
    return 1 <= int(five[:2]) <= 47 and (five[2:] == "000" or int(five[2:]) >= _FIRST_MUNICIPALITY)


def check_corporate_number(text: str) -> str:
    """The 13 digits of a corporate number; the first is its check digit.

    Raises `CorporateNumberLengthError`, `CorporateNumberPersonalError`, `CorporateNumberCheckDigitError`.
    """
    digits = fold_code(text[:40]).replace("-", "").replace(" ", "").upper().removeprefix("T")
    if not (digits.isascii() and digits.isdigit()):
        raise CorporateNumberLengthError
    if len(digits) == 12:
        raise CorporateNumberPersonalError
    if len(digits) != 13:
        raise CorporateNumberLengthError
    if not cn.is_valid(digits):
        raise CorporateNumberCheckDigitError
    return digits
