"""The desk of gaps in public transport: its figures, what changes them, its faults, and who may see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from souto.kernel import clock
from souto.kernel.measures import Period, find
from souto.services.transit import gaps, places, surroundings
from tests.services.transit import service, town
from tests.services.transit.desks import OTHERS, planner, text_of
from tests.services.transit.feeds import zips

pytestmark = pytest.mark.django_db
PAGE, CELLS = "/staff/transit/coverage/", "/staff/transit/coverage/cells.json"


@pytest.fixture
def city(settings: Any, tmp_path: Path) -> Path:
    """A city of two towns."""
    return town.settle(settings, tmp_path)


def shown(**question: Any) -> Any:
    """What the page's figures are for a question."""
    answer = planner().get(PAGE, {"asked": "1", **question})
    assert answer.status_code == 200, text_of(answer)
    return answer.context


@pytest.mark.parametrize("who", OTHERS)
def test_others_see_nothing(who: str, city: Path) -> None:
    client, status = OTHERS[who][0](), OTHERS[who][1]

    for url in (PAGE, CELLS, reverse("transit_staff:coverage_feed", args=[0])):
        assert client.get(url).status_code == status


def test_people_within_reach_of_a_stop_that_is_served_often_enough_are_covered(city: Path) -> None:
    often, rarely = shown(departures="10"), shown(departures="3")

    assert often["total"] == rarely["total"] == 1500
    # 1,000 people fill 0.25 km² around their station, all within 500 m; 500 live around a bus stop with three departures.
    assert 0 < often["thin"] <= 500
    assert often["covered"] > 700
    assert rarely["thin"] == 0
    assert rarely["covered"] == often["covered"] + often["thin"]
    assert {row.name: row.people for row in often["rows"]} == {"東町": 1000, "西町": 500}


def test_a_longer_reach_covers_more(city: Path) -> None:
    near = shown(distances="free", bus="50", station="50", demand="50")
    far = shown(distances="free", bus="1500", station="1500", demand="1500")

    assert near["covered"] < far["covered"] == 1500


def test_a_stop_added_and_one_removed_change_the_figures_at_once(city: Path) -> None:
    added = shown(departures="10", added="35.660, 139.295")
    removed = shown(departures="10", removed="東町駅\nどこにもない")

    assert added["changed"]
    assert added["gained"] > 0
    assert added["lost"] == 0
    assert removed["gained"] == 0
    assert removed["lost"] == removed["total"] - removed["without"] - removed["thin"] + removed["lost"]
    assert removed["lost_names"] == "どこにもない"


def test_a_line_joins_stops_that_are_there_and_makes_the_others(city: Path) -> None:
    found = shown(departures="10", line="３５．６６０、１３９．２９５\n35.662, 139.310", line_departures="9")

    # 3 departures and 9 of the line make 12.
    assert found["gained"] > 0
    assert found["thin"] == 0


def test_a_demand_service_that_runs_counts_and_can_be_left_out(city: Path) -> None:
    version = service.published(
        stops=[
            {"code": "west", "kana": "にし", "lat": 35.660, "lon": 139.295, "name": {"ja": "西町"}},
            {"code": "mid", "kana": "なか", "lat": 35.660, "lon": 139.300, "name": {"ja": "中町"}},
            {"code": "hall", "kana": "ひがし", "lat": 35.660, "lon": 139.340, "name": {"ja": "東町"}},
        ]
    )
    with_it, without = shown(departures="10", services=str(version.id)), shown(departures="10")

    assert not with_it["changed"]
    assert without["changed"]
    assert without["lost"] > 0
    assert round(with_it["covered"] - without["covered"]) == without["lost"]
    period = Period(clock.today(), clock.today())
    figure = find("transit.newly_covered").compute(period, None, actor=service.SYSTEM)
    # The city's own standard asks for one departure, and the rare bus of the west has three: only the middle is new.
    assert figure.value is not None
    assert 0 <= figure.value < without["lost"]


