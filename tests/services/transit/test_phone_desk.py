"""The telephone operator's desk over HTTP: a call becomes a booking, and only those who take calls see callers."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity.models import Account, Department, Membership, Staff
from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor, ActorKind
from souto.services.transit import actions, queries
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, Contact
from souto.services.transit.trips import Reason
from tests.services.transit import service
from tests.services.transit.test_booking import NINE, booked, rider, seconds, trip
from tests.services.transit.test_rider_pages import browser

pytestmark = pytest.mark.django_db

DESK = "/staff/transit/phone/"
SATO = Contact(name="佐藤 ハナ", phone="042-620-0001")


def member(role: Role = Role.DISPATCHER) -> Staff:
    """Somebody of the city hall with this role."""
    section, _new = Department.objects.get_or_create(code="transport", defaults={"name": "交通企画課"})
    found = Staff.objects.create(number=f"T{Staff.objects.count():03}", name="運行 一郎")
    Membership.objects.create(staff=found, department=section, role=role)
    return found


def desk_of(role: Role = Role.DISPATCHER) -> Client:
    """The browser of somebody with this role."""
    client = Client(headers={"accept-language": "ja"})
    client.force_login(Account.objects.create(staff=member(role)))
    return client


def called(contact: Contact = SATO, **more: object) -> Booking:
    """A booking that somebody made by telephone."""
    operator = Actor(kind=ActorKind.STAFF, id=member().id, permissions=frozenset({queries.OPERATE}))
    asked = actions.ask(actor=operator, slug="south", trip=trip(**more), contact=contact)  # type: ignore[arg-type]
    return actions.book(actor=operator, booking_id=asked.id)


def given(**more: str) -> dict[str, str]:
    """The form as an operator fills it in."""
    return {
        "service": "south",
        "phone": "0426200001",
        "name": "佐藤 ハナ",
        "origin": "しやく",
        "goal": "station",
        "at": "0900",
        "when": "depart",
        "day": "明日",
        "adult": "1",
        "child": "",
        "infant": "",
        "assisted": "",
        "wheelchairs": "",
        "back": "",
        "change": "",
        **more,
    }


def test_a_call_becomes_a_booking_that_is_read_aloud() -> None:
    service.published()
    client = desk_of()
    first = client.post(f"{DESK}caller/", {"phone": "０４２−６２０−０００１", "service": "south"}).content.decode()
    assert "はじめての番号です" in first

    answer = client.post(f"{DESK}ask/", given(adult="2", wheelchairs="1", back="1100"), follow=True)

    offer = Booking.objects.get(return_of=None)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{DESK}{offer.id}/", 302)]
    assert (offer.state, offer.channel, offer.contact) == (State.OFFERED, "phone", {**SATO, "phone": "0426200001"})
    assert offer.wheelchairs == 1
    assert seconds(offer, "promised_from") >= NINE
    assert "市役所へお迎えに行きます" in page
    assert "帰りは、" in page
    assert "料金は1,200円です。この便を予約してよろしいですか。" in page

    page = client.post(f"{DESK}{offer.id}/book/", follow=True).content.decode()

    assert {b.state for b in Booking.objects.all()} == {State.BOOKED}
    assert "15分前までにお電話ください" in page


def test_an_earlier_caller_is_known_by_the_number_and_rides_again() -> None:
    service.published()
    called()
    called(origin="clinic", goal="market", at=11 * 3600)
    called(Contact(name="ほかの人", phone="042-620-0002"))
    booked(rider(), trip(at=15 * 3600))
    client = desk_of()

    page = client.post(f"{DESK}caller/", {"phone": "(042)6200001", "service": "south"}).content.decode()

    assert "佐藤 ハナ" in page
    assert "ほかの人" not in page
    assert page.index("病院から市場まで") < page.index("市役所から駅まで"), "the latest trip first"
    again = re.findall(r'name="trip" value="([0-9a-f-]{36})"', page)
    assert len(again) == 2

    page = client.post(f"{DESK}caller/", {"phone": "0426200001", "service": "south", "trip": again[0]}).content.decode()

    assert 'name="origin" value="病院"' in page
    assert 'name="goal" value="市場"' in page
    assert 'name="name" value="佐藤 ハナ"' in page
    seen = Entry.objects.filter(action="transit.find_caller").order_by("id")
    assert [entry.outcome for entry in seen] == ["seen", "seen"]
    assert all("0426200001" not in str(entry.facts) for entry in seen), "the trail holds no number"


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_asked() -> None:
    service.published()
    answer = desk_of().post(
        f"{DESK}ask/", given(name="", origin="市", goal="どこか", at="25時90分", day="いつか", adult="0")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("市場、市役所", "その名前の停留所はありません", "「1430」か「14:30」", "「明日」「火」「12/3」"):
        assert words in page, words
    wrong = desk_of().post(f"{DESK}ask/", given(phone="12"))
    assert wrong.status_code == 422
    assert "10けたか11けた" in wrong.content.decode()
    assert not Booking.objects.exists()


def test_a_number_that_is_none_is_refused() -> None:
    service.published()
    answer = desk_of().post(f"{DESK}caller/", {"phone": "620", "service": "south"})

    assert answer.status_code == 422
    assert "10けたか11けた" in answer.content.decode()
    assert not Entry.objects.filter(action="transit.find_caller").exists()


def test_a_refusal_says_why_and_its_ways_out_are_one_press_away() -> None:
    service.published(booking={**service.BODY["booking"], "search_minutes": 10})
    called(Contact(name="団体", phone="042-620-0009"), riders={RiderClass.ADULT: 4})
    client = desk_of()

    page = client.post(f"{DESK}ask/", given(at="9:02"), follow=True).content.decode()
    refused = Booking.objects.get(state=State.REFUSED)

    assert refused.reason == Reason.CAPACITY
    assert "申し訳ありません。この時間の車両は満席です。" in page
    assert 'data-hotkey="1"' in page

    client.post(f"{DESK}{refused.id}/instead/0/")

    asked = Booking.objects.exclude(id=refused.id).get(state=State.OFFERED)
    assert asked.contact == refused.contact
    assert client.post(f"{DESK}{refused.id}/instead/99/").status_code == 404


def test_a_callers_ride_is_changed_and_given_up() -> None:
    service.published()
    old = called()
    client = desk_of()
    page = client.get(f"{DESK}{old.id}/change/").content.decode()
    assert f'name="change" value="{old.id}"' in page
    assert 'name="at" value="9:00"' in page

    client.post(f"{DESK}ask/", given(at="14", change=str(old.id)))
    new = Booking.objects.get(state=State.OFFERED)
    assert new.replaces_id == old.id
    client.post(f"{DESK}{new.id}/book/")
    old.refresh_from_db()
    assert old.state == State.CANCELLED

    page = client.post(f"{DESK}{new.id}/cancel/", follow=True).content.decode()

    new.refresh_from_db()
    assert new.state == State.CANCELLED
    assert "予約を取り消しました。" in page
    answer = client.post(f"{DESK}ask/", given(change=str(old.id)), follow=True)
    assert "この予約は変更できません" in answer.content.decode()


def test_stops_are_offered_while_they_are_typed() -> None:
    service.published()
    client = desk_of()

    page = client.get(f"{DESK}stops/", {"goal": "びよう", "service": "south"}).content.decode()
    assert 'data-value="病院"' not in page, "a small kana is no large one"
    page = client.get(f"{DESK}stops/", {"goal": "びょう", "service": "south"}).content.decode()
    assert 'id="goal-clinic"' in page
    assert page.count('role="option"') == 1


@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.AUDITOR, "resident"])
def test_only_those_who_take_calls_see_callers_and_book_for_them(role: Role | str | None) -> None:
    service.published()
    old = called()
    client = browser() if role == "resident" else desk_of(Role(role)) if role else Client()
    before = (Booking.objects.count(), Entry.objects.filter(action__startswith="transit.").count())

    answers = [
        client.get(DESK),
        client.post(f"{DESK}caller/", {"phone": SATO["phone"], "service": "south"}),
        client.post(f"{DESK}ask/", given()),
        client.get(f"{DESK}stops/", {"goal": "し"}),
        client.get(f"{DESK}{old.id}/"),
        client.get(f"{DESK}{old.id}/change/"),
        client.post(f"{DESK}{old.id}/book/"),
        client.post(f"{DESK}{old.id}/instead/0/"),
        client.post(f"{DESK}{old.id}/cancel/"),
    ]

    expected = 302 if role is None else 404 if role == "resident" else 403
    assert {answer.status_code for answer in answers} == {expected}
    assert all("佐藤" not in answer.content.decode() for answer in answers)
    old.refresh_from_db()
    assert old.state == State.BOOKED
    done = Entry.objects.filter(action__startswith="transit.").exclude(outcome="refused").count()
    assert (Booking.objects.count(), done) == before


def test_a_residents_own_ride_is_not_shown_at_the_desk() -> None:
    service.published()
    own = booked(rider())

    assert desk_of().get(f"{DESK}{own.id}/").status_code == 404


def test_without_a_service_the_desk_says_so() -> None:
    client = desk_of()

    words = re.sub(r"<[^>]+>", "", client.get(DESK).content.decode())
    assert "いま予約できる運行はありません" in words
    assert client.post(f"{DESK}ask/", given()).status_code == 302
