"""The eL-QR (地方税統一QRコード): 255 digits, built and parsed.

The layout was found in a published point-of-sale application and its unit test, which cites the JPQR MPM guideline and
the Ministry's paper on the unified QR code; two sample codes parse whole and both their CRCs hold. The official text
was not seen. Two things are not published and are therefore opaque here: how the check digits CD1 and CD2 are made, and
how the case key (案件特定キー) and the confirmation number (確認番号) are given out. See `numbering`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from souto.services.payments.elqr import tlv
from souto.services.payments.elqr.crc import crc16
from souto.services.payments.elqr.digits import Piece, day, digits, number
from souto.services.payments.elqr.errors import AmountsDisagreeError, CrcMismatchError, WrongFixedValueError

LENGTH: Final = 255
"""Digits of a whole code; exactly what a QR code of version 6 at level M holds (JIS X 0510)."""

ORGANISATION: Final = "13800"
"""地方税共同機構 (Local Tax Agency): the payload's owner and the MPN institution."""

_OUTER: Final = (
    ("00", "ペイロード形式", 2),
    ("01", "コード区分", 2),
    ("27", "加盟店情報", 96),
    ("54", "金額", 11),
    ("62", "追加情報", 26),
    ("80", "追加情報2", 85),
    ("63", "CRC", 5),
)
_INNER: Final = (("00", "決済機構", 5), ("01", "MPN", 83))
_CRC_AT: Final = LENGTH - 5
_MPN_AT: Final = 29
_AMOUNT_AT: Final = 116
_INFO_AT: Final = 131
_EXTRA_AT: Final = 161


