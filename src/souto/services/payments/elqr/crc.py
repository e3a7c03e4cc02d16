"""CRC-16/CCITT-FALSE as the eL-QR prints it: five decimal digits."""

from binascii import crc_hqx


def crc16(text: str) -> str:
    """The CRC of ``text`` (ASCII): polynomial 0x1021, start 0xFFFF, not reflected, no final XOR; five digits.

    >>> crc16("123456789")
    '10673'
    """
    return f"{crc_hqx(text.encode('ascii'), 0xFFFF):05d}"
