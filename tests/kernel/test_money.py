import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.money import (
    MAX_YEN,
    AmountFractionError,
    AmountNegativeError,
    AmountTooLargeError,
    AmountUnreadableError,
    Yen,
    format_yen,
    parse_yen,
    prose_yen,
)

amounts = st.integers(min_value=0, max_value=MAX_YEN)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12345", 12345),
        ("１２，３４５円", 12345),
        ("12、345", 12345),
        ("￥12,345", 12345),
        ("¥ 300", 300),
        ("　500 円 ", 500),
        ("金5万円也", 50_000),
        ("金壱万円也", 10_000),
        ("五千円", 5_000),
        ("二十三万四千円", 234_000),
        ("1億2,300万円", 123_000_000),
        ("1万5千", 15_000),
        ("千円", 1_000),
        ("1万2345円", 12_345),
        ("0円", 0),
        ("300JPY", 300),
    ],
)
def test_amounts_as_people_type_them(text, amount):
    assert parse_yen(text) == amount


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", AmountUnreadableError),
        ("円", AmountUnreadableError),
        ("万円", AmountUnreadableError),
        ("1,23", AmountUnreadableError),
        ("1,2345", AmountUnreadableError),
        ("1万20000", AmountUnreadableError),
        ("1万2億", AmountUnreadableError),
        ("1 億万", AmountUnreadableError),
        ("12a", AmountUnreadableError),
        ("1e5", AmountUnreadableError),
        ("12\x00", AmountUnreadableError),
        ("9" * 10_000_000, AmountUnreadableError),
        ("12.5", AmountFractionError),
        ("１２．０", AmountFractionError),
        ("9" * 16, AmountTooLargeError),
        ("9,999,999,999,999,999", AmountTooLargeError),
        ("1000兆", AmountTooLargeError),
        ("-1", AmountNegativeError),
        ("▲500円", AmountNegativeError),
    ],
)
def test_what_is_no_amount_is_refused(text, error):
    with pytest.raises(error):
        parse_yen(text)


@given(amounts)
def test_what_is_written_is_read_back(amount):
    assert parse_yen(format_yen(amount)) == amount
    assert parse_yen(prose_yen(amount)) == amount


@given(st.integers(min_value=-MAX_YEN, max_value=MAX_YEN))
def test_negative_amounts_where_a_ledger_needs_them(amount):
    assert parse_yen(format_yen(amount), allow_negative=True) == amount
    assert parse_yen(prose_yen(amount), allow_negative=True) == amount


@given(st.text(max_size=50))
def test_any_text_gives_an_amount_or_a_refusal(text):
    try:
        amount = parse_yen(text)
    except (AmountUnreadableError, AmountFractionError, AmountNegativeError, AmountTooLargeError):
        return
    assert type(amount) is int
    assert 0 <= amount <= MAX_YEN


def test_writing():
    assert format_yen(Yen(12345)) == "12,345円"
    assert format_yen(Yen(-500)) == "-500円"
    assert prose_yen(Yen(123_000_000)) == "1億2,300万円"
    assert prose_yen(Yen(0)) == "0円"
    assert prose_yen(Yen(10_000)) == "1万円"
    assert prose_yen(Yen(-12_345)) == "-1万2,345円"
