"""Tag-length-value (TLV) with two-digit tags and two-digit lengths, as EMV and JPQR MPM write it."""

from collections.abc import Sequence

from souto.services.payments.elqr.digits import Piece
from souto.services.payments.elqr.errors import TrailingCharactersError, WrongLengthError, WrongTagError


def write(tag: str, value: str) -> str:
    """One entry: tag, length of the value, value. A value has at most 99 characters."""
    return f"{tag}{len(value):02d}{value}"


def read(piece: Piece, entries: Sequence[tuple[str, str, int]]) -> list[Piece]:
    """Take ``piece`` apart into exactly these ``entries`` (tag, field name, length of the value), in this order.

    The order is part of the layout: a code is built back byte by byte, so another order is another code.

    Raises:
        WrongTagError: another tag stands there.
        WrongLengthError: the length written is not the layout's, or the piece ends too early.
        TrailingCharactersError: the piece goes on after the last entry.
    """
    found = []
    position = 0
    for tag, field, length in entries:
        head = piece.cut(field, position, 4)
        if head.text[:2] != tag:
            raise WrongTagError(field, head.offset, expected=tag, found=head.text[:2])
        if head.text[2:] != f"{length:02d}":
            raise WrongLengthError(field, head.offset + 2, expected=f"{length:02d}", found=head.text[2:])
        value = piece.cut(field, position + 4, length)
        if len(value.text) != length:
            raise WrongLengthError(field, value.offset, expected=length, found=len(value.text))
        found.append(value)
        position += 4 + length
    if position != len(piece.text):
        raise TrailingCharactersError(piece.field, piece.offset + position)
    return found
