"""What can be wrong with an eL-QR or a convenience-store barcode: one class a fault, each with field and offset."""

from souto.kernel.errors import SoutoError


class ElQrError(SoutoError):
    """A code that this engine will not accept or will not write.

    ``field`` is the Japanese name of the field as the standard calls it; ``offset`` counts characters from the start of
    the whole code, beginning with 0. The message gives the position as a person counts, from 1.
    """

    message = "%(part)s（先頭から%(position)s文字目）を読み取れません。"

    def __init__(self, field: str, offset: int, **params: object) -> None:
        self.offset = offset
        super().__init__(None, field=field, part=field, position=offset + 1, **params)


class WrongLengthError(ElQrError):
    """The code, or a field of it, has too few or too many characters."""

    message = "%(part)s（先頭から%(position)s文字目）: %(expected)s桁のところ、%(found)s桁です。"


class TrailingCharactersError(ElQrError):
    """Something stands after the last entry of a block."""

    message = "%(part)s（先頭から%(position)s文字目）: 最後の項目のあとに余分な文字があります。"


class NotDigitsError(ElQrError):
    """A character other than the ASCII digits 0 to 9; full-width digits are not folded, they are refused."""

    message = "%(part)s（先頭から%(position)s文字目）: 半角数字ではない文字（%(codepoint)s）があります。"


class WrongTagError(ElQrError):
    """Another tag stands where the layout has this one."""

    message = "%(part)s（先頭から%(position)s文字目）: タグ%(expected)sのところ、「%(found)s」です。"


class WrongFixedValueError(ElQrError):
    """A field whose value the standard fixes has another one."""

    message = "%(part)s（先頭から%(position)s文字目）: 「%(expected)s」のところ、「%(found)s」です。"


class NoSuchDateError(ElQrError):
    """Eight (or six) digits that are no day of the calendar."""

    message = "%(part)s（先頭から%(position)s文字目）: 暦にない日付です（%(found)s）。"


class OutOfRangeError(ElQrError):
    """A number or day that does not fit its field."""

    message = "%(part)s（先頭から%(position)s文字目）: %(lowest)sから%(highest)sまでにしてください（%(found)s）。"


class AmountsDisagreeError(ElQrError):
    """Tag 54 and the MPN block name different amounts."""

    message = "%(part)s（先頭から%(position)s文字目）: MPNの払込金額（%(expected)s円）と違います（%(found)s円）。"


class CrcMismatchError(ElQrError):
    """The CRC does not belong to the characters before it: the code was damaged or altered."""

    message = "%(part)s（先頭から%(position)s文字目）: 計算した値（%(expected)s）と違います（%(found)s）。"


class CheckDigitMismatchError(ElQrError):
    """The last digit of the barcode does not belong to the 43 before it."""

    message = "%(part)s（先頭から%(position)s文字目）: 計算した値（%(expected)s）と違います（%(found)s）。"


class SpecimenMarkMissingError(SoutoError):
    """Somebody asked for the code of a specimen (見本) without printing the 見本 mark beside it."""

    message = "見本の番号で作った納付書です。「見本」の表示を付けずに印字することはできません。"


class SpecimenDeclaredRealError(SoutoError):
    """A slip with specimen numbers was declared to come from a real numbering authority."""

    message = "見本の番号を、実際の採番機関の番号として扱うことはできません。"
