"""The rider's pages over HTTP: three questions, an offer, a booking, and nobody else's business."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.http import urlencode

from souto.foundation.identity.models import Account
from souto.kernel.ids import new_id
from souto.services.transit import actions
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, ServiceDay
from tests.services.transit import service
from tests.services.transit.test_booking import ask, booked, rider, trip

pytestmark = pytest.mark.django_db

WHEN = "/rides/south/from/hall/to/station/"


def browser(person_id: UUID | None = None) -> Client:
    """A signed-in resident's browser."""
    client = Client(headers={"accept-language": "ja"})
    client.force_login(Account.objects.create(person_id=person_id or rider().id))
    return client


def given(**more: str) -> dict[str, str]:
    return {
        "when": "depart",
        "day": service.tomorrow().isoformat(),
        "hour": "9",
        "minute": "0",
        "adult": "1",
        "child": "0",
        "infant": "0",
        "assisted": "0",
        "wheelchairs": "0",
        "back_hour": "12",
        "back_minute": "0",
        **more,
    }


def test_three_questions_lead_to_an_offer_and_one_more_tap_books_it() -> None:
    service.published()
    client = browser()
    first = client.get("/rides/south/from/").content.decode()
    assert 'href="/rides/south/from/hall/"' in first
    second = client.get("/rides/south/from/hall/").content.decode()
    assert f'href="{WHEN}"' in second
    assert 'href="/rides/south/from/hall/to/hall/"' not in second

    answer = client.post(WHEN, given(), follow=True)

    page = answer.content.decode()
    found = Booking.objects.get()
    assert answer.redirect_chain == [(f"/rides/{found.id}/", 302)]
    assert "この便に乗れます" in page
    assert "300円" in page
    assert found.state == State.OFFERED

    page = client.post(f"/rides/{found.id}/book/", follow=True).content.decode()

    assert "予約しました" in page
    assert "1号車" in page
    assert Booking.objects.get().state == State.BOOKED
    assert f"/rides/{found.id}/" in client.get("/rides/").content.decode()


def test_stops_are_found_by_their_reading_and_the_last_ones_come_first() -> None:
    service.published()
    who = rider()
    booked(who, trip("clinic", "market"))
    client = browser(who.id)

    page = client.get("/rides/south/from/", {"q": "しやく"}).content.decode()
    assert "市役所" in page
    assert "病院" not in page
    page = client.get("/rides/south/from/", {"q": "ぬ"}).content.decode()
    assert "その名前の停留所はありません" in re.sub("<[^>]+>", "", page)
    page = re.sub("<[^>]+>", "", client.get("/rides/south/from/").content.decode())
    assert page.index("最近使った停留所") < page.index("病院") < page.index("すべての停留所")


