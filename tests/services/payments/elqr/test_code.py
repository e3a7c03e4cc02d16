from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.payments.elqr import (
    AmountsDisagreeError,
    CrcMismatchError,
    Demand,
    ElQr,
    ElQrError,
    NoSuchDateError,
    NotDigitsError,
    Numbers,
    OutOfRangeError,
    WrongFixedValueError,
    WrongLengthError,
    WrongTagError,
    crc16,
)
from tests.services.payments.elqr.samples import vectors

CODE = ElQr(
    Demand(39500, "127", "44000", "040", 2024, 2024, 0, date(2024, 5, 31), date(2024, 7, 10)),
    Numbers("38", "82", "00000202401010104348", "778284"),
)


def digit_strings(length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=length, max_size=length)


codes = st.builds(
    ElQr,
    st.builds(
        Demand,
        amount=st.integers(0, 99_999_999_999),
        item=digit_strings(3),
        institution=digit_strings(5),
        office=digit_strings(3),
        levy_year=st.integers(0, 9999),
        tax_year=st.integers(0, 9999),
        instalment=st.integers(0, 99),
        due=st.dates(),
        payable_until=st.dates(),
        fee_bearer=digit_strings(1),
        stamp=digit_strings(1),
        account=digit_strings(11),
        item_extension=digit_strings(5),
        eltax_area=digit_strings(1),
        office_extension=digit_strings(7),
        extra=digit_strings(85),
    ),
    st.builds(Numbers, digit_strings(2), digit_strings(2), digit_strings(20), digit_strings(6)),
)


def resealed(text: str) -> str:
    """The code with a CRC that fits again, as a forger or a faulty writer would leave it."""
    return text[:250] + crc16(text[:250])


def put(text: str, offset: int, value: str) -> str:
    return text[:offset] + value + text[offset + len(value) :]


@pytest.mark.parametrize("vector", vectors())
def test_samples_we_did_not_write_parse_and_are_rebuilt_byte_by_byte(vector):
    code = ElQr.parse(vector["qr"])

    demand = code.demand
    assert demand.amount == vector["amount"]
    assert (demand.institution, demand.office, demand.item) == (vector["kikan"], vector["office"], vector["zeimoku"])
    assert (code.numbers.case_key, code.numbers.confirmation) == (vector["anken"], vector["kakunin"])
    assert (demand.levy_year, demand.tax_year) == (int(vector["fukanendo"]), int(vector["kazeinendo"]))
    assert demand.instalment == int(vector["kibetsu"])
    assert f"{demand.due:%Y%m%d}" == vector["nokigen"]
    assert f"{demand.payable_until:%Y%m%d}" == vector["shiharaikigen"]
    rebuilt = ElQr(
        Demand(
            amount=vector["amount"],
            item=vector["zeimoku"],
            institution=vector["kikan"],
            office=vector["office"],
            levy_year=2024,
            tax_year=2024,
            instalment=0,
            due=date(2024, 5, 31),
            payable_until=date(2024, 7, 10),
        ),
        Numbers(code.numbers.cd1, code.numbers.cd2, vector["anken"], vector["kakunin"]),
    )
    assert rebuilt.text() == vector["qr"]
    assert rebuilt.text()[250:] == vector["crc"]


def test_crc_is_the_published_ccitt_false():
    assert crc16("123456789") == "10673"


@given(codes)
def test_what_is_written_is_read_back_alike(code):
    text = code.text()

    assert len(text) == 255
    assert set(text) <= set("0123456789")
    assert ElQr.parse(text) == code


@given(codes, st.integers(0, 254), st.integers(1, 9))
def test_any_changed_digit_is_found(code, place, step):
    text = code.text()
    other = str((int(text[place]) + step) % 10)

    with pytest.raises(ElQrError):
        ElQr.parse(put(text, place, other))


@given(codes, st.integers(0, 253))
def test_two_neighbours_swapped_are_found(code, place):
    text = code.text()
    swapped = put(text, place, text[place + 1] + text[place])

    if swapped != text:
        with pytest.raises(ElQrError):
            ElQr.parse(swapped)


@given(st.text())
def test_no_text_breaks_the_parser(text):
    with pytest.raises(ElQrError):
        ElQr.parse(text)


@pytest.mark.parametrize("stranger", ["５", "٣", "²", "①", " ", "\0", "-", "O"])
def test_only_ascii_digits_are_digits(stranger):
    with pytest.raises(NotDigitsError) as caught:
        ElQr.parse(put(CODE.text(), 70, stranger))

    assert caught.value.offset == 70
    assert "71文字目" in str(caught.value)


@pytest.mark.parametrize("length", [0, 1, 254, 256, 510])
def test_length_is_exact(length):
    with pytest.raises(WrongLengthError) as caught:
        ElQr.parse((CODE.text() * 2)[:length])

    assert caught.value.offset == min(length, 255)


@pytest.mark.parametrize(
    ("offset", "value", "error", "field", "where"),
    [
        (0, "99", WrongTagError, "ペイロード形式", 0),
        (2, "03", WrongLengthError, "ペイロード形式", 2),
        (4, "02", WrongFixedValueError, "ペイロード形式", 4),
        (10, "11", WrongFixedValueError, "コード区分", 10),
        (12, "26", WrongTagError, "加盟店情報", 12),
        (20, "13801", WrongFixedValueError, "決済機構", 20),
        (27, "82", WrongLengthError, "MPN", 27),
        (54, "13801", WrongFixedValueError, "機関ID", 54),
        (126, "1", AmountsDisagreeError, "金額", 116),
        (141, "20240532", NoSuchDateError, "納期限", 141),
        (149, "20230229", NoSuchDateError, "支払期限", 149),
        (149, "00000000", NoSuchDateError, "支払期限", 149),
        (246, "64", WrongTagError, "CRC", 246),
        (248, "06", WrongLengthError, "CRC", 248),
    ],
)
def test_a_fault_under_a_fitting_crc_is_named_with_its_place(offset, value, error, field, where):
    forged = resealed(put(CODE.text(), offset, value))

    with pytest.raises(error) as caught:
        ElQr.parse(forged)

    assert (caught.value.field, caught.value.offset) == (field, where)


def test_a_crc_of_another_code_is_found():
    with pytest.raises(CrcMismatchError) as caught:
        ElQr.parse(put(CODE.text(), 250, "99999"))

    assert caught.value.offset == 250


@pytest.mark.parametrize(
    ("change", "error", "offset"),
    [
        ({"amount": -1}, OutOfRangeError, 42),
        ({"amount": 10**11}, OutOfRangeError, 42),
        ({"instalment": 100}, OutOfRangeError, 139),
        ({"levy_year": 10_000}, OutOfRangeError, 131),
        ({"item": "12"}, WrongLengthError, 60),
        ({"item": "12７"}, NotDigitsError, 62),
        ({"extra": "0" * 84}, WrongLengthError, 161),
        ({"account": "x" * 11}, NotDigitsError, 31),
    ],
)
def test_a_demand_that_cannot_be_written_is_never_made(change, error, offset):
    with pytest.raises(error) as caught:
        replace(CODE.demand, **change)

    assert caught.value.offset == offset


def test_numbers_that_cannot_be_written_are_never_made():
    with pytest.raises(WrongLengthError) as caught:
        Numbers("38", "82", "0" * 19, "778284")

    assert caught.value.field == "案件特定キー番号"
