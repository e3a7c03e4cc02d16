"""Birth dates: whole ones are days, partial ones stay partial, and what never was is not read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souto.foundation.identity.jpki import BirthDate, Era, Precision

PARTS = st.sampled_from(["00", "01", "02", "04", "12", "13", "28", "29", "30", "31", "32", "99"])


@given(st.dates(min_value=date(1868, 1, 25)))
def test_a_known_day_reads_back(day: date) -> None:
    written = BirthDate.of(day)

    assert written.exact == day
    assert BirthDate.parse(written.raw) == written
    assert not written.contradicts(day)


@given(st.text(max_size=12) | st.text("0123456789", min_size=9, max_size=9))
def test_any_text_reads_without_error_and_is_kept(raw: str) -> None:
    birth = BirthDate.parse(raw)

    assert birth.raw == raw
    assert (birth.exact is not None) is (birth.precision is Precision.EXACT)
    if birth.exact:
        assert f"{birth.exact.year:04d}{birth.exact:%m%d}" == raw[1:]


@given(st.sampled_from("012345"), st.sampled_from(["0000", "1900", "1985", "1989", "2000", "2020"]), PARTS, PARTS)
def test_no_part_is_ever_filled_in(era: str, year: str, month: str, day: str) -> None:
    birth = BirthDate.parse(era + year + month + day)

    if birth.precision is Precision.UNREADABLE:
        assert (birth.year, birth.month, birth.day) == (None, None, None)
    else:
        assert (birth.year or 0, birth.month or 0, birth.day or 0) == (int(year), int(month), int(day))
        assert (birth.precision is Precision.EXACT) is (year != "0000" and "00" not in (month, day))


@pytest.mark.parametrize(
    ("raw", "era", "exact"),
    [
        ("319801231", Era.SHOWA, date(1980, 12, 31)),
        ("319890107", Era.SHOWA, date(1989, 1, 7)),
        ("419890108", Era.HEISEI, date(1989, 1, 8)),
        ("420190430", Era.HEISEI, date(2019, 4, 30)),
        ("520190501", Era.REIWA, date(2019, 5, 1)),
        ("119120730", Era.MEIJI, date(1912, 7, 30)),
        ("219120730", Era.TAISHO, date(1912, 7, 30)),
        ("219261225", Era.TAISHO, date(1926, 12, 25)),
        ("319261225", Era.SHOWA, date(1926, 12, 25)),
        ("020000229", Era.UNKNOWN, date(2000, 2, 29)),
    ],
)
def test_days_at_the_edges_of_eras(raw: str, era: Era, exact: date) -> None:
    birth = BirthDate.parse(raw)

    assert (birth.era, birth.exact) == (era, exact)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "31980123",
        "3198012310",
        "３19801231",
        "3 9801231",
        "-19801231",
        "619801231",  # no such era
        "319250229",  # 1925 had no 29 February, and was 大正
        "319810229",
        "319801301",
        "319800431",
        "319890108",  # the first day of 平成
        "419890107",
        "520190430",
        "219261226",
        "118671231",
        "319900000",  # 昭和 ended in 1989
        "000001332",
        "000000230",
    ],
)
def test_dates_that_never_were_are_unreadable(raw: str) -> None:
    birth = BirthDate.parse(raw)

    assert birth.precision is Precision.UNREADABLE
    assert birth.exact is None
    assert not birth.contradicts(date(1980, 12, 31))


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("319800000", (1980, None, None)),
        ("319801200", (1980, 12, None)),
        ("319800031", (1980, None, 31)),
        ("300001231", (None, 12, 31)),
        ("300000229", (None, 2, 29)),
        ("000000000", (None, None, None)),
        ("319890000", (1989, None, None)),
        ("419890000", (1989, None, None)),
    ],
)
def test_partial_dates_stay_partial(raw: str, parts: tuple[int | None, int | None, int | None]) -> None:
    birth = BirthDate.parse(raw)

    assert birth.precision is Precision.PARTIAL
    assert (birth.year, birth.month, birth.day) == parts
    assert birth.exact is None
