import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.registry.codes import (
    CorporateNumberCheckDigitError,
    CorporateNumberLengthError,
    CorporateNumberPersonalError,
    LgCodeCheckDigitError,
    LgCodeError,
    check_corporate_number,
    check_lg_code,
    lg_code_of,
)

municipalities = st.builds(lambda p, m: f"{p:02}{m:03}", st.integers(1, 47), st.integers(100, 999))


@pytest.mark.parametrize("code", ["132012", "131016", "011002", "092011", "271004", "472018", "130001"])
def test_published_codes(code):
    assert check_lg_code(code) == code
    assert lg_code_of(code[:5]) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("13201", "132012"),
        ("１３２０１ー２", "132012"),
        ("92011", "092011"),
        ("11002", "011002"),
        ("9201", "092011"),
        ("01100", "011002"),
    ],
)
def test_codes_as_spreadsheets_leave_them(typed, code):
    assert check_lg_code(typed) == code


@given(municipalities)
def test_one_wrong_digit_is_noticed(five):
    code = lg_code_of(five)
    assert check_lg_code(code) == code == check_lg_code(five)

    wrong = code[:5] + str((int(code[5]) + 1) % 10)
    with pytest.raises(LgCodeCheckDigitError):
        check_lg_code(wrong)


@pytest.mark.parametrize("typed", ["", "132", "1320123", "13a012", "482012", "000000", "130050"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(LgCodeError):
        check_lg_code(typed)


@pytest.mark.parametrize("number", ["8700110005901", "7010001008844", "5835678256246", "2040001999902"])
def test_published_corporate_numbers(number):
    assert check_corporate_number(number) == number
    assert check_corporate_number(f"Ｔ{number[0]}－{number[1:5]}－{number[5:9]} {number[9:]}") == number


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", CorporateNumberLengthError),
        ("870011000590", CorporateNumberPersonalError),
        ("87001100059012", CorporateNumberLengthError),
        ("87001100O5901", CorporateNumberLengthError),
        ("8700110005902", CorporateNumberCheckDigitError),
        ("7800110005901", CorporateNumberCheckDigitError),
        ("1" * 1_000_000, CorporateNumberLengthError),
    ],
)
def test_each_mistake_in_a_corporate_number_has_its_own_message(typed, error):
    with pytest.raises(error) as refused:
        check_corporate_number(typed)

    assert "法人番号" in str(refused.value)


@given(st.integers(0, 12), st.integers(1, 8))
def test_a_mistyped_digit_of_a_corporate_number_is_noticed(place, shift):
    right = "5835678256246"
    digit = (int(right[place]) + shift) % 10
    wrong = right[:place] + str(digit) + right[place + 1 :]

    # Modulo 9 a 0 and a 9 are the same digit: the scheme cannot tell them apart.
    if {right[place], str(digit)} in ({"0", "9"}, {right[place]}):
        return
    with pytest.raises(CorporateNumberCheckDigitError):
        check_corporate_number(wrong)
