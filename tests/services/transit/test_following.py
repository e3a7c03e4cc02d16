"""Follow the vehicle: only one's own, only around one's ride."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

from souto.foundation.ui import live
from souto.kernel import clock
from souto.services.transit import actions, queries
from souto.services.transit.models import Booking, EventKind, ServiceDay
from tests.services.transit import service
from tests.services.transit.running import SetClock, at, minutes, said, tell
from tests.services.transit.test_booking import booked, rider, trip
from tests.services.transit.test_phone_desk import desk_of
from tests.services.transit.test_rider_pages import browser

pytestmark = pytest.mark.django_db
__all__ = ["at"]


def fresh(booking: Booking) -> Booking:
    return Booking.objects.select_related("day__version").get(id=booking.id)


def seen(booking: Booking) -> queries.Following | None:
    return queries.following(fresh(booking))


def test_the_vehicle_is_seen_from_half_an_hour_before_until_one_gets_off(at: SetClock) -> None:
    service.published()
    first, other = booked(rider(), trip()), booked(rider(), trip(goal="clinic", at=15 * 3600))
    assert first.promised_from is not None

    at("8:20")
    assert seen(first) is None, "too early"
    at("8:50")
    found = seen(first)
    assert found is not None
    assert (found.vehicle.code, found.aboard, found.at_stop) == ("v1", False, False)
    assert 5 <= found.minutes <= 40
    assert seen(other) is None, "another one's ride is no business of hers yet"

    tell(said(EventKind.BEGAN, at("8:55")), said(EventKind.ARRIVED, at("9:02"), first))
    found = seen(first)
    assert found is not None
    assert found.at_stop
    tell(said(EventKind.BOARDED, at("9:05"), first))
    found = seen(first)
    assert found is not None
    assert found.aboard
    tell(said(EventKind.ALIGHTED, at("9:20"), first))
    assert seen(first) is None


def test_where_it_is_comes_from_the_vehicle_or_says_that_it_does_not(at: SetClock) -> None:
    service.published()
    found = booked(rider())
    now = at("8:50")
    guessed = seen(found)
    assert guessed is not None
    assert not guessed.reported
    actions.report(
        actor=service.SYSTEM,
        slug="south",
        day=clock.today(),
        vehicle="v1",
        reports=[],
        sent_at=now,
        seen=actions.Seen(35.661, 139.31, now - minutes(1)),
    )
    told = seen(found)
    assert told is not None
    assert (told.reported, told.lat) == (True, 35.661)


@pytest.mark.parametrize(
    ("part", "page", "sign_in"),
    [
        ("/rides/01a224d8-0894-7d24-b0af-3b1a9f13fc08/follow/", "/rides/1/?q=a%20b", "/sign-in"),
        ("/staff/transit/dispatch/part/", "/staff/transit/dispatch/", "/staff/sign-in"),
    ],
)
def test_a_part_whose_session_has_ended_leads_to_the_sign_in_and_back_to_its_page(
    part: str, page: str, sign_in: str
) -> None:
    service.published()
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    answer = Client(headers={"accept-language": "ja"}).get(part, headers=headers)

    said = answer.content.decode()
    assert answer.status_code == 401
    assert "もう一度サインインしてください" in said
    assert f'href="{sign_in}?{urlencode({"next": page})}"' in said
    assert "<h1" not in said, "no page in the middle of a page"
    assert answer.headers["Cache-Control"] == "no-store"
    elsewhere = {**headers, "HX-Current-URL": "https://example.com/x"}
    assert "example.com" not in Client().get(part, headers=elsewhere).content.decode()
    assert Client().get(part).status_code == 302


def test_the_page_says_how_long_and_its_part_is_for_its_rider_only(at: SetClock) -> None:
    body = [{**service.BODY["vehicles"][0], "colour": {"ja": "緑色"}, "plate": "八王子 300 あ 12-34"}]
    service.published(vehicles=body)
    who = rider()
    found = booked(who)
    client, url = browser(who.id), f"/rides/{found.id}/"
    page = client.get(url).content.decode()
    assert "車両のいまの場所がここに出ます" in page
    assert client.get(f"{url}follow/live/").status_code == 404, "nothing to hear yet"
    waits = f'hx-get="{url}follow/?begins"'
    assert waits not in page, "a page of another day does not ask every minute"
    at("8:10")
    assert waits in client.get(url).content.decode()
    nothing = client.get(f"{url}follow/?begins")
    assert (nothing.status_code, nothing.content) == (204, b"")

    at("8:50")
    page = client.get(url).content.decode()
    assert "分で来ます" in page
    assert "緑色 八王子 300 あ 12-34" in page
    assert f'data-live="{url}follow/live/"' in page
    assert waits not in page
    answer = client.get(f"{url}follow/?begins")
    assert answer.status_code == 286, "it is not asked for again"
    begins = answer.content.decode()
    assert f'data-live="{url}follow/live/"' in begins
    assert 'id="map-follow"' in begins
    assert "<h1" not in begins
    part = client.get(f"{url}follow/").content.decode()
    assert "予定から計算した場所です" in part
    granted = client.get(f"{url}follow/live/")
    assert f"transit.day:{found.day_id}" in granted.headers[live.HEADER]

    assert Client().get(f"{url}follow/").headers["Location"].startswith("/sign-in?")
    strangers: list[tuple[Client, str]] = [(Client(), "follow/live/")]
    for stranger in (browser(), desk_of("officer")):  # type: ignore[arg-type]
        strangers += [(stranger, "follow/"), (stranger, "follow/live/")]
    for stranger, path in strangers:
        answer = stranger.get(url + path)
        assert answer.status_code == 404
        assert live.HEADER not in answer.headers

    tell(said(EventKind.BOARDED, at("9:05"), found), said(EventKind.ALIGHTED, at("9:20"), found))
    page = client.get(url).content.decode()
    assert "到着しました" in page
    assert "data-live" not in page
    assert ServiceDay.objects.count() == 1
