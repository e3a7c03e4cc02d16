"""Open data of demand transit: valid documents out of what is published, and nothing of who rides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from google.transit import gtfs_realtime_pb2 as pb

from souto.foundation.ui.city import city
from souto.kernel import clock
from souto.kernel.calendar import holiday_name
from souto.services.transit import actions, feeds, plans, publishing, waits
from souto.services.transit.definition import RiderClass
from souto.services.transit.feeds.gofs_schemas import SCHEMAS
from souto.services.transit.models import Booking, Contact, ServiceDay, ServiceVersion, VehiclePosition
from tests.services.transit import service
from tests.services.transit.test_booking import booked, rider, trip

pytestmark = pytest.mark.django_db

ZIP = "/open/transit/gtfs-jp.zip"
GOFS = "/open/transit/gofs/gofs.json"
WAIT = "/open/transit/gofs/ja/wait_time"
HALL = {"pickup_lat": "35.6641", "pickup_lon": "139.3161"}
STATION = {"drop_off_lat": "35.6561", "drop_off_lon": "139.3389"}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    waits.forget_waits()
    yield
    waits.forget_waits()


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ten in the morning of today, so that the service runs."""
    now = clock.now().astimezone(clock.TOKYO)
    monkeypatch.setenv("SOUTO_DEMO", "1")
    morning = now.replace(hour=10, minute=0, second=0, microsecond=0)
    with clock.travel(morning - now):
        yield


def gofs(client: Client | None = None) -> dict[str, dict[str, Any]]:
    """Every document to which `gofs.json` leads, and itself."""
    reader = client or Client()
    first = reader.get(GOFS).json()
    listed = {feed["name"]: feed["url"] for feed in first["data"]["ja"]["feeds"]}
    found = {name: reader.get(url).json() for name, url in listed.items() if name != "wait_time"}
    return {"gofs": first, **found}


def feed() -> feeds.Feed:
    return feeds.read_feed(Client().get(ZIP).content, feeds.Profile.JP4)


def records(name: str) -> list[dict[str, str]]:
    return [dict(row) for row in feed().tables[name].records()]


def test_the_timetable_is_read_back_without_a_word() -> None:
    service.published()

    read = feed()

    assert read.notices == ()
    assert {row["stop_id"]: row["stop_name"] for row in read.tables["stops.txt"].records()} == {
        "south.hall": "市役所",
        "south.station": "駅",
        "south.clinic": "病院",
        "south.market": "市場",
    }
    agency = records("agency.txt")[0]
    assert (agency["agency_id"], agency["agency_phone"]) == ("1000020132012", "+81426263111")
    assert [row["route_id"] for row in records("routes.txt")] == ["south"]
    assert [row["price"] for row in records("fare_attributes.txt")] == ["300"]


def test_booking_rules_say_when_and_where_to_book() -> None:
    service.published(booking={**service.BODY["booking"], "closes_minutes": 20, "opens_days": 7})

    rule = records("booking_rules.txt")[0]

    assert (rule["booking_type"], rule["prior_notice_duration_min"], rule["prior_notice_start_day"]) == ("1", "20", "7")
    assert rule["message"] == "7日前から20分前までに予約してください。"
    assert rule["phone_number"] == "+81426263111"
    assert rule["booking_url"].endswith("/rides/")


def test_days_without_service_are_taken_out_of_the_calendar() -> None:
    closed = service.tomorrow() + timedelta(days=1)
    service.published(
        hours={
            **service.BODY["hours"],
            "closed": [closed],
            "closed_on_holidays": True,
            "weekdays": list(service.BODY["hours"]["weekdays"]),
        }
    )

    read = feed()
    ahead = [clock.today() + timedelta(days=number) for number in range(120)]
    holidays = {day for day in ahead if holiday_name(day)}

    assert holidays
    for day in ahead:
        assert bool(feeds.services_on(read, day)) is (day != closed and day not in holidays), day


def test_the_next_version_follows_on_its_first_day_and_stops_keep_their_ids() -> None:
    service.published()
    later = clock.today() + timedelta(days=10)
    moved = [dict(stop) for stop in service.BODY["stops"]]
    moved[1]["lat"] = 35.657
    service.published(later, stops=moved, fares={**service.BODY["fares"], "adult": 350})

    read = feed()

    nxt = f"south-{later:%Y%m%d}"
    assert read.notices == ()
    assert {row["route_id"] for row in records("routes.txt")} == {"south", nxt}
    assert feeds.services_on(read, later - timedelta(days=1)) == {"south.days"}
    assert feeds.services_on(read, later) == {f"{nxt}.days"}
    stops = {row["stop_id"] for row in records("stops.txt")}
    assert stops == {"south.hall", "south.station", f"south.station-{later:%Y%m%d}", "south.clinic", "south.market"}
    members = {
        row["stop_id"] for row in records("location_group_stops.txt") if row["location_group_id"] == f"{nxt}.stops"
    }
    assert members == stops - {"south.station"}