@dataclass(frozen=True, slots=True)
class Demand:
    """What the city asks for (納付案件), before anybody has numbered it. Amounts in yen; code fields are digit strings.

    Fields that were zero in every sample seen keep their digits as they are, so that a parsed code is written back alike.
    """

    amount: int
    item: str
    """税目・料金番号, 3 digits."""
    institution: str
    """共通納税機関コード, 5 digits."""
    office: str
    """税務事務所コード, 3 digits."""
    levy_year: int
    """賦課年度."""
    tax_year: int
    """課税年度."""
    instalment: int
    """期別, 0 to 99."""
    due: date
    """納期限."""
    payable_until: date
    """支払期限: after this day the code is refused at the counter."""
    fee_bearer: str = "2"
    """手数料負担区分: 2 = 加入者 (the city)."""
    stamp: str = "0"
    """印紙税要否."""
    account: str = "0" * 11
    """口座番号."""
    item_extension: str = "0" * 5
    eltax_area: str = "0"
    """eLTAX利用領域."""
    office_extension: str = "0" * 7
    extra: str = "0" * 85
    """追加情報2 (tag 80)."""

    def __post_init__(self) -> None:
        """Refuse what would not fit its field, so that a `Demand` can always be written."""
        _ = (self._item_part(), self._office_part(), self.information())
        number("払込金額", _MPN_AT + 13, self.amount, 11)
        digits("口座番号", _MPN_AT + 2, self.account, 11)
        digits("追加情報2", _EXTRA_AT, self.extra, 85)

    def _item_part(self) -> str:
        return (
            digits("手数料負担区分", _MPN_AT + 24, self.fee_bearer, 1)
            + ORGANISATION
            + digits("印紙税要否", _MPN_AT + 30, self.stamp, 1)
            + digits("税目・料金番号", _MPN_AT + 31, self.item, 3)
            + digits("税目・料金番号の拡張", _MPN_AT + 34, self.item_extension, 5)
        )

    def _office_part(self) -> str:
        return (
            digits("eLTAX利用領域", _MPN_AT + 67, self.eltax_area, 1)
            + digits("共通納税機関コード", _MPN_AT + 68, self.institution, 5)
            + digits("税務事務所コード", _MPN_AT + 73, self.office, 3)
            + digits("税務事務所コードの拡張", _MPN_AT + 76, self.office_extension, 7)
        )

    def mpn(self, numbers: "Numbers") -> str:
        """The MPN block (マルチペイメントネットワーク), 83 digits."""
        return (
            numbers.cd1
            + self.account
            + number("払込金額", _MPN_AT + 13, self.amount, 11)
            + self._item_part()
            + numbers.cd2
            + numbers.case_key
            + numbers.confirmation
            + self._office_part()
        )

    def information(self) -> str:
        """Tag 62: the two years, the instalment, the two days; 26 digits."""
        return (
            number("賦課年度", _INFO_AT, self.levy_year, 4)
            + number("課税年度", _INFO_AT + 4, self.tax_year, 4)
            + number("期別", _INFO_AT + 8, self.instalment, 2)
            + day(self.due)
            + day(self.payable_until)
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """What only a numbering authority can give: digit strings, never computed here."""

    cd1: str
    cd2: str
    case_key: str
    """案件特定キー番号, 20 digits."""
    confirmation: str
    """確認番号, 6 digits."""

    def __post_init__(self) -> None:
        """Refuse what would not fit its field."""
        digits("CD1", _MPN_AT, self.cd1, 2)
        digits("CD2", _MPN_AT + 39, self.cd2, 2)
        digits("案件特定キー番号", _MPN_AT + 41, self.case_key, 20)
        digits("確認番号", _MPN_AT + 61, self.confirmation, 6)


@dataclass(frozen=True, slots=True)
class ElQr:
    """A whole eL-QR: the demand and its numbers.

    >>> from datetime import date
    >>> demand = Demand(39500, "127", "44000", "040", 2024, 2024, 0, date(2024, 5, 31), date(2024, 7, 10))
    >>> code = ElQr(demand, Numbers("38", "82", "00000202401010104348", "778284"))
    >>> code.text()[-5:]
    '20201'
    >>> ElQr.parse(code.text()) == code
    True
    """

    demand: Demand
    numbers: Numbers

    def text(self) -> str:
        """The 255 digits, CRC included."""
        merchant = tlv.write("00", ORGANISATION) + tlv.write("01", self.demand.mpn(self.numbers))
        body = (
            tlv.write("00", "01")
            + tlv.write("01", "12")
            + tlv.write("27", merchant)
            + tlv.write("54", number("金額", _AMOUNT_AT, self.demand.amount, 11))
            + tlv.write("62", self.demand.information())
            + tlv.write("80", self.demand.extra)
            + "6305"
        )
        return body + crc16(body)

    @classmethod
    def parse(cls, text: str) -> "ElQr":
        """Read 255 digits; every fault is an `ElQrError` that names field and offset.

        The CRC is checked right after length and alphabet: in a damaged code nothing else can be trusted.

        Raises:
            NotDigitsError, WrongLengthError: not 255 ASCII digits.
            CrcMismatchError: damaged or altered.
            WrongTagError, WrongFixedValueError: another layout, or another organisation's code.
            AmountsDisagreeError: tag 54 is not the amount of the MPN block.
            NoSuchDateError: 納期限 or 支払期限 is no day of the calendar.
        """
        code = Piece.whole("eL-QR", text, LENGTH)
        expected = crc16(text[:_CRC_AT])
        if text[_CRC_AT:] != expected:
            raise CrcMismatchError("CRC", _CRC_AT, expected=expected, found=text[_CRC_AT:])
        form, kind, merchant, amount, information, extra, _crc = tlv.read(code, _OUTER)
        _fixed(form, "01")
        _fixed(kind, "12")
        organisation, mpn = tlv.read(merchant, _INNER)
        _fixed(organisation, ORGANISATION)
        _fixed(mpn.cut("機関ID", 25, 5), ORGANISATION)
        paid = mpn.cut("払込金額", 13, 11)
        if paid.number() != amount.number():
            raise AmountsDisagreeError(
                amount.field, amount.offset, expected=f"{paid.number():,}", found=f"{amount.number():,}"
            )
        return cls(_demand(mpn, information, extra), _numbers(mpn))


def _fixed(piece: Piece, value: str) -> None:
    if piece.text != value:
        raise WrongFixedValueError(piece.field, piece.offset, expected=value, found=piece.text)


def _numbers(mpn: Piece) -> Numbers:
    return Numbers(
        cd1=mpn.text[0:2],
        cd2=mpn.text[39:41],
        case_key=mpn.text[41:61],
        confirmation=mpn.text[61:67],
    )


def _demand(mpn: Piece, information: Piece, extra: Piece) -> Demand:
    return Demand(
        amount=int(mpn.text[13:24]),
        item=mpn.text[31:34],
        institution=mpn.text[68:73],
        office=mpn.text[73:76],
        levy_year=information.cut("賦課年度", 0, 4).number(),
        tax_year=information.cut("課税年度", 4, 4).number(),
        instalment=information.cut("期別", 8, 2).number(),
        due=information.cut("納期限", 10, 8).day(),
        payable_until=information.cut("支払期限", 18, 8).day(),
        fee_bearer=mpn.text[24],
        stamp=mpn.text[30],
        account=mpn.text[2:13],
        item_extension=mpn.text[34:39],
        eltax_area=mpn.text[67],
        office_extension=mpn.text[76:83],
        extra=extra.text,
    )
