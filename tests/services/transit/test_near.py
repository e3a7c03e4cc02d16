"""Stops near a place that is typed or where a device is."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from souto.services.transit import walking
from souto.services.transit.definition import ServiceDefinition
from tests.services.transit import service
from tests.services.transit.test_rider_pages import browser

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
