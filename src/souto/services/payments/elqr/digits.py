"""Fixed-width digit fields: reading with the place of every fault, writing with the same limits."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from souto.services.payments.elqr.errors import NoSuchDateError, NotDigitsError, OutOfRangeError, WrongLengthError

_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a code: ``text`` (digits), ``offset`` of its first character in the whole code, ``field`` name."""

    field: str
    offset: int
    text: str

    @classmethod
    def whole(cls, field: str, text: str, length: int) -> Self:
        """``text`` as a piece of exactly ``length`` ASCII digits.

        Raises:
            NotDigitsError: names the first character that is none.
            WrongLengthError: its offset is where the text ends, or should have ended.
        """
        _only_digits(field, 0, text)
        if len(text) != length:
            raise WrongLengthError(field, min(len(text), length), expected=length, found=len(text))
        return cls(field, 0, text)

    def cut(self, field: str, start: int, length: int) -> "Piece":
        """The ``length`` characters from ``start`` of this piece, under a name of their own."""
        return Piece(field, self.offset + start, self.text[start : start + length])

    def number(self) -> int:
        """The piece as an integer."""
        return int(self.text)

    def day(self, century: str = "") -> date:
        """``YYYYMMDD``, or ``YYMMDD`` with the two digits before it, as a date.

        Raises:
            NoSuchDateError: the calendar has no such day.
        """
        text = century + self.text
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            raise NoSuchDateError(self.field, self.offset, found=self.text) from None


def _only_digits(field: str, offset: int, text: str) -> None:
    for index, character in enumerate(text):
        if character not in _DIGITS:
            raise NotDigitsError(field, offset + index, codepoint=f"U+{ord(character):04X}")


def digits(field: str, offset: int, text: str, length: int) -> str:
    """Check a value that will be written as it is.

    Raises:
        WrongLengthError: not exactly ``length`` characters.
        NotDigitsError: a character other than 0 to 9.
    """
    if len(text) != length:
        raise WrongLengthError(field, offset, expected=length, found=len(text))
    _only_digits(field, offset, text)
    return text


def number(field: str, offset: int, value: int, length: int) -> str:
    """``value`` in ``length`` digits, zeros in front.

    Raises:
        OutOfRangeError: negative, or more digits than the field has.
    """
    if not 0 <= value < 10**length:
        raise OutOfRangeError(field, offset, lowest=0, highest=f"{10**length - 1:,}", found=f"{value:,}")
    return f"{value:0{length}d}"


def day(value: date) -> str:
    """A date as ``YYYYMMDD``."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"
