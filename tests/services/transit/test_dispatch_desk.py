"""The dispatcher's desk over HTTP: what needs somebody comes first, a ride is moved with consent, a breakdown is one action, and only dispatchers see any of it."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from souto.foundation.audit.models import Entry
from souto.foundation.identity.roles import Role
from souto.foundation.ui import live
from souto.kernel import clock
from souto.kernel.ids import new_id
from souto.services.transit import actions, dispatch, plans, trips
from souto.services.transit.definition import RiderClass
from souto.services.transit.lifecycle import State
from souto.services.transit.models import Booking, EventKind, ServiceDay
from souto.services.transit.ways import Ways
from tests.services.procedures.helpers import desk
from tests.services.transit import service
from tests.services.transit.desks import OTHERS
from tests.services.transit.running import SYSTEM, TWO, SetClock, at, plan_now, said, tell
from tests.services.transit.test_booking import booked, rider, trip

pytestmark = pytest.mark.django_db
__all__ = ["at"]

DESK = "/staff/transit/dispatch/"
NINE = 9 * 3600
FOUR = {RiderClass.ADULT: 4}


def dispatcher() -> Client:
    return desk(Role.DISPATCHER)


def page(answer: Any) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().replace("<wbr>", "")).split())


def full() -> tuple[Booking, Booking, str, str]:
    """Two parties that fill a vehicle each; the vehicles of both."""
    service.published(vehicles=[{**TWO[0], "phone": "090-0000-0001"}, TWO[1]])
    first = booked(rider(), trip("hall", "market", riders=FOUR))
    second = booked(rider(), trip("station", "hall", riders=FOUR))
    homes = [plan_now().route_of(str(ride.id)) for ride in (first, second)]
    return first, second, *[home.vehicle for home in homes if home]  # type: ignore[return-value]


def addresses(booking: Booking) -> list[str]:
    day = booking.day.date.isoformat()
    asked = f"?service=south&day={day}"
    car, one = f"{DESK}vehicles/south/{day}/v1/", f"{DESK}rides/{booking.id}/"
    return [
        f"{DESK}{asked}", f"{DESK}part/{asked}", f"{DESK}live/{asked}", f"{DESK}places/{asked}", one, f"{one}move/", f"{one}move/?vehicle=v2",
        car, f"{car}breakdown/", f"{car}broken/",
    ]  # fmt: skip


def state() -> tuple[int, list[str], int]:
    return (
        ServiceDay.objects.get().plan_version,
        list(Booking.objects.values_list("state", flat=True)),
        Entry.objects.filter(action__startswith="transit.").count(),
    )


@pytest.mark.parametrize("who", [*OTHERS, "driver"])
def test_only_dispatchers_see_the_desk_and_nobody_else_changes_anything(at: SetClock, who: str) -> None:
    first, _second, *_homes = full()
    at("8:50")
    before = state()
    caller, status = OTHERS[who] if who in OTHERS else (lambda: desk(Role.DRIVER), 403)
    client = caller()
    for address in addresses(first):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert live.HEADER not in answer.headers
    one, car = f"{DESK}rides/{first.id}/", f"{DESK}vehicles/south/{first.day.date}/v1/"
    for address, given in (
        (f"{one}move/", {"vehicle": "v2", "seen": "3", "accept": "1"}),
        (f"{one}cancel/", {}),
        (f"{car}breakdown/", {"stop": "hall"}),
    ):
        assert client.post(address, given).status_code == status, address
    assert state() == before


def test_every_page_opens_for_a_dispatcher(at: SetClock) -> None:
    first, *_ = full()
    at("8:50")
    client = dispatcher()
    for address in addresses(first)[:-1]:
        assert client.get(address).status_code == 200, address
    assert client.get(addresses(first)[-1]).status_code == 302  # nothing has broken down
    for wrong in ("vehicles/south/2026-99-99/v1/", "vehicles/south/x/v1/", f"vehicles/south/{first.day.date}/v9/"):
        assert client.get(f"{DESK}{wrong}").status_code == 404
    assert client.get(f"{DESK}?day=nonsense&service=nowhere").status_code == 200
    assert client.get(f"{DESK}?day=1999-01-01").status_code == 200


def test_the_page_may_listen_to_its_day_only() -> None:
    first, *_ = full()
    answer = dispatcher().get(f"{DESK}live/?service=south&day={first.day.date}")
    assert answer.headers[live.HEADER].split()[1:] == [
        f"transit.day:{first.day_id}",
        f"transit.places:{first.day_id}=moved",
    ]
    assert answer.headers["Content-Type"] == "text/event-stream"


def test_a_vehicle_that_only_tells_where_it_is_moves_on_the_map_and_nothing_else_is_asked(
    at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, home, _other = full()
    tell(said(EventKind.BEGAN, at("8:50")), vehicle=home)
    heard: list[str] = []
    monkeypatch.setattr("souto.kernel.live._announce", heard.append)
    client, address = dispatcher(), f"{DESK}places/?service=south&day={first.day.date}"
    assert json.loads(client.get(address).context["places"]) == {}

    now = at("8:55")
    seen = actions.Seen(35.65, 139.33, now)
    tell(vehicle=home, seen=seen)
    assert heard == [f"transit.places:{first.day_id}"]
    assert json.loads(client.get(address).context["places"]) == {f"vehicle-{home}": [35.65, 139.33]}
    tell(vehicle=home, seen=seen)  # sent twice
    assert heard == [f"transit.places:{first.day_id}"]

    # Together with a report, everything may have changed; a place that is old is none.
    tell(said(EventKind.BREAK_BEGAN, at("9:00")), vehicle=home, seen=actions.Seen(35.66, 139.34, at("9:00")))
    assert set(heard[1:]) == {f"transit.day:{first.day_id}"}
    at("9:10")
    assert json.loads(client.get(address).context["places"]) == {}


def test_a_calm_day_says_that_all_promises_are_safe(at: SetClock) -> None:
    full()
    at("8:30")
    assert "すべての約束を守れる見込みです。" in page(dispatcher().get(DESK))


def test_the_map_shows_vehicles_on_duty_and_none_that_is_parked(at: SetClock) -> None:
    service.published(vehicles=TWO)
    tell(said(EventKind.BEGAN, at("9:00")))
    content = dispatcher().get(DESK).content.decode()
    assert "vehicle-v1" in content
    assert "vehicle-v2" not in content


def test_what_needs_somebody_comes_first_with_what_to_do(at: SetClock) -> None:
    _first, _second, home, other = full()
    now = at("8:55")
    tell(said(EventKind.BEGAN, now), vehicle=home)
    tell(said(EventKind.BROKE_DOWN, now), vehicle=other)
    at("9:30")  # nobody has said a word since
    text = page(dispatcher().get(DESK))
    assert "すべての約束" not in text
    order = [text.index(word) for word in ("分の遅れ", "走れない", "連絡がない")]
    assert order == sorted(order)
    assert "別の車両に移す" in text
    assert "運行を止めて、迎えを探す" in text
    assert "運転手に電話 090-0000-0001" in text


def test_a_rider_whom_nobody_fetches_stands_on_top(at: SetClock) -> None:
    service.published()
    first = booked(rider(), trip())
    at("8:50")
    actions.break_down(actor=SYSTEM, slug="south", day=clock.today(), vehicle="v1")
    client = dispatcher()
    text = page(client.get(DESK))
    assert "迎えがない" in text
    assert "お迎えの約束 9:" in text
    assert "迎えの車両がありません" in page(client.get(f"{DESK}rides/{first.id}/"))


def test_a_report_that_does_not_go_with_the_plan_is_shown(at: SetClock) -> None:
    first, _, home, other = full()
    now = at("9:06")
    tell(said(EventKind.BOARDED, now, first), vehicle=home)
    tell(said(EventKind.ALIGHTED, at("9:30"), first), vehicle=other)
    first.refresh_from_db()
    if first.carried_by == other:  # whichever the plan believes, the other's report is astray
        home, other = other, home
    assert "記録が違う" in page(dispatcher().get(DESK))


def test_looks_are_on_record_once_and_not_with_every_look_again(at: SetClock) -> None:
    first, *_ = full()
    at("8:50")
    client = dispatcher()
    client.get(DESK)
    for _ in range(3):
        client.get(f"{DESK}part/?service=south&day={first.day.date}")
    client.get(f"{DESK}rides/{first.id}/")
    seen = Entry.objects.filter(action__in=["transit.open_day", "transit.open_ride"]).order_by("at")
    assert [(entry.action, entry.subject_id) for entry in seen] == [
        ("transit.open_day", first.day_id),
        ("transit.open_ride", first.id),
    ]


def test_a_move_that_breaks_promises_says_whose_and_wants_consent(at: SetClock) -> None:
    first, second, home, _other = full()
    at("8:30")
    client = dispatcher()
    address = f"{DESK}rides/{second.id}/move/"
    before = ServiceDay.objects.get().plan_version

    shown = client.get(f"{address}?vehicle={home}")
    assert "守れなくなる約束があります" in page(shown)
    assert re.search(r"約\d+分", page(shown))
    seen = re.search(r'name="seen" value="(\d+)"', shown.content.decode())
    assert seen is not None
    assert int(seen[1]) == before

    refused = client.post(address, {"vehicle": home, "seen": seen[1]})
    assert refused.status_code == 422
    assert "まだ移していません" in page(refused)
    old = client.post(address, {"vehicle": home, "seen": str(before - 1), "accept": "1"})
    assert old.status_code == 422
    assert ServiceDay.objects.get().plan_version == before

    done = client.post(address, {"vehicle": home, "seen": seen[1], "accept": "1"}, follow=True)
    assert "別の車両に移しました。" in page(done)
    moved = plan_now().route_of(str(second.id))
    assert moved is not None
    assert moved.vehicle == home
    told = Booking.objects.filter(revised_to__isnull=False).first()
    assert told is not None
    assert "伝え直した時刻" in page(client.get(f"{DESK}rides/{told.id}/"))
    assert first.id != second.id


def test_a_move_that_cannot_be_is_said(at: SetClock) -> None:
    service.published(vehicles=[TWO[0], {**TWO[1], "layouts": [{"seat": 1}]}])
    ride = booked(rider(), trip(riders=FOUR))
    at("8:30")
    client = dispatcher()
    address = f"{DESK}rides/{ride.id}/move/"
    text = page(client.get(f"{address}?vehicle=v2"))
    assert "この車両には移せません" in text
    assert "この車両に移す" not in text
    assert client.post(address, {"vehicle": "v2", "seen": "99", "accept": "1"}).status_code == 422
    assert client.get(f"{address}?vehicle=bus").status_code == 404
    tell(said(EventKind.BOARDED, at("9:06"), ride))
    assert "この乗車は、もう移せません。" in page(client.get(address))


def test_a_breakdown_says_whom_it_concerns_and_what_became_of_them(at: SetClock) -> None:
    first, second, home, _other = full()
    tell(said(EventKind.BOARDED, at("9:06"), first), vehicle=home)
    at("9:08")
    client = dispatcher()
    car = f"{DESK}vehicles/south/{first.day.date}/{home}/"
    asked = page(client.get(f"{car}breakdown/"))
    assert "乗っている予約 1件" in asked
    done = client.post(f"{car}breakdown/", {"stop": "clinic"}, follow=True)
    text = page(done)
    assert "の運行を止めました" in text
    assert done.redirect_chain == [(f"{car}broken/", 302)]
    assert any(word in text for word in ("迎えが見つからない人", "遅れて迎えに行く人", "約束どおり迎えに行く人"))
    again = client.post(f"{car}breakdown/", {"stop": "clinic"}, follow=True)
    assert "この車両は、もう運行を止めています。" in page(again)
    assert second.state == State.BOOKED


def test_a_ride_is_cancelled_from_its_page(at: SetClock) -> None:
    first, *_ = full()
    at("8:30")
    answer = dispatcher().post(f"{DESK}rides/{first.id}/cancel/", follow=True)
    assert "予約を取り消しました。" in page(answer)
    first.refresh_from_db()
    assert first.state == State.CANCELLED


def generated(slug: str, vehicles: int, rides: int) -> int:
    """A day of so many vehicles and about so many rides, planned by the engine; how many it took."""
    cars = [{**TWO[0], "code": f"v{n}", "name": {"ja": f"{n}号車"}} for n in range(1, vehicles + 1)]
    version = service.published(slug=slug, vehicles=cars)
    date = service.tomorrow()
    day = plans.day_of(version, date)
    plan, rows = plans.read(day), []
    stops = [stop.code for stop in version.definition.stops]
    for n in range(rides):
        asked = trip(stops[n % 4], stops[(n + 1 + n // 4 % 3) % 4], at=7 * 3600 + n * 11 * 3600 // rides)
        found = dispatch.insert(
            plan,
            trips.request(str(key := new_id()), asked, version.definition, cast("Ways", version.ways)),
            explain=False,
        )
        if isinstance(found, dispatch.Refusal):
            continue
        plan = found.plan
        row = Booking(id=key, day=day, channel="phone", state=State.BOOKED, riders={"adult": 1}, fare=300)
        row.trip, row.contact, row.ways_out = asked.row(), {"name": f"利用者{n}", "phone": "042-000-0000"}, []
        row.promised_from = row.promised_to = row.promised_arrival = clock.now()
        rows.append(row)
    Booking.objects.bulk_create(rows)
    with transaction.atomic():
        assert plans.swap(day, plan)
    return len(rows)


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_sixty_vehicles_ask_the_database_no_more_than_two(at: SetClock) -> None:
    assert generated("small", 2, 6) > 2
    assert generated("large", 60, 120) > 100  # two for each vehicle: planning grows with the square of them
    client, day = dispatcher(), service.tomorrow()
    found = {}
    for slug in ("small", "large"):
        client.get(f"{DESK}?service={slug}&day={day}")  # the first look of a process reads the travel times
        found[slug] = [asked(client, f"{DESK}{kind}?service={slug}&day={day}") for kind in ("", "part/")]
    assert found["large"] == found["small"]
    assert max(found["large"]) < 30
