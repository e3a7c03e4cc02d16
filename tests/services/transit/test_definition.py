"""A service as data: what is read, and what contradicts itself."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from souto.services.transit import calendar, contradictions
from souto.services.transit import definition as definitions
from souto.services.transit.definition import RiderClass, ServiceDefinition
from tests.services.transit.service import BODY, text

CITY = Path(__file__).resolve().parents[3] / "cities" / "hachioji" / "transit"


def made(**parts: Any) -> ServiceDefinition:
    return definitions.load(text(**parts))


def vehicle(**parts: Any) -> list[dict[str, Any]]:
    return [{**deepcopy(BODY["vehicles"][0]), **parts}]


def test_a_body_reads_back_as_the_same_definition() -> None:
    read = made()

    assert ServiceDefinition.model_validate(read.body()) == read
    assert definitions.body_hash(read.body()) == definitions.body_hash(made().body())
    assert read.hours.opens == 7 * 3600


@pytest.mark.parametrize("path", sorted(CITY.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_services_of_the_city_can_be_published(path: Path) -> None:
    read = definitions.load(path.read_text("utf-8"))

    assert contradictions.problems(read) == []
    assert "見本" in read.name["ja"], "no such service has been decided"


@pytest.mark.parametrize("time", ["25", "8:60", "30:00", "朝", "-1:00", 108_000, True])
def test_a_time_that_is_none_is_refused(time: object) -> None:
    with pytest.raises(definitions.DefinitionUnreadableError, match="時刻"):
        made(hours={**BODY["hours"], "opens": time})


def test_text_that_is_no_yaml_and_fields_that_nobody_knows_are_refused() -> None:
    with pytest.raises(definitions.DefinitionUnreadableError):
        definitions.load("[unclosed")
    with pytest.raises(definitions.DefinitionUnreadableError, match="speed"):
        made(speed=3)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"stops": BODY["stops"][:2]}, "3か所以上"),
        ({"stops": [*BODY["stops"], BODY["stops"][0]]}, "hall が2か所"),
        ({"stops": [*BODY["stops"], {**BODY["stops"][0], "code": "sea", "lat": 35.0}]}, "（sea）は区域の外"),
        ({"zone": [[35.7, 139.2], [35.6, 139.4], [35.7, 139.4], [35.6, 139.2]]}, "交わらない"),
        ({"name": {"ja": "南部"}}, "運行の名前（英語）"),
        ({"hours": {**BODY["hours"], "opens": "21:00"}}, "運行の終わり"),
        ({"vehicles": []}, "車両がありません"),
        ({"vehicles": vehicle(depot="moon")}, "場所 moon"),
        ({"vehicles": vehicle(begins="21:00")}, "勤務の終わり"),
        ({"vehicles": vehicle(layouts=[{"seat": 0}])}, "座席がありません"),
        (
            {"vehicles": vehicle(breaks=[{"earliest": "20:00", "latest": "20:15", "minutes": 45}])},
            "勤務の時間に入りません",
        ),
        (
            {
                "vehicles": vehicle(
                    breaks=[
                        {"earliest": "10:00", "latest": "12:00", "minutes": 60},
                        {"earliest": "11:00", "latest": "12:30", "minutes": 60},
                    ]
                )
            },
            "休憩が重なります",
        ),
        ({"booking": {**BODY["booking"], "search_minutes": 5}}, "お約束の時間の幅"),
    ],
)
def test_contradictions_are_named(parts: dict[str, Any], words: str) -> None:
    assert any(words in problem for problem in contradictions.problems(made(**parts)))


def test_a_sound_definition_has_no_problems() -> None:
    assert contradictions.problems(made()) == []


def test_a_fare_adds_up_whole_yen() -> None:
    fares = made().fares

    assert fares.of({RiderClass.ADULT: 2, RiderClass.CHILD: 1, RiderClass.INFANT: 1}) == 750
    assert fares.of({}) == 0


def test_closed_days_have_a_reason() -> None:
    hours = made(
        hours={
            "opens": "7:00",
            "closes": "20:00",
            "weekdays": ["mon", "wed"],
            "closed": [date(2026, 12, 30)],
            "closed_on_holidays": True,
        }
    ).hours

    assert calendar.why_closed(hours, date(2026, 12, 28)) is None  # a Monday
    assert calendar.why_closed(hours, date(2026, 12, 29)) is calendar.Closed.WEEKDAY
    assert calendar.why_closed(hours, date(2026, 12, 30)) is calendar.Closed.CLOSED_DAY
    assert calendar.why_closed(hours, date(2026, 11, 23)) is calendar.Closed.HOLIDAY  # 勤労感謝の日


def test_a_service_day_counts_seconds_from_its_own_midnight() -> None:
    day = date(2026, 12, 1)

    assert calendar.instant_at(day, 25 * 3600).isoformat() == "2026-12-02T01:00:00+09:00"
    assert calendar.seconds_into(day, calendar.instant_at(day, 30_000)) == 30_000
    assert definitions.clock_text(25 * 3600 + 59) == "25:00"


def test_only_days_of_service_within_the_horizon_can_be_booked() -> None:
    read = made(hours={**BODY["hours"], "weekdays": ["tue"]})

    assert calendar.bookable_days(read, date(2026, 12, 1)) == [date(2026, 12, d) for d in (1, 8, 15, 22, 29)]


def test_yaml_of_a_body_is_readable_again() -> None:
    body = made().body()

    assert definitions.load(yaml.safe_dump(body, allow_unicode=True)).body() == body
