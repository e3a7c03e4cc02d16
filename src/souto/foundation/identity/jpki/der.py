"""A strict reader and a small writer for DER (X.690), the bytes that certificates and signatures are made of.

Strict means: definite lengths in their shortest form, no trailing bytes, one-byte tags. Everything else raises
`MalformedDerError` and nothing but that, whatever the bytes are. Nothing here recurses, so depth cannot exhaust the stack.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from souto.kernel.errors import SoutoError

INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OBJECT_ID: Final = 0x06
UTF8_STRING: Final = 0x0C
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
CONTEXT_0: Final = 0xA0
CONTEXT_1: Final = 0xA1

_LONG_FORM: Final = 0x80
_MAX_LENGTH_OCTETS: Final = 4


class MalformedDerError(SoutoError):
    """The bytes are not the DER structure that was expected."""

    message = "データの形式を読み取れませんでした。ファイルが途中で切れていないか確認してください。"


@dataclass(frozen=True, slots=True)
class Node:
    """One element: its tag (identifier octet), its content octets, and the whole as it stood in the input."""

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> Reader:
        """The elements inside a constructed element, in order."""
        nodes = []
        position = 0
        while position < len(self.content):
            node = _read(self.content, position)
            nodes.append(node)
            position += len(node.raw)
        return Reader(nodes)


class Reader:
    """Takes the elements of a sequence one after the other, each with the tag that must be there."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._next = 0

    def take(self, tag: int) -> Node:
        """The next element, which must carry `tag`."""
        node = self.optional(tag)
        if node is None:
            raise MalformedDerError
        return node

    def optional(self, tag: int) -> Node | None:
        """The next element when it carries `tag`; else None, and nothing is consumed."""
        if self._next < len(self._nodes) and self._nodes[self._next].tag == tag:
            self._next += 1
            return self._nodes[self._next - 1]
        return None

    def rest(self) -> list[Node]:
        """All elements not taken yet."""
        taken = self._nodes[self._next :]
        self._next = len(self._nodes)
        return taken

    def end(self) -> None:
        """There must be nothing more."""
        if self._next != len(self._nodes):
            raise MalformedDerError


def parse(data: bytes) -> Node:
    """The one element that `data` is, with nothing behind it."""
    node = _read(data, 0)
    if len(node.raw) != len(data):
        raise MalformedDerError
    return node


def _read(data: bytes, start: int) -> Node:
    if start + 2 > len(data):
        raise MalformedDerError
    tag, length, position = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F:
        raise MalformedDerError
    if length >= _LONG_FORM:
        octets = length - _LONG_FORM
        if not 1 <= octets <= _MAX_LENGTH_OCTETS or position + octets > len(data):
            raise MalformedDerError
        length = int.from_bytes(data[position : position + octets], "big")
        shortest = length >= _LONG_FORM and length.bit_length() > 8 * (octets - 1)
        if not shortest:
            raise MalformedDerError
        position += octets
    if position + length > len(data):
        raise MalformedDerError
    return Node(tag, data[position : position + length], data[start : position + length])


def oid(node: Node) -> str:
    """The dotted text of an OBJECT IDENTIFIER."""
    content = node.content
    if node.tag != OBJECT_ID or not content or content[-1] & 0x80:
        raise MalformedDerError
    arcs: list[int] = []
    value = 0
    starts = True
    for octet in content:
        if starts and octet == _LONG_FORM:
            raise MalformedDerError
        value = value << 7 | octet & 0x7F
        starts = not octet & 0x80
        if starts:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def integer(node: Node) -> int:
    """The value of an INTEGER."""
    content = node.content
    if node.tag != INTEGER or not content:
        raise MalformedDerError
    padded = len(content) > 1 and (
        (content[0] == 0 and content[1] < _LONG_FORM) or (content[0] == 0xFF and content[1] >= _LONG_FORM)
    )
    if padded:
        raise MalformedDerError
    return int.from_bytes(content, "big", signed=True)


def time(node: Node) -> datetime:
    """The moment of a UTCTime or GeneralizedTime in the DER form: seconds given, `Z`, no fraction (RFC 5280, 4.1.2.5)."""
    try:
        text = node.content.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedDerError from None
    digits, year_digits = text[:-1], {UTC_TIME: 2, GENERALIZED_TIME: 4}.get(node.tag, 0)
    if not year_digits or text[-1:] != "Z" or not digits.isdigit() or len(digits) != year_digits + 10:
        raise MalformedDerError
    year = int(digits[:year_digits])
    if node.tag == UTC_TIME:
        year += 2000 if year < 50 else 1900
    fields = [int(digits[i : i + 2]) for i in range(year_digits, len(digits), 2)]
    try:
        return datetime(year, *fields, tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        raise MalformedDerError from None


def utf8(node: Node) -> str:
    """The text of a UTF8String."""
    if node.tag != UTF8_STRING:
        raise MalformedDerError
    try:
        return node.content.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedDerError from None


def encode(tag: int, *parts: bytes) -> bytes:
    """One element with `tag` around `parts` as they stand."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG_FORM:
        return bytes([tag, size]) + content
    octets = (size.bit_length() + 7) // 8
    return bytes([tag, _LONG_FORM | octets]) + size.to_bytes(octets, "big") + content


def encode_set_of(*parts: bytes) -> bytes:
    """A SET OF: its elements in ascending order of their encodings, as DER asks (X.690, 11.6)."""
    return encode(SET, *sorted(parts))


def encode_oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its dotted text."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    octets = bytearray()
    for arc in (40 * first + second, *rest):
        group = [arc & 0x7F]
        while arc := arc >> 7:
            group.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(group))
    return encode(OBJECT_ID, bytes(octets))


def encode_integer(value: int) -> bytes:
    """An INTEGER in its shortest form."""
    magnitude = value if value >= 0 else ~value
    return encode(INTEGER, value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True))


def encode_time(moment: datetime) -> bytes:
    """UTCTime up to 2049, GeneralizedTime after, whole seconds (RFC 5652, 11.3). `moment` carries a time zone."""
    utc = moment.astimezone(UTC)
    if 1950 <= utc.year < 2050:
        return encode(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode("ascii"))
    return encode(GENERALIZED_TIME, utc.strftime("%Y%m%d%H%M%SZ").encode("ascii"))
