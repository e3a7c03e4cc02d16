"""The driver's pages: who may, plain forms without a script, and what a tablet delivers."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from souto.foundation.audit.models import Entry
from souto.foundation.identity.roles import Role
from souto.foundation.ui import live
from souto.kernel import clock
from souto.services.transit.lifecycle import State
from souto.services.transit.models import DroppedReport, EventKind, FareCollection, VehicleEvent, VehiclePosition
from tests.services.applications import world
from tests.services.transit import service
from tests.services.transit.driving import DRIVE, V1, browser, deliver, driver, rides, row
from tests.services.transit.running import TWO, SetClock, at

pytestmark = pytest.mark.django_db
__all__ = ["at"]

POSTS = (f"{V1}report/", f"{V1}deliveries/", f"{V1}dismissals/")
PAGES = (DRIVE, f"{DRIVE}shell/", V1)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<template.*?</template>|<[^>]+>", "", page, flags=re.DOTALL))


def press(client: Client, kind: str, *bookings: Any, to: str = V1, **more: str) -> Any:
    given = {"kind": kind, "id": str(uuid4()), "booking": [str(one.id) for one in bookings], **more}
    return client.post(f"{to}report/", given, follow=True)


def test_a_tablet_may_listen_to_its_day_only(at: SetClock) -> None:
    first, _ = rides()
    at("8:50")
    client = browser(driver())
    assert client.get(f"{V1}live/").headers[live.HEADER].split()[1:] == [f"transit.day:{first.day_id}"]
    assert client.get(f"{DRIVE}south/v9/live/").status_code == 404


@pytest.mark.parametrize("who", ["anonymous", "resident", "officer"])
def test_who_does_not_drive_sees_and_changes_nothing(at: SetClock, who: str) -> None:
    first, _ = rides()
    now = at("8:50")
    actor = {"anonymous": None, "resident": world.resident(), "officer": world.staff()}[who]
    client = browser(actor)
    page, answer = {"anonymous": (302, 401), "resident": (404, 404), "officer": (403, 403)}[who]

    for address in PAGES:
        assert client.get(address).status_code == page
    assert client.get(f"{V1}plan.json").status_code == answer
    heard = client.get(f"{V1}live/")
    assert heard.status_code == answer
    assert live.HEADER not in heard.headers
    assert deliver(client, now, row("boarded", now, first)).status_code == answer
    gone = {"day": clock.today().isoformat(), "reports": [{**row("boarded", now, first), "reason": "unknown"}]}
    assert client.post(f"{V1}dismissals/", json.dumps(gone), content_type="application/json").status_code == answer
    given = {"kind": "boarded", "id": str(uuid4()), "booking": str(first.id)}
    assert client.post(f"{V1}report/", given).status_code == page

    first.refresh_from_db()
    assert first.state == State.BOOKED
    assert VehicleEvent.objects.count() == DroppedReport.objects.count() == VehiclePosition.objects.count() == 0


def test_a_form_of_another_site_changes_nothing(at: SetClock) -> None:
    first, _ = rides()
    now = at("8:50")
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser(driver()).cookies

    assert deliver(client, now, row("boarded", now, first)).status_code == 403
    assert client.post(f"{V1}report/", {"kind": "began", "id": str(uuid4())}).status_code == 403
    assert VehicleEvent.objects.count() == 0


def test_the_token_of_the_cookie_is_enough(at: SetClock) -> None:
    rides()
    now = at("8:50")
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser(driver()).cookies
    client.get(f"{V1}plan.json")
    body = json.dumps({"day": clock.today().isoformat(), "sent_at": now.isoformat(), "reports": [row("began", now)]})
    token = client.cookies["souto_csrf"].value

    answer = client.post(f"{V1}deliveries/", body, content_type="application/json", headers={"X-CSRFToken": token})

    assert answer.status_code == 200
    assert VehicleEvent.objects.get().kind == EventKind.BEGAN


def test_a_day_without_a_script(at: SetClock) -> None:
    first, second = rides()
    at("8:50")
    client = browser(driver())
    assert "乗務している人はいません" in words(client.get(DRIVE).content.decode())

    page = words(press(client, "began").content.decode())
    assert "市役所" in page
    assert "ヤマダ ハナコ" in page.replace("　", " ")
    assert "300円" in page
    at("9:04")
    page = words(press(client, "arrived", first, second).content.decode())
    assert "停留所に着きました" in page
    at("9:06")
    press(client, "boarded", first)
    page = words(press(client, "no_show", second).content.decode())
    assert re.search("つぎの停留所 駅", page)
    at("9:20")
    page = words(press(client, "alighted", first).content.decode())
    assert "つぎの予定はありません" in page
    press(client, "ended")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.COMPLETED, State.NO_SHOW)
    assert first.met_at is not None
    assert first.boarded_at is not None
    assert f"{first.met_at:%M} {first.boarded_at:%M}" == "04 06"
    kinds = list(VehicleEvent.objects.order_by("at", "id").values_list("kind", flat=True))
    assert sorted(kinds) == sorted(["began", "arrived", "arrived", "boarded", "no_show", "alighted", "ended"])
    assert "乗務している人はいません" in words(client.get(DRIVE).content.decode())


def test_pressing_twice_reports_once(at: SetClock) -> None:
    first, _ = rides()
    at("9:05")
    client = browser(driver())
    given = {"kind": "boarded", "id": str(uuid4()), "booking": str(first.id)}
    client.post(f"{V1}report/", given)
    client.post(f"{V1}report/", given)

    assert VehicleEvent.objects.count() == 1


@pytest.mark.parametrize("given", [{"kind": "flew"}, {"id": "1"}, {"booking": "x"}, {"kind": "x\x00"}])
def test_what_no_button_sends_is_not_there(at: SetClock, given: dict[str, str]) -> None:
    rides()
    at("9:05")
    answer = browser(driver()).post(f"{V1}report/", {"kind": "began", "id": str(uuid4()), **given})

    assert answer.status_code == 404
    assert VehicleEvent.objects.count() == 0


def test_taking_a_vehicle_over_asks_once(at: SetClock) -> None:
    rides()
    at("8:50")
    press(browser(driver()), "began")
    client = browser(driver())

    page = words(press(client, "began").content.decode())
    assert "交代するときは" in page
    assert VehicleEvent.objects.count() == 1
    assert "さんが乗務しています" in words(client.get(DRIVE).content.decode())

    at("8:52")
    press(client, "began", accept="yes")
    assert VehicleEvent.objects.count() == 2
    assert "あなたが乗務しています" in words(client.get(DRIVE).content.decode())


def test_a_break_says_how_long_it_still_is(at: SetClock) -> None:
    rest = {"earliest": "12:00", "latest": "13:00", "minutes": 45}
    service.published(vehicles=[{**TWO[0], "breaks": [rest]}])
    at("12:00")
    client = browser(driver())
    press(client, "began")
    page = words(client.get(V1).content.decode())
    assert "休憩45分" in page

    at("12:05")
    press(client, "break_began")
    answer = client.get(f"{V1}plan.json").json()
    assert (answer["doing"], answer["rest_minutes"]) == ("resting", 45)
    at("12:50")
    press(client, "break_ended")
    assert client.get(f"{V1}plan.json").json()["rest_since"] is None


def test_a_breakdown_is_in_front_of_the_dispatcher(at: SetClock) -> None:
    from souto.services.transit import queries

    first, _ = rides()
    at("9:00")
    client = browser(driver())
    press(client, "began")
    page = words(press(client, "broke_down").content.decode())

    assert "走れなくなったことを記録しました" in page
    now = queries.vehicles_now(first.day)[0]
    assert (now.trouble, now.doing) == (True, queries.Doing.BROKEN)


def test_the_list_has_a_tag_that_only_changes_with_it(at: SetClock) -> None:
    first, _ = rides()
    at("8:30")
    client = browser(driver())
    answer = client.get(f"{V1}plan.json")
    sheet, tag = answer.json(), answer.headers["ETag"]
    assert sheet["stops"][0]["name"] == "市役所"
    assert {call["kind"] for call in sheet["stops"][0]["calls"]} == {"pickup"}
    assert sheet["riders"][str(first.id)]["fare"] == "300円"
    assert sheet["stops"][0]["geo"].startswith("geo:35.664000,139.316000?")
    assert "35.664000,139.316000" in sheet["stops"][0]["maps"]

    at("8:31")
    assert client.get(f"{V1}plan.json", headers={"If-None-Match": tag}).status_code == 304
    press(client, "arrived", first)
    assert client.get(f"{V1}plan.json", headers={"If-None-Match": tag}).status_code == 200


def test_a_delivery_is_stored_once_and_answered_with_the_list(at: SetClock) -> None:
    first, second = rides()
    now = at("9:10")
    who = driver()
    client = browser(who)
    rows = [
        row("began", now - timedelta(minutes=30)),
        row("boarded", now - timedelta(minutes=4), first),
        row("no_show", now - timedelta(minutes=3), second),
    ]
    seen = {"lat": 35.66, "lon": 139.32, "at": now.isoformat()}

    answer = deliver(client, now, *reversed(rows), seen=seen).json()
    again = deliver(client, now, *rows).json()

    assert [one["stored"] for one in answer["results"]] == [True] * 3
    assert [one["stored"] for one in again["results"]] == [True] * 3
    assert VehicleEvent.objects.count() == 3
    assert set(VehicleEvent.objects.values_list("staff_id", flat=True)) == {who.id}
    assert (answer["sheet"]["mine"], answer["sheet"]["aboard"]) == (True, [str(first.id)])
    assert answer["sheet"]["absent"] == [str(second.id)]
    place = VehiclePosition.objects.get()
    assert (place.lat, place.lon) == (35.66, 139.32)


def test_a_fare_taken_on_board_is_noted_once_and_a_second_one_comes_back(at: SetClock) -> None:
    first, second = rides()
    now = at("9:10")
    client = browser(driver())
    fare = {**row("fare", now, first), "amount": 300}
    wrong = {**row("fare", now, second), "amount": 200}

    for _ in range(2):
        answer = deliver(client, now, row("boarded", now, first), fare, wrong, row("fare", now, second)).json()
    again = deliver(client, now, {**row("fare", now, first), "amount": 300}).json()["results"][0]

    found = {one["id"]: one for one in answer["results"]}
    assert found[fare["id"]]["stored"]
    assert (found[wrong["id"]]["reason"], found[wrong["id"]]["words"]) == (
        "no_fare",
        "料金は300円です。金額を確かめてください。",
    )
    assert Counter(one.get("reason", "stored") for one in answer["results"]) == {
        "stored": 2,
        "no_fare": 1,
        "unreadable": 1,
    }
    assert (again["stored"], again["words"]) == (False, "この予約の料金は、すでに支払われています。")
    assert [(taken.booking_id, taken.amount) for taken in FareCollection.objects.all()] == [(first.id, 300)]
    riders = answer["sheet"]["riders"]
    assert (riders[str(first.id)]["pay"], riders[str(second.id)]["pay"]) == ("taken", "due")


def test_a_fare_of_another_day_is_none_of_this_tablet(at: SetClock) -> None:
    first, _ = rides()
    now = at("9:10")
    client = browser(driver())
    for address, booking in ((V1, uuid4()), (f"{DRIVE}south/v9/", first.id)):
        answer = deliver(client, now, {**row("fare", now, booking), "amount": 300}, to=address).json()
        assert [one["stored"] for one in answer["results"]] == [False]
    assert FareCollection.objects.count() == 0


def test_a_fare_without_a_script(at: SetClock) -> None:
    first, _ = rides()
    at("9:05")
    client = browser(driver())
    press(client, "began")
    given = {"amount": "300"}
    page = words(press(client, "fare", first, **given).content.decode())
    assert "料金は支払い済み" in page
    assert FareCollection.objects.get().booking_id == first.id
    assert "すでに支払われています" in words(press(client, "fare", first, **given).content.decode())
    assert press(client, "fare", first, amount="x").status_code == 404
    assert press(client, "fare", amount="300").status_code == 404


def test_a_wrong_clock_on_the_tablet_does_no_harm(at: SetClock) -> None:
    first, _ = rides()
    now = at("9:10")
    wrong = now + timedelta(hours=7)

    deliver(browser(driver()), wrong, row("boarded", wrong - timedelta(minutes=5), first))

    first.refresh_from_db()
    assert first.boarded_at == now - timedelta(minutes=5)


def test_bad_rows_hold_up_no_good_one_and_say_why(at: SetClock) -> None:
    first, _ = rides()
    now = at("9:10")
    odd = [
        row("boarded", now),  # nobody
        row("boarded", now, uuid4()),  # nobody of this day
        {**row("boarded", now, first), "kind": "flew"},
        {**row("boarded", now, first), "at": "yesterday"},
        {**row("boarded", now, first), "at": "2026-01-01T00:00:00"},
        {**row("boarded", now, first), "id": "me"},
        {},
    ]

    answer = deliver(browser(driver()), now, *odd, row("boarded", now, first))

    assert answer.status_code == 200
    found = answer.json()["results"]
    reasons = Counter(one.get("reason", "stored") for one in found)
    assert reasons == {"stored": 1, "unknown": 2, "unreadable": 5}
    assert all(one["stored"] or one["words"] for one in found)
    first.refresh_from_db()
    assert first.state == State.ABOARD
    assert VehicleEvent.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"day":"2026-99-01"}', b"\xff\xfe", b'{"day":"2026-11-29","sent_at":"x","reports":[]}'],
)
def test_what_is_no_delivery_is_answered_and_changes_nothing(at: SetClock, body: bytes) -> None:
    rides()
    at("9:10")
    client = browser(driver())

    for part in ("deliveries", "dismissals"):
        assert client.post(f"{V1}{part}/", body, content_type="application/json").status_code == 400
    assert VehicleEvent.objects.count() == DroppedReport.objects.count() == 0


@pytest.mark.parametrize("seen", [{"lat": 99, "lon": 0}, {"lat": "x", "lon": 0}, {"lat": 1}])
def test_a_place_outside_of_the_world_is_none(at: SetClock, seen: dict[str, Any]) -> None:
    rides()
    now = at("9:10")

    assert deliver(browser(driver()), now, seen={**seen, "at": now.isoformat()}).status_code == 400
    assert VehiclePosition.objects.count() == 0


def test_an_old_day_is_refused_row_by_row_and_given_up_in_sight_of_the_dispatcher(
    at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = rides()
    now, day = at("9:10"), first.day.date.isoformat()
    client = browser(driver())
    kept = row("boarded", now, first)
    monkeypatch.setattr(clock, "real_now", lambda: now + timedelta(days=3))
    answer = deliver(client, clock.now(), kept, day=day)
    assert [one["reason"] for one in answer.json()["results"]] == ["old"]
    assert "sheet" not in answer.json()

    gone = {"day": day, "reports": [{**kept, "reason": "old"}]}
    for _ in range(2):
        done = client.post(f"{V1}dismissals/", json.dumps(gone), content_type="application/json")
        assert done.json() == {"dropped": [kept["id"]]}

    dropped = DroppedReport.objects.get()
    assert (dropped.kind, dropped.booking, dropped.reason) == ("boarded", first.id, "old")
    assert Entry.objects.filter(action="transit.drop_report").count() == 1
    dispatcher = browser(world.staff(Role.DISPATCHER, department="transport"))
    assert "受け付けられる日を過ぎました" in words(dispatcher.get(DRIVE).content.decode())
    assert "運転手が破棄した記録" not in words(client.get(DRIVE).content.decode())
    first.refresh_from_db()
    assert first.state == State.BOOKED


def test_rows_of_a_vehicle_that_is_none_come_back_and_stay_with_the_tablet(at: SetClock) -> None:
    first, _ = rides()
    now = at("9:10")

    answer = deliver(browser(driver()), now, row("boarded", now, first), to=f"{DRIVE}south/v9/", day="2026-01-01")

    assert answer.status_code == 200
    assert [one["reason"] for one in answer.json()["results"]] == ["unreadable"]
    assert VehicleEvent.objects.count() == 0


def test_looking_at_who_rides_is_put_on_record(at: SetClock) -> None:
    rides()
    at("8:30")
    client = browser(driver())
    client.get(V1)
    assert Entry.objects.filter(action="transit.see_sheet").count() == 1
    client.get(f"{V1}plan.json")
    assert Entry.objects.filter(action="transit.see_sheet").count() == 2

    deliver(client, at("8:31"), row("began", at("8:31")))
    client.get(f"{V1}plan.json")
    assert Entry.objects.filter(action="transit.see_sheet").count() == 2


def test_the_page_that_a_tablet_keeps_holds_nobodys_data(at: SetClock) -> None:
    rides()
    at("8:30")
    page = browser(driver()).get(f"{DRIVE}shell/").content.decode()

    assert "ヤマダ" not in page
    assert 'data-t="person"' in page


def test_the_worker_is_a_script_without_sign_in_and_serves_these_pages_only() -> None:
    answer = Client().get(f"{DRIVE}worker.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [f"{DRIVE}north/v1/", f"{DRIVE}south/v9/", f"{DRIVE}north/v1/plan.json"])
def test_unknown_vehicles_are_not_there(at: SetClock, address: str) -> None:
    rides()
    at("8:30")
    assert browser(driver()).get(address).status_code == 404


def test_a_closed_day_says_so(at: SetClock) -> None:
    at("8:30")
    service.published(hours={**service.BODY["hours"], "closed": [clock.today().isoformat()]})
    assert "今日は運行しません" in words(browser(driver()).get(DRIVE).content.decode())
