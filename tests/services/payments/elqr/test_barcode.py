from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.payments.elqr import (
    CheckDigitMismatchError,
    ElQrError,
    NoSuchDateError,
    NotDigitsError,
    OutOfRangeError,
    StoreBarcode,
    WrongFixedValueError,
    WrongLengthError,
    check_digit,
)

CAR_TAX = "91959919833262024010101043480024071000395003"

barcodes = st.builds(
    StoreBarcode,
    company=st.text(alphabet="0123456789", min_size=6, max_size=6),
    free=st.text(alphabet="0123456789", min_size=21, max_size=21),
    reissue=st.integers(0, 9),
    payable_until=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    stamp=st.booleans(),
    amount=st.integers(0, 999_999),
)


def sealed(body: str) -> str:
    return body + check_digit(body)


@pytest.mark.parametrize(
    ("text", "amount"), [(CAR_TAX, 39_500), ("91959919833262024010101043470024071000435007", 43_500)]
)
def test_published_barcodes_parse_and_are_rebuilt(text, amount):
    barcode = StoreBarcode.parse(text)

    assert barcode.amount == amount
    assert barcode.payable_until == date(2024, 7, 10)
    assert (barcode.company, barcode.reissue, barcode.stamp) == ("959919", 0, False)
    assert barcode.text() == text


def test_readable_form_parts_the_fields():
    assert StoreBarcode.parse(CAR_TAX).readable() == "(91)959919-8332620240101010434800-240710-0-039500-3"


@given(barcodes)
def test_what_is_written_is_read_back_alike(barcode):
    assert StoreBarcode.parse(barcode.text()) == barcode


@given(barcodes, st.integers(0, 43), st.integers(1, 9))
def test_any_changed_digit_is_found(barcode, place, step):
    text = barcode.text()
    other = str((int(text[place]) + step) % 10)

    with pytest.raises(ElQrError):
        StoreBarcode.parse(text[:place] + other + text[place + 1 :])


@given(st.text())
def test_no_text_breaks_the_parser(text):
    with pytest.raises(ElQrError):
        StoreBarcode.parse(text)


@pytest.mark.parametrize(
    ("text", "error", "offset"),
    [
        (CAR_TAX[:-1], WrongLengthError, 43),
        (CAR_TAX + "0", WrongLengthError, 44),
        (CAR_TAX.replace("9", "９", 1), NotDigitsError, 0),
        (CAR_TAX[:-1] + "4", CheckDigitMismatchError, 43),
        (sealed("90" + CAR_TAX[2:-1]), WrongFixedValueError, 0),
        (sealed(CAR_TAX[:36] + "2" + CAR_TAX[37:-1]), WrongFixedValueError, 36),
        (sealed(CAR_TAX[:30] + "230229" + CAR_TAX[36:-1]), NoSuchDateError, 30),
        (sealed(CAR_TAX[:30] + "999999" + CAR_TAX[36:-1]), NoSuchDateError, 30),
    ],
)
def test_each_fault_is_named_with_its_place(text, error, offset):
    with pytest.raises(error) as caught:
        StoreBarcode.parse(text)

    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("company", "day", "amount", "error"),
    [
        ("95991", date(2024, 7, 10), 1, WrongLengthError),
        ("959919", date(2024, 7, 10), 1_000_000, OutOfRangeError),
        ("959919", date(1999, 12, 31), 1, OutOfRangeError),
        ("959919", date(2100, 1, 1), 1, OutOfRangeError),
    ],
)
def test_a_barcode_that_cannot_be_written_is_never_made(company, day, amount, error):
    with pytest.raises(error):
        StoreBarcode(company, "0" * 21, 0, day, False, amount)