def test_whoever_has_the_feed_already_is_told_so_and_any_page_may_read_it() -> None:
    service.published()
    first = Client().get(ZIP)

    again = Client().get(ZIP, headers={"if-none-match": first.headers["ETag"]})
    since = Client().get(ZIP, headers={"if-modified-since": first.headers["Last-Modified"]})

    assert (first.status_code, again.status_code, since.status_code) == (200, 304, 304)
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in (first, again, since)} == {"*"}
    assert Client().get(ZIP).content == first.content
    service.published(clock.today() + timedelta(days=3), fares={**service.BODY["fares"], "adult": 400})
    assert Client().get(ZIP, headers={"if-none-match": first.headers["ETag"]}).status_code == 200


def test_gofs_obeys_its_schemas_and_leads_to_what_it_names() -> None:
    service.published()

    made = gofs()

    assert {"system_information", "service_brands", "zones", "operating_rules", "booking_rules", "fares"} <= set(made)
    for name, document in made.items():
        jsonschema_rs.validator_for(SCHEMAS[name]).validate(document)
    assert made["service_brands"]["data"]["service_brands"][0]["brand_id"] == "south"


@pytest.mark.parametrize(
    "address",
    ["/open/transit/gofs/en/zones.json", "/open/transit/gofs/ja/gofs.json", "/open/transit/gofs/ja/riders.json"],
)
def test_documents_that_are_not_there_are_not_found(address: str) -> None:
    service.published()

    assert Client().get(address).status_code == 404


def test_nothing_is_published_where_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [Client().get(address).status_code for address in (ZIP, GOFS, WAIT)] == [404, 404, 404]
    page = Client(headers={"accept-language": "ja"}).get("/open/transit/").content.decode().replace("<wbr>", "")
    assert "公開しているデータはまだありません" in page
    service.published()
    monkeypatch.setattr(publishing, "city", lambda: replace(city(), open_data=None))
    assert Client().get(ZIP).status_code == 404


def test_the_page_names_data_licence_and_an_example_that_answers() -> None:
    service.published()

    page = Client(headers={"accept-language": "ja"}).get("/open/transit/").content.decode()

    assert 'href="/open/transit/gtfs-jp.zip"' in page
    assert "CC BY 4.0" in page
    assert "条件は見本です" in page
    assert "南部デマンド" in page
    assert "/open/transit/gofs/ja/wait_time?pickup_lat=35.664&amp;pickup_lon=139.316" in page


@pytest.mark.usefixtures("noon")
def test_the_wait_is_what_the_engine_would_offer_and_nothing_is_kept() -> None:
    service.published()

    answer = Client().get(WAIT, {**HALL, **STATION})

    document = answer.json()
    jsonschema_rs.validator_for(SCHEMAS["wait_time"]).validate(document)
    rows = document["data"]["wait_times"]
    assert [row["brand_id"] for row in rows] == ["south"]
    assert 0 <= rows[0]["wait_time"] <= 1800
    assert rows[0]["wait_time"] % 60 == 0
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Booking.objects.count() == ServiceDay.objects.count() == 0


@pytest.mark.usefixtures("noon")
def test_a_vehicle_that_is_busy_is_waited_for_longer() -> None:
    service.published()
    free = Client().get(WAIT, {**HALL, **STATION}).json()["data"]["wait_times"][0]["wait_time"]
    who = rider()
    booked(who, trip("market", "station", day=clock.today(), at=10 * 3600 + 120, riders={RiderClass.ADULT: 4}))
    waits.forget_waits()

    answer = Client().get(WAIT, {**HALL, **STATION}).json()["data"]["wait_times"]

    assert answer == [] or answer[0]["wait_time"] > free


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    "parameters",
    [
        {"pickup_lat": "35.10", "pickup_lon": "139.31", **STATION},
        {**HALL, "drop_off_lat": "35.10", "drop_off_lon": "139.31"},
        {**HALL, "drop_off_lat": HALL["pickup_lat"], "drop_off_lon": HALL["pickup_lon"]},
        {**HALL, **STATION, "brand_id": "north"},
    ],
)
def test_a_service_that_cannot_come_is_left_out(parameters: dict[str, str]) -> None:
    service.published()

    assert Client().get(WAIT, parameters).json()["data"]["wait_times"] == []


@pytest.mark.usefixtures("noon")
def test_a_closed_service_answers_no_wait() -> None:
    service.published(hours={**service.BODY["hours"], "closed": [clock.today()]})

    assert Client().get(WAIT, {**HALL, **STATION}).json()["data"]["wait_times"] == []


@pytest.mark.usefixtures("noon")
def test_a_destination_is_not_needed() -> None:
    service.published()

    assert len(Client().get(WAIT, HALL).json()["data"]["wait_times"]) == 1


@pytest.mark.parametrize("parameters", [{}, {"pickup_lat": "x", "pickup_lon": "139"}, {"pickup_lat": "35.66"}])
def test_a_question_without_a_place_is_refused_with_words(parameters: dict[str, str]) -> None:
    service.published()

    answer = Client(headers={"accept-language": "ja"}).get(WAIT, parameters)

    assert answer.status_code == 400
    assert "pickup" in answer.json()["message"]


