from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.services.applications import numbers

DAY = date(2026, 11, 22)


def test_a_number_names_the_city_the_fiscal_year_and_the_place_in_the_row() -> None:
    assert numbers.write("H", DAY, 123).startswith("H26-000123-")


def test_march_belongs_to_the_year_before() -> None:
    assert numbers.write("H", date(2027, 3, 31), 1).startswith("H26-")
    assert numbers.write("H", date(2027, 4, 1), 1).startswith("H27-")


@pytest.mark.parametrize(
    "typed",
    ["h26-000123-{c}", " H26 000123 {c} ", "Ｈ２６－０００１２３－{c}", "H26ー000123ー{c}", "H26000123{c}"],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    number = numbers.write("H", DAY, 123)

    assert numbers.read(typed.format(c=number[-1])) == number


@given(sequence=st.integers(1, 999_999), place=st.integers(0, 8), shift=st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(sequence: int, place: int, shift: int) -> None:
    number = numbers.write("H", DAY, sequence)
    where = [i for i, ch in enumerate(number) if ch.isdigit()][place]
    wrong = number[:where] + str((int(number[where]) + shift) % 10) + number[where + 1 :]

    assert numbers.read(number) == number
    assert numbers.read(wrong) is None


@pytest.mark.parametrize(
    "typed", ["", "H26-000123", "26-000123-1", "H26-0001234-1", "H26-000123-X", "\x00", "受付番号"]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert numbers.read(typed) is None


@pytest.mark.parametrize("sequence", [0, 1_000_000])
def test_a_sequence_has_six_digits(sequence: int) -> None:
    with pytest.raises(ValueError, match="six digits"):
        numbers.write("H", DAY, sequence)
