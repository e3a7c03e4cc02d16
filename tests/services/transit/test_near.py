"""Stops near a place that is typed or where a device is."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from souto.services.transit import walking
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.models import Booking
from tests.services.transit import service
from tests.services.transit.test_booking import rider
from tests.services.transit.test_rider_pages import browser, given

pytestmark = pytest.mark.django_db

SOUTH = ServiceDefinition.model_validate(service.BODY)
FROM = "/rides/south/from/"


def test_the_nearest_stop_comes_first_with_metres_and_minutes_on_foot() -> None:
    found = walking.nearest(SOUTH, 35.6605, 139.316)  # 389 m south of the hall

    assert found[0].stop.code == "hall"
    assert (found[0].metres, found[0].minutes) == (550, 7)
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert walking.nearest(SOUTH, 35.0, 139.0) == []


@pytest.mark.parametrize("text", ["市役所", "えき", "market"])
def test_a_place_is_known_by_the_name_of_a_stop(text: str) -> None:
    assert walking.find_place(SOUTH, text) is not None


@pytest.mark.parametrize("text", ["", "どこにもない場所"])
def test_what_nobody_knows_is_no_place(text: str) -> None:
    assert walking.find_place(SOUTH, text) is None


def test_the_question_proposes_stops_near_what_was_typed_or_where_one_is() -> None:
    service.published()
    client = browser()
    page = client.post(FROM, {"place": "病院"}).content.decode()
    assert 'href="/rides/south/from/clinic/"' in page
    assert "歩いて約50メートル、約1分" in page

    page = client.post(f"{FROM}hall/", {"lat": "35.664", "lng": "139.316"}).content.decode()
    near = page[page.index("の近くの停留所") if "の近くの停留所" in page else 0 :]
    assert "/rides/south/from/hall/to/hall/" not in near, "one does not ride to where one gets on"

    for unknown in ({"place": "どこにもない場所"}, {"lat": "x", "lng": "nan"}, {"lat": "nan", "lng": "139"}):
        page = re.sub("<[^>]+>", "", client.post(FROM, unknown).content.decode())
        assert "その場所は見つかりませんでした" in page
    page = client.post(FROM, {"lat": "0", "lng": "0"}).content.decode()
    assert "歩いて約" not in page


def test_the_offer_says_how_far_one_walks_where_the_place_is_known() -> None:
    service.published()
    who = rider()
    client = browser(who.id)
    client.post(FROM, {"lat": "35.6605", "lng": "139.316"})
    client.get(f"{FROM}hall/")
    client.post(f"{FROM}hall/", {"place": "えき"})

    page = client.post(f"{FROM}hall/to/station/", given(back="on"), follow=True).content.decode()

    assert "そこまで歩いて約550メートル、約7分" in page
    assert "そこから歩いて約50メートル、約1分" in page
    offer = Booking.objects.get(return_of=None)
    assert (offer.trip["walk_from"], offer.trip["walk_to"]) == (550, 50)
    home = Booking.objects.exclude(return_of=None).get().trip
    assert (home["walk_from"], home["walk_to"]) == (50, 550), "the way back ends where she began"
    kept = client.session["transit_walks"]
    assert kept["origin"]["hall"] == 550
    assert "35.66" not in json.dumps(kept), "never the place itself"

    client.post(f"/rides/{offer.id}/book/")
    client.get("/rides/")
    assert client.session["transit_walks"] == {}
    changed = client.post(f"{FROM}hall/to/station/", given(change=str(offer.id), hour="15"), follow=True)
    assert "そこまで歩いて約550メートル" in changed.content.decode(), "a change knows what the ride knew"


def test_nothing_is_said_of_a_walk_where_no_place_is_known() -> None:
    service.published()
    client = browser()
    client.post(FROM, {"place": "市役所"})
    client.get(FROM)  # asks the question anew, and takes a stop from the list
    client.get(f"{FROM}hall/")

    page = client.post(f"{FROM}hall/to/station/", given(), follow=True).content.decode()

    assert "歩いて約" not in page
    assert "walk_from" not in Booking.objects.get().trip


def test_a_way_out_to_another_stop_has_its_own_walk() -> None:
    body = {**service.BODY["booking"], "search_minutes": 10}
    near = {"code": "annex", "kana": "べっかん", "lat": 35.6648, "lon": 139.316, "name": {"ja": "別館"}}
    service.published(stops=[*service.BODY["stops"], near], booking=body)
    who = rider()
    client = browser(who.id)
    client.post(FROM, {"lat": "35.6605", "lng": "139.316"})
    client.get(f"{FROM}hall/")
    client.post(f"{FROM}hall/to/station/", given(), follow=True)
    found = Booking.objects.get()
    row = {"origin": "annex", "goal": "station", "when": "depart", "at": 9 * 3600}
    found.state, found.reason = "refused", "capacity"
    found.ways_out = [{"kind": "pickup_place", "trip": row}]  # type: ignore[typeddict-item]
    found.save()

    page = client.post(f"/rides/{found.id}/instead/0/", follow=True).content.decode()

    assert "そこまで歩いて約650メートル" in page


def test_the_map_leads_to_the_next_question() -> None:
    service.published()
    page = browser().get(f"{FROM}hall/")
    content = json.loads(page.context["map"].as_json())

    assert {marker["url"] for marker in content["markers"]} == {
        "",
        "/rides/south/from/hall/to/station/",
        "/rides/south/from/hall/to/clinic/",
        "/rides/south/from/hall/to/market/",
    }


def test_visitors_are_led_to_the_sign_in_and_told_nothing() -> None:
    service.published()
    answer = Client().post(FROM, {"place": "病院"})

    assert answer.status_code == 302
