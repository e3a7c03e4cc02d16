"""Rides of every week and favourites: booked as days open, once; skipped, ended, forgotten; nobody else's business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from souto.foundation.notifications.models import Message
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError, NotFoundError
from souto.kernel.jobs import registered
from souto.services.transit import actions, queries
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Favourite, Series, SeriesDay
from tests.services.transit import service
from tests.services.transit.test_booking import ask, booked, rider, trip
from tests.services.transit.test_phone_desk import DESK, called, desk_of
from tests.services.transit.test_rider_pages import browser

pytestmark = pytest.mark.django_db

SHORT = {**service.BODY["booking"], "opens_days": 16}


def started(who: Actor, **more: object) -> Series:
    return actions.start_series(actor=who, booking_id=booked(who).id, **more)  # type: ignore[arg-type]


def run(series: Series) -> None:
    registered()["transit.book_series"].run(series_id=str(series.id))


def outcomes(series: Series) -> list[str]:
    return [row.outcome for row in SeriesDay.objects.filter(series=series).order_by("date")]


def test_each_day_that_is_open_is_booked_once_with_the_riders_own_booking() -> None:
    service.published(booking=SHORT)
    who = rider()
    series = started(who)
    run(series)
    run(series)

    rides = Booking.objects.filter(state=State.BOOKED, person_id=who.id).order_by("day__date")
    first = service.tomorrow()
    assert [ride.day.date for ride in rides] == [first, first + timedelta(days=7), first + timedelta(days=14)]
    assert {(ride.trip["origin"], ride.trip["at"], ride.channel) for ride in rides} == {("hall", 9 * 3600, "online")}
    assert outcomes(series) == ["booked", "booked"]
    assert Message.objects.filter(person_id=who.id).count() == 3


def test_a_booking_makes_one_series_and_an_offer_none() -> None:
    service.published()
    who = rider()
    found = booked(who)
    assert (
        actions.start_series(actor=who, booking_id=found.id).id
        == actions.start_series(actor=who, booking_id=found.id).id
    )
    with pytest.raises(actions.NotRepeatableError):
        actions.start_series(actor=who, booking_id=ask(who).id)
    with pytest.raises(actions.NoWeekdayError):
        actions.start_series(actor=who, booking_id=booked(who, trip(at=15 * 3600)).id, weekdays=[7])


def test_closed_days_are_not_booked_and_say_why() -> None:
    closed = service.tomorrow() + timedelta(days=7)
    service.published(booking=SHORT, hours={**service.BODY["hours"], "closed": [closed]})
    series = started(rider())
    run(series)

    assert outcomes(series) == ["closed", "booked"]
    assert SeriesDay.objects.get(date=closed).reason == "closed_day"


def test_a_refused_day_is_told_with_what_would_help() -> None:
    service.published(booking={**SHORT, "search_minutes": 10})
    day = service.tomorrow() + timedelta(days=7)
    booked(rider(), trip(day=day, riders={RiderClass.ADULT: 4}))
    who = rider()
    series = started(who, until=day)
    Message.objects.all().delete()
    run(series)

    row = SeriesDay.objects.get()
    assert (row.outcome, row.reason) == ("refused", "capacity")
    message = Message.objects.get(person_id=who.id)
    assert "毎週の予約" in message.title
    assert "満席" in message.body
    assert "ごろに乗る" in message.body
    page = browser(who.id).get(f"/rides/series/{series.id}/").content.decode()
    assert f"/rides/{row.booking_id}/" in page


def test_a_stop_in_the_middle_leaves_whole_days(monkeypatch: pytest.MonkeyPatch) -> None:
    service.published(booking=SHORT)
    series = started(rider())
    with monkeypatch.context() as broken:
        broken.setattr("souto.services.transit.letters.booked", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            run(series)
    assert outcomes(series) == []
    assert Booking.objects.count() == 1
    run(series)
    assert outcomes(series) == ["booked", "booked"]


def test_a_day_is_skipped_before_and_after_it_is_booked() -> None:
    service.published(booking=SHORT)
    who = rider()
    series = started(who)
    first, second = service.tomorrow() + timedelta(days=7), service.tomorrow() + timedelta(days=14)
    actions.skip_day(actor=who, series_id=series.id, day=first)
    run(series)
    assert outcomes(series) == ["skipped", "booked"]

    ride = SeriesDay.objects.get(date=second).booking
    assert ride is not None
    changed = actions.book(actor=who, booking_id=ask(who, trip(day=second, at=15 * 3600), replaces_id=ride.id).id)
    actions.skip_day(actor=who, series_id=series.id, day=second)
    actions.skip_day(actor=who, series_id=series.id, day=second)

    changed.refresh_from_db()
    assert changed.state == State.CANCELLED, "the ride that took its place is given up"
    assert outcomes(series) == ["skipped", "skipped"]
    with pytest.raises(actions.SeriesOverError):
        actions.skip_day(actor=who, series_id=series.id, day=first + timedelta(days=1))


def test_an_ended_series_books_nothing_more_and_keeps_what_is_booked() -> None:
    service.published(booking=SHORT)
    who = rider()
    series = started(who)
    actions.end_series(actor=who, series_id=series.id)
    actions.end_series(actor=who, series_id=series.id)
    run(series)

    assert outcomes(series) == []
    assert Booking.objects.get().state == State.BOOKED
    assert list(queries.series_of(actor=who)) == []


def test_a_callers_series_is_booked_for_the_caller() -> None:
    service.published(booking=SHORT)
    found = called()
    client = desk_of()
    assert "毎週の予約を始めました" in client.post(f"{DESK}{found.id}/weekly/", follow=True).content.decode()
    series = Series.objects.get()
    run(series)

    rides = Booking.objects.filter(state=State.BOOKED)
    assert [(ride.contact, ride.channel) for ride in rides] == [(found.contact, "phone")] * 3
    page = client.post(f"{DESK}series/{series.id}/end/", follow=True).content.decode()
    assert "毎週の予約を終えました" in page


def test_the_operator_sees_which_days_of_a_callers_series_are_not_booked_and_why() -> None:
    first = service.tomorrow()
    closed = (first + timedelta(days=14)).isoformat()
    service.published(booking={**SHORT, "search_minutes": 10}, hours={**service.BODY["hours"], "closed": [closed]})
    found = called({"name": "佐藤 ハナ", "phone": "0426200001"})
    booked(rider(), trip(day=first + timedelta(days=7), riders={RiderClass.ADULT: 4}))
    client = desk_of()
    client.post(f"{DESK}{found.id}/weekly/")
    run(Series.objects.get())

    page = client.get(f"{DESK}{found.id}/").content.decode()

    refused = Booking.objects.get(state=State.REFUSED)
    assert "予約していない日" in page
    assert "この時間の車両は満席です。" in page
    assert f'href="{DESK}{refused.id}/"' in page
    assert "運休日です" in page
    assert "ほかの条件を見る" in page
    assert "この時間の車両は満席です。" in client.get(f"{DESK}{refused.id}/").content.decode()


def test_nobody_else_sees_or_changes_a_series() -> None:
    service.published()
    series = started(rider())
    url = f"/rides/series/{series.id}/"
    day = (service.tomorrow() + timedelta(days=7)).isoformat()
    for client in (browser(), desk_of("officer")):  # type: ignore[arg-type]
        answers = [
            client.get(url),
            client.post(f"{url}skip/", {"day": day}),
            client.post(f"{url}end/"),
            client.get(f"/rides/{series.source_id}/repeat/"),
            client.post(f"/rides/{series.source_id}/keep/", {"name": "x"}),
        ]
        assert {answer.status_code for answer in answers} == {404}
    series.refresh_from_db()
    assert series.ended_at is None
    assert not SeriesDay.objects.exists()
    assert not Favourite.objects.exists()
    with pytest.raises(HiddenError):
        actions.book_series(actor=rider(), series_id=series.id)


def test_the_rider_begins_a_series_and_ends_it_on_her_pages() -> None:
    service.published()
    who = rider()
    found = booked(who)
    client = browser(who.id)
    assert f"/rides/{found.id}/repeat/" in client.get(f"/rides/{found.id}/").content.decode()
    assert client.post(f"/rides/{found.id}/repeat/", {"length": "90"}).status_code == 422
    page = client.post(f"/rides/{found.id}/repeat/", {"weekdays": ["1", "3"], "length": "90"}, follow=True)
    series = Series.objects.get()
    assert series.weekdays == [1, 3]
    assert series.until == found.day.date + timedelta(days=90)
    assert "火曜日、木曜日" in page.content.decode()
    assert f"/rides/series/{series.id}/" in client.get("/rides/").content.decode()
    first = queries.occasions(series)[0].day
    page = client.post(f"/rides/series/{series.id}/skip/", {"day": first.isoformat()}, follow=True)
    assert "乗らないことにしました" in page.content.decode()
    assert client.post(f"/rides/series/{series.id}/skip/", {"day": "x"}).status_code == 404
    assert "予約済みの日は" in client.post(f"/rides/series/{series.id}/end/", follow=True).content.decode()


def test_a_favourite_is_one_tap_from_the_first_page() -> None:
    service.published()
    who = rider()
    found = booked(who)
    client = browser(who.id)
    client.post(f"/rides/{found.id}/keep/", {"name": " 病院へ  行く "})
    kept = Favourite.objects.get()
    assert kept.row == {"name": "病院へ 行く", "origin": "hall", "goal": "station"}

    page = client.get("/rides/").content.decode()
    assert '<a href="/rides/south/from/hall/to/station/">病院へ 行く</a>' in page
    assert client.post(f"/rides/favourites/{kept.id}/", {"name": " "}).status_code == 422
    client.post(f"/rides/favourites/{kept.id}/", {"name": "買い物"})
    client.post(f"/rides/{found.id}/keep/", {"name": "駅へ"})
    kept.refresh_from_db()
    assert kept.row["name"] == "駅へ", "the same trip again only gets the new name"
    assert browser().get(f"/rides/favourites/{kept.id}/").status_code == 404
    assert browser().post(f"/rides/favourites/{kept.id}/", {"drop": "1"}).status_code == 404
    assert Favourite.objects.count() == 1
    client.post(f"/rides/favourites/{kept.id}/", {"drop": "1"})
    assert not Favourite.objects.exists()


def test_favourites_name_a_trip_of_a_service_and_belong_to_residents() -> None:
    service.published()
    who = rider()
    with pytest.raises(NotFoundError):
        actions.keep_favourite(actor=who, slug="south", origin="moon", goal="hall", name="月")
    with pytest.raises(actions.NameMissingError):
        actions.keep_favourite(actor=who, slug="south", origin="hall", goal="station", name="あ" * 41)
    with pytest.raises(ForbiddenError):
        actions.keep_favourite(
            actor=service.staff(queries.OPERATE), slug="south", origin="hall", goal="station", name="x"
        )


def test_more_favourites_than_one_can_choose_from_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    service.published()
    who = rider()
    monkeypatch.setattr("souto.services.transit.actions.favourites.MOST", 1)
    actions.keep_favourite(actor=who, slug="south", origin="hall", goal="station", name="a")
    with pytest.raises(actions.TooManyFavouritesError):
        actions.keep_favourite(actor=who, slug="south", origin="station", goal="hall", name="b")


def test_what_is_over_for_as_long_as_rides_are_kept_is_forgotten() -> None:
    service.published()
    who = rider()
    series = started(who)
    kept = actions.keep_favourite(actor=who, slug="south", origin="hall", goal="station", name="a")
    actions.end_series(actor=who, series_id=series.id)
    actions.forget(actor=service.SYSTEM)
    assert Series.objects.exists()

    long_ago = clock.now() - timedelta(days=32)
    Series.objects.update(ended_at=long_ago)
    Favourite.objects.update(created_at=long_ago)
    actions.forget(actor=service.SYSTEM)
    assert not Series.objects.exists()
    assert Favourite.objects.exists(), "its rider still rides"

    Booking.objects.update(forgotten_at=clock.now(), person=None)
    actions.forget(actor=service.SYSTEM)
    assert not Favourite.objects.exists()
    registered()["transit.destroy_key"].run(key_id=str(kept.key_id))
