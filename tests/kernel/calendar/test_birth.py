from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.kernel.calendar import BirthDateUnreadableError, Era, PartialDate, age_on, legal_age_day

days = st.dates(min_value=date(1873, 1, 1), max_value=date(2100, 12, 31))


@given(days, st.integers(1, 3))
def test_partial_dates_survive_storage_and_the_card(day, known):
    partial = PartialDate(*(day.year, day.month, day.day)[:known])

    assert PartialDate.parse(str(partial)) == partial
    back = PartialDate.from_jpki(partial.to_jpki())
    assert (back.year, back.month, back.day) == (partial.year, partial.month, partial.day)
    assert partial.earliest <= day <= partial.latest


@pytest.mark.parametrize(
    ("digits", "stored", "text"),
    [
        ("319801231", "1980-12-31", "1980年（昭和55年）12月31日"),
        ("319800500", "1980-05", "1980年（昭和55年）5月（日は不詳）"),
        ("319800000", "1980", "1980年（昭和55年）（月日は不詳）"),
        ("319890000", "1989", "1989年（昭和64年）（月日は不詳）"),
        ("419890000", "1989", "1989年（平成元年）（月日は不詳）"),
        ("000000000", "", "不詳"),
    ],
)
def test_birth_dates_of_the_card(digits, stored, text):
    birth = PartialDate.from_jpki(digits)

    assert str(birth) == stored
    assert birth.text == text
    assert birth.to_jpki() == digits


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "31980123",
        "3198012311",
        "619801231",
        "３１９８０１２３１",
        "319801331",
        "319800230",
        "319800012",
        "300000512",
        "519801231",
    ],
)
def test_unknown_shapes_go_to_a_person(digits):
    with pytest.raises(BirthDateUnreadableError):
        PartialDate.from_jpki(digits)


@pytest.mark.parametrize("parts", [(None, 5, None), (1980, None, 3), (1981, 2, 29), (1980, 0, None), (0, None, None)])
def test_dates_that_never_were_are_refused(parts):
    with pytest.raises(BirthDateUnreadableError):
        PartialDate(*parts)


def test_the_stated_era_is_kept_only_where_it_can_be_true():
    assert PartialDate(1989, era=Era.SHOWA).to_jpki() == "319890000"
    assert PartialDate(1989).to_jpki() == "019890000"
    with pytest.raises(BirthDateUnreadableError):
        PartialDate(1989, 1, 8, Era.SHOWA)


def test_the_age_of_a_partly_known_birth_date_is_a_span():
    assert PartialDate(1980).ages_on(date(2026, 6, 1)) == (45, 46)
    assert PartialDate(1980, 5, 12).ages_on(date(2026, 6, 1)) == (46, 46)
    assert PartialDate().ages_on(date(2026, 6, 1)) is None


@given(days, days)
def test_a_partial_age_contains_the_real_one(birth, on):
    youngest, oldest = PartialDate(birth.year, birth.month).ages_on(on)

    assert youngest <= age_on(birth, on) <= oldest


def test_ages():
    assert age_on(date(2008, 11, 23), date(2026, 11, 22)) == 17
    assert age_on(date(2008, 11, 23), date(2026, 11, 23)) == 18
    assert age_on(date(2004, 2, 29), date(2026, 2, 28)) == 21
    assert age_on(date(2004, 2, 29), date(2026, 3, 1)) == 22


def test_in_law_an_age_is_reached_the_day_before_the_birthday():
    assert legal_age_day(date(2020, 4, 1), 6) == date(2026, 3, 31)
    assert legal_age_day(date(2020, 4, 2), 6) == date(2026, 4, 1)
    assert legal_age_day(date(2004, 2, 29), 22) == date(2026, 2, 28)