def test_a_group_with_a_wheelchair_there_and_back() -> None:
    service.published()
    client = browser()
    answer = client.post(WHEN, given(adult="2", wheelchairs="1", back="on"), follow=True)

    page = answer.content.decode()
    there = Booking.objects.get(return_of=None)
    assert "車いす1人" in page
    assert "帰り" in page
    client.post(f"/rides/{there.id}/book/")
    assert Booking.objects.filter(state=State.BOOKED, wheelchairs=1, riders={"adult": 2}).count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"adult": "0"}, "乗る人の数を選んでください"),
        ({"adult": "5", "child": "5"}, "8人まで"),
        ({"wheelchairs": "2"}, "車いすの人数は"),
        ({"back": "on", "back_hour": "8"}, "帰りの時刻は"),
        ({"when": "whenever"}, "エラー"),
        ({"day": "2020-01-01"}, "エラー"),
        ({"hour": "99"}, "エラー"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_field(changes: dict[str, str], words: str) -> None:
    service.published()
    answer = browser().post(WHEN, given(**changes))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Booking.objects.count() == 0


def test_a_refusal_explains_and_one_tap_asks_for_the_alternative() -> None:
    service.published(booking={**service.BODY["booking"], "search_minutes": 10})
    from souto.services.transit.definition import RiderClass

    booked(rider(), trip(riders={RiderClass.ADULT: 4}))
    client = browser()
    page = client.post(WHEN, given(), follow=True).content.decode()

    assert "この条件では乗れません" in page
    assert "満席" in page
    refused = Booking.objects.get(state=State.REFUSED)
    forms = re.findall(rf'action="(/rides/{refused.id}/instead/\d+/)"', page)
    assert forms
    assert "この便に乗れます" in client.post(forms[0], follow=True).content.decode()
    assert client.post(f"/rides/{refused.id}/instead/99/").status_code == 404
    assert client.post(f"/rides/{refused.id}/book/").status_code == 409


def test_changing_gives_the_old_ride_up_for_the_new_one() -> None:
    service.published()
    who = rider()
    old = booked(who)
    client = browser(who.id)
    page = client.get(WHEN, {"change": str(old.id)}).content.decode()
    assert "予約を変更します" in page
    assert re.search(r'<option value="9" selected>', page)

    client.post(WHEN, given(hour="14", change=str(old.id)))
    new = Booking.objects.exclude(id=old.id).get()
    client.post(f"/rides/{new.id}/book/")

    old.refresh_from_db()
    assert old.state == State.CANCELLED
    assert client.get(WHEN, {"change": "x"}).status_code == 404


def test_giving_up_is_asked_once_more() -> None:
    service.published()
    who = rider()
    found = booked(who)
    client = browser(who.id)

    assert "予約を取り消しますか" in client.get(f"/rides/{found.id}/cancel/").content.decode()
    assert Booking.objects.get().state == State.BOOKED
    assert "予約を取り消しました" in client.post(f"/rides/{found.id}/cancel/", follow=True).content.decode()
    assert Booking.objects.get().state == State.CANCELLED
    assert client.get(f"/rides/{found.id}/cancel/").status_code == 302


def test_an_offer_that_has_gone_is_replaced_in_front_of_the_rider() -> None:
    from souto.services.transit.definition import RiderClass

    service.published()
    who = rider()
    mine = ask(who, trip(riders={RiderClass.ADULT: 3}))
    booked(rider(), trip(riders={RiderClass.ADULT: 3}))

    page = browser(who.id).post(f"/rides/{mine.id}/book/", follow=True).content.decode()

    assert "時間が変わりました" in page or "この条件では乗れません" in page
    assert Booking.objects.get(id=mine.id).state != State.BOOKED


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_others_see_and_change_nothing(who: str) -> None:
    service.published()
    owner = rider()
    found = booked(owner)
    offered = ask(owner, trip(at=15 * 3600))
    before = ServiceDay.objects.get().plan_version
    client = Client() if who == "anonymous" else browser()

    for path in (f"/rides/{found.id}/", f"/rides/{found.id}/cancel/"):
        answer = client.get(path)
        assert answer.status_code == (302 if who == "anonymous" else 404)
    for path in (f"/rides/{offered.id}/book/", f"/rides/{offered.id}/instead/0/"):
        assert client.post(path).status_code == (302 if who == "anonymous" else 404)
    assert client.post(f"/rides/{found.id}/cancel/").status_code == (302 if who == "anonymous" else 404)
    assert client.get(WHEN, {"change": str(found.id)}).status_code == (302 if who == "anonymous" else 404)
    found.refresh_from_db()
    offered.refresh_from_db()
    assert (found.state, offered.state) == (State.BOOKED, State.OFFERED)
    assert ServiceDay.objects.get().plan_version == before
    assert str(found.id) not in client.get("/rides/").content.decode()


def test_visitors_are_led_to_sign_in_and_unknown_places_are_not_there() -> None:
    service.published()
    for path in ("/rides/", "/rides/south/from/", "/rides/south/from/hall/", WHEN):
        assert Client().get(path).headers["Location"].startswith("/sign-in")
    client = browser()
    for path in (
        "/rides/north/from/",
        "/rides/south/from/moon/",
        "/rides/south/from/hall/to/moon/",
        f"/rides/{new_id()}/",
    ):
        assert client.get(path).status_code == 404


def ended(client: Client) -> None:
    """The session of this browser is over."""
    Session.objects.all().delete()


def test_a_session_that_ends_in_the_middle_of_booking_loses_nothing() -> None:
    service.published()
    who = rider()
    client = browser(who.id)
    account = Account.objects.get()
    ended(client)

    answer = client.post(WHEN, given(hour="14", adult="3", back="on"))

    assert answer.headers["Location"] == f"/sign-in?{urlencode({'next': WHEN})}"
    assert not Booking.objects.exists()
    client.force_login(account)
    page = client.get(WHEN)
    assert "入力した内容は、そのまま残っています" in page.content.decode()
    form = page.context["form"]
    assert [form[name].value() for name in ("hour", "adult", "back", "when")] == ["14", "3", "on", "depart"]
    assert client.get(WHEN).context["form"]["adult"].value() == 1, "kept once"

    client.post(WHEN, given(), follow=True)
    offer = Booking.objects.get()
    ended(client)
    answer = client.post(f"/rides/{offer.id}/book/")
    assert answer.headers["Location"] == f"/sign-in?{urlencode({'next': f'/rides/{offer.id}/'})}"
    assert Booking.objects.get().state == State.OFFERED
    client.force_login(account)
    assert "予約しました" in client.post(f"/rides/{offer.id}/book/", follow=True).content.decode()

    ended(client)
    client.post(f"/rides/{offer.id}/repeat/", {"weekdays": ["2", "4"], "length": "30", "skip_holidays": "on"})
    client.post(f"/rides/{offer.id}/keep/", {"name": "病院へ行く"})
    client.force_login(account)
    assert 'value="病院へ行く"' in client.get(f"/rides/{offer.id}/").content.decode()
    ended(client)
    client.post(f"/rides/{offer.id}/repeat/", {"weekdays": ["2", "4"], "length": "30"})
    client.force_login(account)
    form = client.get(f"/rides/{offer.id}/repeat/").context["form"]
    assert (form["weekdays"].value(), form["length"].value()) == (["2", "4"], "30")


def test_a_place_that_was_typed_is_never_kept() -> None:
    service.published()
    client = browser()
    ended(client)
    client.post("/rides/south/from/", {"place": "千人町二丁目"})

    assert "千人町" not in str(dict(client.session.items()))


def test_choosing_another_time_begins_with_what_was_asked_for() -> None:
    service.published()
    client = browser()
    page = client.post(WHEN, given(adult="2", hour="11", back="on", back_hour="15"), follow=True).content.decode()
    offer = Booking.objects.get(return_of=None)
    assert f'href="{WHEN}?again={offer.id}"' in page
    assert "行きと帰りの料金の合計：1,200円" in page

    form = client.get(WHEN, {"again": str(offer.id)}).context["form"]

    assert [form[name].value() for name in ("hour", "adult", "back", "back_hour")] == ["11", 2, True, "15"]
    assert browser().get(WHEN, {"again": str(offer.id)}).status_code == 404


def test_a_party_for_which_no_vehicle_is_large_enough_reads_what_helps() -> None:
    service.published()
    page = browser().post(WHEN, given(adult="8"), follow=True).content.decode()

    assert "全員が乗れる車両がありません" in page
    assert "人数を分けて予約するか、電話で相談してください" in page


def test_a_forgotten_ride_is_not_there() -> None:
    service.published()
    who = rider()
    found = booked(who)
    day = ServiceDay.objects.get()
    day.date = day.date.replace(year=day.date.year - 1)
    day.save(update_fields=["date"])
    actions.forget(actor=service.SYSTEM)

    assert browser(who.id).get(f"/rides/{found.id}/").status_code == 404


def test_now_is_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from souto.kernel import clock
    from souto.services.transit import calendar

    service.published()
    ten = calendar.instant_at(service.tomorrow(), 10 * 3600)
    monkeypatch.setattr(clock, "now", lambda: ten)
    client = browser()
    page = client.get(WHEN).content.decode()
    assert re.search(r'value="now"[^>]*checked', page)

    client.post(WHEN, given(when="now"))

    found = Booking.objects.get()
    assert (found.state, found.trip["at"], found.day.date) == (State.OFFERED, 10 * 3600, ten.date())
