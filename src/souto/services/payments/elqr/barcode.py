"""The convenience-store barcode (標準料金代理収納): 44 digits in GS1-128 under application identifier 91."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from souto.services.payments.elqr.digits import Piece, digits, number
from souto.services.payments.elqr.errors import CheckDigitMismatchError, OutOfRangeError, WrongFixedValueError

LENGTH: Final = 44
IDENTIFIER: Final = "91"

SPECIMEN_COMPANY: Final = "000000"
"""Stands for the company in specimens. A real code is the tail of a Japanese GS1 prefix (45 or 49), so it begins with 5 or 9."""


def check_digit(text: str) -> str:
    """The check digit over the digits ``text``: modulus 10, weights 3, 1, 3 … from the right.

    >>> check_digit("9195991983326202401010104348002407100039500")
    '3'
    """
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(text)))
    return str(-total % 10)


@dataclass(frozen=True, slots=True)
class StoreBarcode:
    """What the cashier's scanner reads. Yen; the last day is one of 2000 to 2099, since only two digits of its year are written.

    >>> StoreBarcode("959919", "833262024010101043480", 0, date(2024, 7, 10), False, 39500).text()
    '91959919833262024010101043480024071000395003'
    """

    company: str
    """請求書発行企業コード, 6 digits."""
    free: str
    """自由使用欄, 21 digits: the city finds the demand by it."""
    reissue: int
    """再発行区分, 0 to 9."""
    payable_until: date
    """支払期限."""
    stamp: bool
    """印紙フラグ: the store's receipt needs a revenue stamp."""
    amount: int
    """At most 999,999."""

    def __post_init__(self) -> None:
        """Refuse what would not fit its field."""
        digits("企業コード", 2, self.company, 6)
        digits("自由使用欄", 8, self.free, 21)
        number("再発行区分", 29, self.reissue, 1)
        number("金額", 37, self.amount, 6)
        if not 2000 <= self.payable_until.year <= 2099:
            raise OutOfRangeError("支払期限", 30, lowest="2000年", highest="2099年", found=self.payable_until)

    @property
    def specimen(self) -> bool:
        """Whether the company code can belong to nobody."""
        return self.company == SPECIMEN_COMPANY

    def _parts(self) -> tuple[str, str, str, str, str]:
        last_day = f"{self.payable_until:%y%m%d}"
        return (self.company, f"{self.free}{self.reissue}", last_day, str(int(self.stamp)), f"{self.amount:06d}")

    def text(self) -> str:
        """The 44 digits, check digit included."""
        body = IDENTIFIER + "".join(self._parts())
        return body + check_digit(body)

    def readable(self) -> str:
        """The digits as they are printed under the bars, the identifier in brackets, fields parted by hyphens."""
        return f"({IDENTIFIER})" + "-".join((*self._parts(), self.text()[-1]))

    @classmethod
    def parse(cls, text: str) -> "StoreBarcode":
        """Read 44 digits.

        Raises:
            NotDigitsError, WrongLengthError: not 44 ASCII digits.
            CheckDigitMismatchError: the last digit does not fit.
            WrongFixedValueError: another identifier than 91, or a stamp flag other than 0 and 1.
            NoSuchDateError: 支払期限 is no day of the calendar.
        """
        code = Piece.whole("バーコード", text, LENGTH)
        expected = check_digit(text[:-1])
        if text[-1] != expected:
            raise CheckDigitMismatchError("チェックデジット", 43, expected=expected, found=text[-1])
        if text[:2] != IDENTIFIER:
            raise WrongFixedValueError("アプリケーション識別子", 0, expected=IDENTIFIER, found=text[:2])
        if text[36] not in "01":
            raise WrongFixedValueError("印紙フラグ", 36, expected="0, 1", found=text[36])
        return cls(
            company=text[2:8],
            free=text[8:29],
            reissue=int(text[29]),
            payable_until=code.cut("支払期限", 30, 6).day("20"),
            stamp=text[36] == "1",
            amount=int(text[37:43]),
        )