def test_a_service_that_rests_at_the_weekend_covers_nobody_then(city: Path) -> None:
    hours = {"opens": "8:00", "closes": "18:00", "weekdays": ["mon", "tue"]}
    version = service.published(hours=hours)

    assert gaps.service_stops("x", version.definition, gaps.DayKind.SATURDAY) == []
    assert len(gaps.service_stops("x", version.definition, gaps.DayKind.WEEKDAY)) == 4


def test_a_timetable_is_read_from_the_folder_and_its_faults_are_named(city: Path) -> None:
    before = shown()["stops"]
    (city / "feeds").mkdir()
    broken = {**zips.FILES, "trips.txt": zips.TRIPS + "GONE,平日,T9,\n"}
    (city / "feeds" / "bus.zip").write_bytes(zips.pack(broken))

    found = shown()
    assert found["stops"] == before + 3
    assert [(feed.file, feed.operator, feed.stops) for feed in found["feeds"]] == [("bus.zip", "桑都バス", 3)]
    assert found["feeds"][0].on.weekday() < 5
    answer = planner().get(reverse("transit_staff:coverage_feed", args=[0]))
    assert "trips.txt" in text_of(answer)
    assert any(notice["line"] == 5 and "GONE" in notice["meaning"] for notice in answer.context["notices"])
    assert planner().get(reverse("transit_staff:coverage_feed", args=[1])).status_code == 404


def test_without_a_line_its_stops_have_fewer_departures(city: Path) -> None:
    (city / "feeds").mkdir()
    (city / "feeds" / "bus.zip").write_bytes(zips.zipped())
    analysis = gaps.analysis(gaps.DayKind.WEEKDAY)

    change = gaps.changes(analysis, gaps.Trial(without=frozenset({"bus/R"})), gaps.DayKind.WEEKDAY)

    assert {key: fewer.departures for key, fewer in (change.services or {}).items()} == {
        "bus:P": 0,
        "bus:B": 0,
        "bus:C": 0,
    }


def test_a_zip_that_is_none_says_so_on_its_page(city: Path) -> None:
    (city / "feeds").mkdir()
    (city / "feeds" / "bus.zip").write_bytes(b"no zip")

    client = planner()
    assert "計算できません" in text_of(client.get(PAGE))
    assert "読み取れません" in text_of(client.get(reverse("transit_staff:coverage_feed", args=[0])))


def test_the_map_gets_squares_and_stops(city: Path) -> None:
    found = planner().get(CELLS, {"asked": "1", "departures": "10", "added": "35.660, 139.295"}).json()

    states = {one["properties"]["state"] for one in found["cells"]["features"]}
    assert "covered" in states
    assert sum(one["properties"]["gain"] for one in found["cells"]["features"]) > 0
    assert [one["properties"]["change"] for one in found["stops"]["features"]] == ["", "", "added"]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"distances": "free", "bus": "300"}, "station"),
        ({"distances": "free", "bus": "99999", "station": "1", "demand": "1"}, "bus"),
        ({"added": "北のほう"}, "added"),
        ({"line": "35.66, 139.3"}, "line"),
        ({"last_from": "おそく"}, "last_from"),
        ({"departures": "-1"}, "departures"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_and_kept(city: Path, question: dict[str, str], field: str) -> None:
    answer = planner().get(PAGE, question)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert planner().get(CELLS, question).status_code == 422


def test_a_city_without_data_says_so(settings: Any, tmp_path: Path, city: Path) -> None:
    (city / "planning.toml").unlink()

    assert "人口のデータがありません" in text_of(planner().get(PAGE))


def test_a_line_of_a_file_that_cannot_be_read_is_named(city: Path) -> None:
    (city / "people.csv").write_text("name,lat,lon,people\n東町,35.6,139.3,たくさん\n", encoding="utf-8")

    with pytest.raises(surroundings.PlanningFileError, match=r"people\.csvの2行目"):
        surroundings.people()


def test_places_are_read_as_people_type_them() -> None:
    assert places.read("35.6, 139.3\n\n３５．７，１３９．４ 集会所") == [(35.6, 139.3, ""), (35.7, 139.4, "集会所")]
    with pytest.raises(places.PlaceUnreadableError, match="2行目"):
        places.read("35.6, 139.3\n139.3, 35.6")
