"""The DER reader and writer: a round trip, agreement with an independent implementation, and no leniency."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import example, given
from hypothesis import strategies as st

from souto.foundation.identity.jpki import der

ARCS = st.lists(st.integers(0, 2**40), max_size=8)


@given(st.integers(-(2**300), 2**300) | st.integers(-(2**17), 2**17))
@example(0)
@example(-128)
@example(127)
@example(128)
@example(-(2**15))
def test_integers_agree_with_an_independent_writer(value: int) -> None:
    written = der.encode_integer(value)

    assert written == core.Integer(value).dump()
    assert der.integer(der.parse(written)) == value


@given(st.integers(0, 2), st.integers(0, 39), ARCS)
def test_object_identifiers_agree_with_an_independent_writer(first: int, second: int, rest: list[int]) -> None:
    dotted = ".".join(map(str, [first, second, *rest]))

    written = der.encode_oid(dotted)

    assert written == core.ObjectIdentifier(dotted).dump()
    assert der.oid(der.parse(written)) == dotted


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1)))
def test_times_read_back_in_whole_seconds(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)

    assert der.time(der.parse(der.encode_time(moment))) == moment


@given(st.binary(max_size=70000))
def test_lengths_read_back(content: bytes) -> None:
    node = der.parse(der.encode(der.OCTET_STRING, content))

    assert (node.tag, node.content) == (der.OCTET_STRING, content)


@given(st.binary(max_size=60))
def test_what_is_read_is_the_one_encoding_of_itself(data: bytes) -> None:
    try:
        node = der.parse(data)
    except der.MalformedDerError:
        return

    assert der.encode(node.tag, node.content) == data


@given(st.binary(max_size=40), st.sampled_from([der.INTEGER, der.OBJECT_ID, der.UTC_TIME, der.GENERALIZED_TIME, 0x0C]))
def test_any_content_is_a_value_or_malformed(content: bytes, tag: int) -> None:
    node = der.parse(der.encode(tag, content))
    for read in (der.integer, der.oid, der.time, der.utf8):
        try:
            read(node)
        except der.MalformedDerError:
            continue


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",  # indefinite length
        b"\x04\x81\x01a",  # a length not in its shortest form
        b"\x04\x82\x00\x81" + b"a" * 129,
        b"\x04\x85\x00\x00\x00\x00\x01a",
        b"\x1f\x81\x01\x00",  # a tag of several bytes
        b"\x04\x02a",  # cut off
        b"\x04\x01ab",  # something behind it
        b"\x04\x84\xff\xff\xff\xff",
    ],
)
def test_what_is_not_der_is_malformed(data: bytes) -> None:
    with pytest.raises(der.MalformedDerError):
        der.parse(data)


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (der.UTC_TIME, b"261123030000"),
        (der.UTC_TIME, b"2611230300Z"),
        (der.UTC_TIME, b"261323030000Z"),
        (der.UTC_TIME, b"261123030060Z"),
        (der.UTC_TIME, "２61123030000Z".encode()),
        (der.GENERALIZED_TIME, b"261123030000Z"),
        (der.GENERALIZED_TIME, b"20261123030000.5Z"),
        (der.GENERALIZED_TIME, b"00001123030000Z"),
        (der.OCTET_STRING, b"261123030000Z"),
    ],
)
def test_times_in_other_forms_are_malformed(tag: int, content: bytes) -> None:
    with pytest.raises(der.MalformedDerError):
        der.time(der.parse(der.encode(tag, content)))


def test_a_reader_gives_the_elements_in_order_and_knows_its_end() -> None:
    sequence = der.parse(der.encode(der.SEQUENCE, der.encode_integer(1), der.encode(der.NULL)))

    reader = sequence.children()

    assert reader.optional(der.NULL) is None
    assert der.integer(reader.take(der.INTEGER)) == 1
    with pytest.raises(der.MalformedDerError):
        reader.end()
    with pytest.raises(der.MalformedDerError):
        reader.take(der.SET)
    assert reader.take(der.NULL).content == b""
    reader.end()
