import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.text import from_kanji_number, to_kanji_number


@given(st.integers(min_value=1, max_value=9999))
def test_numbers_survive_kanji(value):
    assert from_kanji_number(to_kanji_number(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二十一", 21),
        ("一〇", 10),
        ("百", 100),
        ("千二", 1002),
        ("二〇二六", 2026),
        ("弐", 2),
        ("〇", 0),
        ("一千", 1000),
    ],
)
def test_numbers_as_towns_and_dates_write_them(text, value):
    assert from_kanji_number(text) == value


@pytest.mark.parametrize("text", ["", "十十", "百千", "二二十", "十〇", "町", "1", "一" * 5])
def test_what_is_no_number_is_none(text):
    assert from_kanji_number(text) is None


@pytest.mark.parametrize("value", [0, -1, 10_000])
def test_kanji_stop_at_9999(value):
    with pytest.raises(ValueError, match=r"9,999"):
        to_kanji_number(value)
