"""Notices to riders: written once, shown at once, told to route planners, ended, on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from google.transit import gtfs_realtime_pb2 as pb

from souto.foundation.audit.models import Entry
from souto.foundation.identity.roles import Role
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.kernel.ids import new_id
from souto.services.transit import actions, queries
from souto.services.transit.models import ServiceAlert
from tests.services.applications import world
from tests.services.transit import service
from tests.services.transit.test_rider_pages import browser

pytestmark = pytest.mark.django_db

DESK = "/staff/transit/alerts/"
ALERTS = "/open/transit/gtfs-rt/alerts"
HEADER = {"ja": "大雪のため運休", "ja-easy": "雪で 休みます", "en": "No service: snow"}
TEXT = {"ja": "明日は終日運休します。", "ja-easy": "", "en": "No service all day tomorrow."}


def write(actor: Actor = service.SYSTEM, **changes: Any) -> ServiceAlert:
    given: dict[str, Any] = {
        "slug": "south",
        "header": HEADER,
        "text": TEXT,
        "cause": "WEATHER",
        "effect": "NO_SERVICE",
        "starts_at": clock.now(),
        "ends_at": clock.now() + timedelta(days=1),
    }
    return actions.write_alert(actor=actor, **{**given, **changes})


def told() -> list[Any]:
    answer = Client().get(f"{ALERTS}.pb")
    assert answer.headers["Content-Type"] == "application/x-protobuf"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    message = pb.FeedMessage.FromString(answer.content)
    assert message.IsInitialized()
    return list(message.entity)


def form(**changes: str) -> dict[str, str]:
    start = clock.local(clock.now())
    return {
        "slug": "south",
        "effect": "NO_SERVICE",
        "cause": "WEATHER",
        "starts": f"{start:%Y-%m-%dT%H:%M}",
        "ends": f"{start + timedelta(days=1):%Y-%m-%dT%H:%M}",
        "header_ja": "大雪のため運休",
        "text_ja": "明日は終日運休します。",
        "header_ja-easy": "",
        "text_ja-easy": "",
        "header_en": "",
        "text_en": "",
        **changes,
    }


def test_a_notice_is_told_to_route_planners_in_every_language() -> None:
    service.published()
    alert = write()

    entity = told()[0]

    assert entity.id == str(alert.id)
    assert [one.route_id for one in entity.alert.informed_entity] == ["south"]
    assert (entity.alert.cause, entity.alert.effect) == (pb.Alert.WEATHER, pb.Alert.NO_SERVICE)
    assert {t.language: t.text for t in entity.alert.header_text.translation} == {
        "ja": "大雪のため運休",
        "ja-x-easy": "雪で 休みます",
        "en": "No service: snow",
    }
    assert {t.language for t in entity.alert.description_text.translation} == {"ja", "en"}
    readable = Client().get(f"{ALERTS}.json").json()
    assert readable["entity"][0]["alert"]["effect"] == "NO_SERVICE"


def test_a_notice_of_all_services_is_for_the_operator_and_one_of_a_later_version_for_both_routes() -> None:
    service.published()
    later = clock.today() + timedelta(days=5)
    service.published(later, fares={**service.BODY["fares"], "adult": 350})
    write(slug="")
    write()

    found = [[(one.agency_id, one.route_id) for one in entity.alert.informed_entity] for entity in told()]

    assert found == [[("1000020132012", "")], [("", "south"), ("", f"south-{later:%Y%m%d}")]]


def test_a_notice_of_a_service_that_is_not_published_concerns_nobody_else() -> None:
    service.published()
    actions.import_yaml(actor=service.SYSTEM, text=service.text(slug="north"), is_demo=False)
    write(slug="north")

    assert told() == []


def test_what_is_over_is_told_no_more() -> None:
    service.published()
    alert = write()
    early = write(starts_at=clock.now() - timedelta(hours=3), ends_at=None)
    ServiceAlert.objects.filter(pk=early.pk).update(ends_at=clock.now() - timedelta(hours=1))

    assert [entity.id for entity in told()] == [str(alert.id)]
    actions.end_alert(actor=service.SYSTEM, alert_id=alert.id)
    first = ServiceAlert.objects.get(pk=alert.id).ended_at
    actions.end_alert(actor=service.SYSTEM, alert_id=alert.id)

    assert told() == []
    assert ServiceAlert.objects.get(pk=alert.id).ended_at == first
    assert Entry.objects.filter(action="transit.end_alert").count() == 1
    assert {one.pk for one in queries.past_alerts()} == {alert.pk, early.pk}


def test_riders_see_it_first_of_all() -> None:
    service.published()
    write()

    page = browser().get("/rides/").content.decode().replace("<wbr>", "")

    assert "大雪のため運休" in page
    assert "明日は終日運休します。" in page
    english = Client(headers={"accept-language": "en"}).get("/open/transit/").content.decode()
    assert "No service: snow" in english.replace("<wbr>", "")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"slug": "nowhere"}, NotFoundError),
        ({"header": {"en": "Snow"}}, actions.AlertTextError),
        ({"text": {"ja": " "}}, actions.AlertTextError),
        ({"header": {"ja": "雪" * 61}}, actions.AlertTextError),
        ({"cause": "AVALANCHE"}, actions.AlertKindError),
        ({"effect": ""}, actions.AlertKindError),
        ({"ends_at": "start"}, actions.AlertPeriodError),
        ({"starts_at": "past", "ends_at": "past"}, actions.AlertPeriodError),
    ],
)
def test_a_notice_that_says_nothing_is_not_published(changes: dict[str, Any], error: type[Exception]) -> None:
    service.published()
    moments: dict[str, datetime] = {"start": clock.now(), "past": clock.now() - timedelta(hours=1)}
    moments["start"] = clock.now() + timedelta(hours=1)
    given = {key: moments.get(value, value) if isinstance(value, str) else value for key, value in changes.items()}
    if changes.get("ends_at") == "start":
        given["starts_at"] = moments["start"]

    with pytest.raises(error):
        write(**given)

    assert ServiceAlert.objects.count() == 0


def test_the_database_keeps_the_period_in_order() -> None:
    alert = write(slug="", ends_at=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceAlert.objects.filter(pk=alert.pk).update(ends_at=alert.starts_at - timedelta(minutes=1))


@pytest.mark.parametrize("actor", [service.staff(), service.staff("transit.publish"), service.resident()])
def test_only_those_who_run_a_service_speak_for_it(actor: Actor) -> None:
    alert = write(slug="")

    with pytest.raises(ForbiddenError):
        write(actor, slug="")
    with pytest.raises(ForbiddenError):
        actions.end_alert(actor=actor, alert_id=alert.id)

    assert ServiceAlert.objects.filter(ended_at=None).count() == 1
    with pytest.raises(NotFoundError):
        actions.end_alert(actor=service.SYSTEM, alert_id=new_id())


def test_the_desk_writes_and_ends_a_notice() -> None:
    service.published()
    client = world.browser(world.staff(Role.DISPATCHER))

    answer = client.post(DESK, form(), follow=True)

    alert = ServiceAlert.objects.get()
    assert answer.redirect_chain == [(DESK, 302)]
    assert (alert.header, alert.effect) == ({"ja": "大雪のため運休"}, "NO_SERVICE")
    assert alert.written_by is not None
    assert f"{DESK}{alert.id}/end/" in answer.content.decode()
    assert Entry.objects.filter(action="transit.write_alert", subject_id=alert.id).count() == 1

    page = client.post(f"{DESK}{alert.id}/end/", follow=True).content.decode()

    assert "いま出しているお知らせはありません" in page
    assert "が終えました" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"header_ja": ""}, "入力してください"),
        ({"effect": ""}, "選んでください"),
        ({"starts": "明日"}, "日時を入力してください"),
        ({"ends": "2020-01-01T00:00", "starts": "2020-01-02T00:00"}, "始まりより後"),
        ({"ends": "2020-01-02T00:00", "starts": "2020-01-01T00:00"}, "いまより後"),
        ({"slug": "nowhere"}, "選んでください"),
    ],
)
def test_the_desk_says_what_is_missing(changes: dict[str, str], words: str) -> None:
    service.published()

    answer = world.browser(world.staff(Role.DISPATCHER)).post(DESK, form(**changes))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ServiceAlert.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("resident", 404), ("officer", 403)])
def test_nobody_else_reaches_the_desk(who: str, status: int) -> None:
    service.published()
    alert = write()
    client = {
        "anonymous": Client,
        "resident": browser,
        "officer": lambda: world.browser(world.staff(Role.OFFICER)),
    }[who]()

    statuses = {
        client.get(DESK).status_code,
        client.post(DESK, form()).status_code,
        client.post(f"{DESK}{alert.id}/end/").status_code,
    }

    assert statuses == {status}
    assert [one.ended_at for one in ServiceAlert.objects.all()] == [None]
