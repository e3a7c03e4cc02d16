"""Residents of the demo are used to riding: favourites and a weekly ride, made once, through everybody's actions; nowhere outside the demo."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from souto.demo import riders
from souto.foundation.identity import actions as identity
from souto.foundation.identity.oidc.claims import CardItems
from souto.kernel.actor import Actor
from souto.kernel.jobs import registered
from souto.services.transit import engine
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Favourite, Series
from tests.services.transit import service
from tests.services.transit.test_booking import rider

pytestmark = pytest.mark.django_db


def signed_in() -> Any:
    items = CardItems(name="見本　花", address="東京都八王子市千人町二丁目９９番７号", birth_date="1990-01-01", sex="2")
    return identity.sign_in_with_claims(actor=Actor.anonymous(), issuer="test:demo", subject="hana", items=items)


def waiting() -> list[dict[str, Any]]:
    """The arguments of the jobs that wait, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'demo.ride_every_week' order by id")
        return [args if isinstance(args, dict) else json.loads(args) for (args,) in cursor.fetchall()]


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


def test_while_the_engine_is_being_loaded_the_ride_waits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = True
    service.published()
    person_id = signed_in().person_id
    loading = engine._Server(lambda: None)
    loading.state = engine.State.LOADING
    monkeypatch.setattr(engine, "PATIENCE", 0.05)
    monkeypatch.setattr(engine, "_server", loading)
    before = waiting()

    registered()["demo.ride_every_week"].run(person_id=str(person_id))
    registered()["demo.ride_every_week"].run(person_id=str(person_id), tries=30)

    assert not Series.objects.exists()
    assert waiting()[len(before) :] == [{"person_id": str(person_id), "tries": 1}], "after thirty times it is left"


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
