"""What an operator types while somebody is on the telephone."""

from __future__ import annotations

from datetime import date

import pytest

from souto.services.transit import typed
from souto.services.transit.definition import ServiceDefinition
from tests.services.transit import service

SATURDAY = date(2026, 11, 28)
SOUTH = ServiceDefinition.model_validate(service.BODY)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1430", 52_200),
        ("14:30", 52_200),
        ("１４：３０", 52_200),
        ("14時30分", 52_200),
        ("14時", 50_400),
        ("830", 30_600),
        ("9", 32_400),
        ("25:10", 90_600),
        (" ", None),
    ],
)
def test_a_time_is_read_however_it_is_typed(text: str, seconds: int | None) -> None:
    assert typed.time_of(text) == seconds


@pytest.mark.parametrize("text", ["14:61", "2460", "3000", "12345", "昼", "1430分"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(typed.TimeUnreadableError):
        typed.time_of(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", SATURDAY),
        ("明日", date(2026, 11, 29)),
        ("あさって", date(2026, 11, 30)),
        ("火", date(2026, 12, 1)),
        ("火曜日", date(2026, 12, 1)),
        ("土", date(2026, 12, 5)),
        ("日", date(2026, 11, 29)),
        ("3日", date(2026, 12, 3)),
        ("12/3", date(2026, 12, 3)),
        ("1203", date(2026, 12, 3)),
        ("１２月３日", date(2026, 12, 3)),
        ("28", SATURDAY),
        ("1/5", date(2027, 1, 5)),
    ],
)
def test_a_day_is_the_next_of_its_name(text: str, day: date) -> None:
    assert typed.day_of(text, today=SATURDAY) == day


@pytest.mark.parametrize("text", ["2/30", "13/1", "いつか", "12/3/4"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(typed.DayUnreadableError):
        typed.day_of(text, today=SATURDAY)


@pytest.mark.parametrize("text", ["042-620-0000", "０４２−６２０−００００", "(042) 620 0000", "+81 42-620-0000"])
def test_a_number_is_the_same_however_it_is_written(text: str) -> None:
    assert typed.phone_digits(text) == "0426200000"


@pytest.mark.parametrize("text", ["", "620-0000", "042-620-000000", "42 620 0000 0", "abc"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(typed.PhoneUnreadableError):
        typed.phone_digits(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hall", "hall"),
        ("cli", "clinic"),
        ("しやく", "hall"),
        ("ｼﾔｸ", "hall"),
        ("駅", "station"),
        ("びょう", "clinic"),
        ("市", None),
    ],
)
def test_a_stop_is_read_by_code_reading_or_name_where_it_can_be_one_only(text: str, code: str | None) -> None:
    found = typed.stop_of(SOUTH, text)

    assert (found.code if found else None) == code


def test_stops_that_begin_with_it_come_before_those_that_hold_it() -> None:
    assert [stop.code for stop in typed.stops_like(SOUTH, "い")] == ["market", "clinic"]
    assert [stop.code for stop in typed.stops_like(SOUTH, "市")] == ["market", "hall"]
    assert [stop.code for stop in typed.stops_like(SOUTH, "ば")] == ["market"]
    assert typed.stops_like(SOUTH, "") == []