@pytest.mark.usefixtures("noon")
def test_strangers_cannot_keep_the_engine_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    service.published()
    still = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: still)
    monkeypatch.setattr(waits, "A_SECOND", 1)
    asked = {**HALL, **STATION}
    assert Client().get(WAIT, asked).status_code == 200

    other = Client(headers={"accept-language": "ja"}).get(
        WAIT, {**HALL, "drop_off_lat": "35.644", "drop_off_lon": "139.308"}
    )

    assert (other.status_code, other.headers["Retry-After"]) == (429, "1")
    assert Client().get(WAIT, asked).status_code == 200, "what is known costs nothing"


@pytest.mark.usefixtures("noon")
def test_no_document_knows_of_anybody_who_rides() -> None:
    """With rides of a resident and of a caller the documents are, to the byte, what they are without any."""
    service.published()

    def documents() -> bytes:
        client = Client()
        return client.get(ZIP).content + json.dumps(gofs(client)).encode()

    before = documents()
    who = rider()
    mine = booked(who, trip("clinic", "market", at=9 * 3600 + 7 * 60))
    operator = service.SYSTEM
    caller = Contact(name="桑田 花子", phone="090-1234-5678")
    asked = actions.ask(actor=operator, slug="south", trip=trip("market", "hall"), contact=caller)
    theirs = actions.book(actor=operator, booking_id=asked.id)

    after = documents()

    assert after == before
    waiting = Client().get(WAIT, {**HALL, **STATION})
    assert set(waiting.json()["data"]) == {"wait_times"}
    assert {key for row in waiting.json()["data"]["wait_times"] for key in row} == {"brand_id", "wait_time"}
    told = after + waiting.content + Client().get("/open/transit/").content
    for secret in (mine.id, theirs.id, who.id, caller["name"], caller["phone"]):
        assert str(secret).encode() not in told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("042-626-3111", "+81426263111"),
        ("(042) 626-3111", "+81426263111"),
        ("090-1234-5678", "+819012345678"),
        ("042-626-3111（内線2222）", ""),
        ("110", ""),
        ("", ""),
    ],
)
def test_phone_numbers_are_told_so_that_they_can_be_called_from_abroad(written: str, told: str) -> None:
    assert publishing.international(written) == told


def test_a_feed_reaches_to_the_end_of_the_next_fiscal_year() -> None:
    service.published()

    info = records("feed_info.txt")[0]

    year = clock.today().year - (clock.today().month < 4)
    assert info["feed_end_date"] == f"{date(year + 2, 3, 31):%Y%m%d}"
    assert BytesIO(Client().get(ZIP).content).read(2) == b"PK"


def standing(version: ServiceVersion, *places: tuple[str, float, float], minutes: float = 0) -> None:
    """Vehicles that reported where they are."""
    row = plans.day_of(version, clock.today())
    moment = clock.now() - timedelta(minutes=minutes)
    for vehicle, lat, lon in places:
        VehiclePosition.objects.create(day=row, vehicle=vehicle, lat=lat, lon=lon, at=moment)


THREE = (("v1", 35.6640, 139.3165), ("v2", 35.6638, 139.3150), ("v3", 35.6450, 139.3075))


def vehicles() -> list[Any]:
    message = pb.FeedMessage.FromString(Client().get("/open/transit/gtfs-rt/vehicle-positions.pb").content)
    assert message.IsInitialized()
    return list(message.entity)


def test_a_vehicle_is_told_by_the_stop_that_it_is_near_and_by_nothing_else() -> None:
    standing(service.published(publish_positions=True), *THREE)

    found = vehicles()

    assert [entity.id for entity in found] == ["south.hall.1", "south.hall.2", "south.clinic.1"]
    assert {(round(e.vehicle.position.latitude, 4), round(e.vehicle.position.longitude, 4)) for e in found} == {
        (35.664, 139.316),
        (35.644, 139.308),
    }
    for entity in found:
        told = entity.vehicle
        assert told.timestamp % 60 == 0
        assert {field.name for field, _ in told.ListFields()} == {"trip", "vehicle", "position", "timestamp"}
        assert {field.name for field, _ in told.trip.ListFields()} == {"route_id"}
        assert {field.name for field, _ in told.position.ListFields()} == {"latitude", "longitude"}
        assert told.vehicle.label == "南部デマンド"
    content = Client().get("/open/transit/gtfs-rt/vehicle-positions.json").content.decode()
    assert "v1" not in content
    assert "35.6638" not in content


@pytest.mark.parametrize(("asked", "places", "minutes"), [(False, THREE, 0), (True, THREE[:2], 0), (True, THREE, 4)])
def test_nothing_is_told_of_few_vehicles_old_places_or_a_service_that_does_not_ask_for_it(
    asked: bool, places: tuple[tuple[str, float, float], ...], minutes: float
) -> None:
    standing(service.published(publish_positions=asked), *places, minutes=minutes)

    assert vehicles() == []
