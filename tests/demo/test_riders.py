"""Residents of the demo are used to riding: favourites and a weekly ride, made once, through everybody's actions; nowhere outside the demo."""

from __future__ import annotations

from typing import Any

import pytest

from souto.demo import riders
from souto.foundation.identity import actions as identity
from souto.foundation.identity.oidc.claims import CardItems
from souto.kernel.actor import Actor
from souto.kernel.jobs import registered
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Favourite, Series
from tests.services.transit import service
from tests.services.transit.test_booking import rider

pytestmark = pytest.mark.django_db


def signed_in() -> Any:
    items = CardItems(name="見本　花", address="東京都八王子市千人町二丁目９９番７号", birth_date="1990-01-01", sex="2")
    return identity.sign_in_with_claims(actor=Actor.anonymous(), issuer="test:demo", subject="hana", items=items)


def test_who_signs_in_for_the_first_time_finds_favourites_and_a_weekly_ride(settings: Any) -> None:
    settings.DEMO = True
    service.published()

    for _ in range(2):
        person_id = signed_in().person_id
        registered()["demo.ride_every_week"].run(person_id=str(person_id))

    assert [one.row["name"] for one in Favourite.objects.order_by("id")] == [riders.THERE, riders.HOME]
    series = Series.objects.get()
    assert series.person_id == person_id
    assert Booking.objects.get().state == State.BOOKED


def test_a_city_without_a_service_has_nothing_to_keep(settings: Any) -> None:
    settings.DEMO = True
    person_id = signed_in().person_id

    registered()["demo.ride_every_week"].run(person_id=str(person_id))

    assert not Favourite.objects.exists()
    assert not Series.objects.exists()


def test_outside_the_demo_nobody_is_used_to_anything() -> None:
    service.published()
    signed_in()

    assert not Favourite.objects.exists()


def test_a_week_without_a_vehicle_has_no_ride() -> None:
    service.published(hours={**service.BODY["hours"], "opens": "12:00"})
    who = rider()
    assert who.id is not None

    assert not riders.ride_every_week(who.id)
    assert not Series.objects.exists()
