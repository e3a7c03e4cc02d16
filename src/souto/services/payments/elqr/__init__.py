"""Engine: eL-QR (地方税統一QRコード) and the convenience-store barcode, built and parsed.

Problem: a payment slip (納付書) carries 255 digits in a QR code and 44 in a GS1-128 barcode; one wrong digit sends money
astray. Method: a strict, positional reader and writer; what is read is written back byte by byte. Source: the layouts
published in third-party point-of-sale code and checked against its sample codes (see ``docs/explanation/elqr.md``).
Units: yen, digits, calendar days. What is not published (CD1, CD2, case key, confirmation number) comes from a
`NumberingAuthority`; without a real one every code is a specimen (見本) and is handed out only to be printed with its mark.
"""

from souto.services.payments.elqr.barcode import SPECIMEN_COMPANY, StoreBarcode, check_digit
from souto.services.payments.elqr.code import Demand, ElQr, Numbers
from souto.services.payments.elqr.crc import crc16
from souto.services.payments.elqr.errors import (
    AmountsDisagreeError,
    CheckDigitMismatchError,
    CrcMismatchError,
    ElQrError,
    NoSuchDateError,
    NotDigitsError,
    OutOfRangeError,
    SpecimenDeclaredRealError,
    SpecimenMarkMissingError,
    TrailingCharactersError,
    WrongFixedValueError,
    WrongLengthError,
    WrongTagError,
)
from souto.services.payments.elqr.numbering import IssuedCode, NumberingAuthority, SpecimenNumbering, issue

__all__ = [
    "SPECIMEN_COMPANY",
    "AmountsDisagreeError",
    "CheckDigitMismatchError",
    "CrcMismatchError",
    "Demand",
    "ElQr",
    "ElQrError",
    "IssuedCode",
    "NoSuchDateError",
    "NotDigitsError",
    "NumberingAuthority",
    "Numbers",
    "OutOfRangeError",
    "SpecimenDeclaredRealError",
    "SpecimenMarkMissingError",
    "SpecimenNumbering",
    "StoreBarcode",
    "TrailingCharactersError",
    "WrongFixedValueError",
    "WrongLengthError",
    "WrongTagError",
    "check_digit",
    "crc16",
    "issue",
]
