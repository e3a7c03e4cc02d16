"""A wholly new service begun on the screen: who may, what is refused, and that riders see nothing of it before its first publication."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from souto.foundation.audit.models import Entry
from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, NotFoundError
from souto.services.transit import actions, contradictions, publishing, queries
from souto.services.transit.definition import DefinitionUnreadableError
from souto.services.transit.models import MonthlyCost, Service, ServiceVersion, VersionState
from souto.services.transit.simulation.questions import Question, Variation
from tests.services.procedures.helpers import resident_client
from tests.services.transit import service, town
from tests.services.transit.desks import OTHERS, planner, text_of

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"transit_staff:{name}", args=args)


def typed(client: Client, **more: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    department = client.get(url("begin")).context["form"].fields["department"].choices[0][0]
    usual = {"name_ja": "北部デマンド", "name_ja-easy": "北の バス", "name_en": "North", "slug": "north"}
    return {**usual, "department": department, "like": "", **more}


def begun() -> ServiceVersion:
    return actions.begin_service(
        actor=service.SYSTEM, slug="north", name={"ja": "北部", "ja-easy": "北", "en": "North"}, department="transport"
    )


@pytest.mark.parametrize("who", OTHERS)
def test_others_begin_nothing(who: str) -> None:
    sent = typed(planner())
    client, status = OTHERS[who][0](), OTHERS[who][1]

    assert client.get(url("begin")).status_code == status
    assert client.post(url("begin"), sent).status_code == status
    assert not Service.objects.exists()


def test_the_action_asks_who_acts() -> None:
    with pytest.raises(ForbiddenError):
        actions.begin_service(actor=Actor.anonymous(), slug="north", name={"ja": "北"}, department="transport")
    assert not Service.objects.exists()


def test_a_service_begins_as_a_draft_of_its_own() -> None:
    client = planner()
    answer = client.post(url("begin"), typed(client))

    draft = ServiceVersion.objects.get()
    assert answer["Location"] == url("version", draft.id)
    assert (draft.service.slug, draft.number, draft.state) == ("north", 1, VersionState.DRAFT)
    assert draft.definition.name == {"ja": "北部デマンド", "ja-easy": "北の バス", "en": "North"}
    assert {problem.at for problem in contradictions.placed_problems(draft.definition)} == {"stops", "zone", "vehicles"}
    entry = Entry.objects.get(action="transit.begin_service")
    assert (entry.subject_id, entry.facts["slug"]) == (draft.id, "north")
    page = text_of(client.get(url("version", draft.id)))
    assert "車両がありません" in page
    assert "北部デマンド" in text_of(client.get(url("planner")))


def test_a_service_that_was_never_published_goes_with_its_draft_and_its_code_is_free_again(
    settings: Any, tmp_path: Path
) -> None:
    town.settle(settings, tmp_path)
    client, draft = planner(), begun()
    page = text_of(client.get(url("discard", draft.id)))
    assert "運行もなくなります" in page
    assert url("yaml", draft.id) in page
    assert ServiceVersion.objects.exists(), "to look is not to throw away"

    answer = client.post(url("discard", draft.id), follow=True)

    assert "下書きを捨てました。" in text_of(answer)
    assert not Service.objects.exists()
    assert Entry.objects.get(action="transit.discard").facts["slug"] == "north"
    assert client.get(url("version", draft.id)).status_code == 404
    assert begun().number == 1


def test_a_draft_goes_without_what_is_published_and_what_was_simulated(settings: Any, tmp_path: Path) -> None:
    town.settle(settings, tmp_path)
    published = service.published(stops=town.STOPS_OF_SERVICE)
    client, draft = planner(), actions.draft_from(actor=service.SYSTEM, version_id=published.id)
    asked = actions.simulate(
        actor=service.SYSTEM,
        title="比較",
        question=Question(first=clock.today(), days=1, rides_per_1000=30, walk_m=900),
        alternatives=[(draft.id, Variation()), (published.id, Variation())],
    )
    assert "公開している版はそのままです。" in text_of(client.get(url("discard", draft.id)))

    client.post(url("discard", draft.id))

    assert ServiceVersion.objects.get() == published
    page = text_of(client.get(url("comparison", asked.id)))
    assert "第2版（捨てた下書き）" in page
    assert "第1版" in page
    assert client.get(url("discard", published.id))["Location"] == url("version", published.id)
    client.post(url("discard", published.id))
    assert ServiceVersion.objects.get() == published
    with pytest.raises(actions.NotADraftError):
        actions.discard_draft(actor=service.SYSTEM, version_id=published.id)
    with pytest.raises(ForbiddenError):
        actions.discard_draft(actor=Actor.anonymous(), version_id=published.id)


def test_a_service_with_costs_stays_without_versions_and_can_be_begun_again() -> None:
    draft = begun()
    MonthlyCost.objects.create(service=draft.service, month=clock.today().replace(day=1), yen=100, source="決算")

    actions.discard_draft(actor=service.SYSTEM, version_id=draft.id)

    assert Service.objects.get().slug == "north"
    assert begun().service == Service.objects.get()


def test_hours_fares_and_rules_are_taken_from_another_service() -> None:
    pattern = service.published()
    client = planner()
    client.post(url("begin"), typed(client, like=str(pattern.id)))

    found, told = ServiceVersion.objects.get(state=VersionState.DRAFT).definition, pattern.definition
    assert (found.fares, found.hours, found.booking, found.ride) == (told.fares, told.hours, told.booking, told.ride)
    assert (found.slug, found.zone, found.stops, found.vehicles) == ("north", (), (), ())


def test_a_code_is_read_as_it_is_meant() -> None:
    client = planner()
    client.post(url("begin"), typed(client, slug=" Ｎｏｒｔｈ－2 "))

    assert Service.objects.get().slug == "north-2"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"slug": "south"}, "slug", "ほかの運行が使っています"),
        ({"slug": "ＳＯＵＴＨ"}, "slug", "ほかの運行が使っています"),
        ({"slug": "北部"}, "slug", "半角の英小文字"),
        ({"slug": "-north"}, "slug", "最初の文字"),
        ({"slug": ""}, "slug", "「コード」を入力してください"),
        ({"slug": "n" * 49}, "slug", "48"),
        ({"name_ja": ""}, "name_ja", "「名前（日本語）」を入力してください"),
        ({"department": "moon"}, "department", ""),
        ({"like": "moon"}, "like", ""),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(change: dict[str, str], field: str, words: str) -> None:
    service.published()
    client = planner()
    answer = client.post(url("begin"), typed(client, **change))

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    page = text_of(answer)
    assert f'href="#id_{field}"' in page
    assert 'value="北の バス"' in page
    assert Service.objects.get().slug == "south"


def test_the_action_refuses_a_code_that_is_taken_or_none_and_an_unknown_pattern() -> None:
    draft = begun()
    with pytest.raises(actions.CodeTakenError):
        begun()
    for slug in ("North", "北", "n" * 49, ""):
        with pytest.raises(DefinitionUnreadableError):
            actions.begin_service(actor=service.SYSTEM, slug=slug, name={"ja": "北"}, department="transport")
    with pytest.raises(NotFoundError):
        actions.begin_service(actor=service.SYSTEM, slug="new", name={"ja": "北"}, department="x", like=Service().id)
    assert ServiceVersion.objects.get().id == draft.id
    assert Service.objects.count() == 1


def test_what_is_not_written_yet_is_no_mistake_and_vehicles_ask_for_stops_first() -> None:
    draft = begun()
    client = planner()
    area = client.get(url("edit", draft.id, "area"))
    assert area.context["noted"] == 0
    assert area.context["rows"].number == 3

    vehicles = text_of(client.get(url("edit", draft.id, "vehicles")))
    assert "先に停留所を書いてください" in vehicles.replace("<wbr>", "")
    assert 'name="seen"' not in vehicles
    assert f'href="{url("edit", draft.id, "area")}"' in vehicles


def test_a_stop_outside_of_the_zone_is_marked_at_its_field() -> None:
    draft = begun()
    stops = [*service.BODY["stops"], {**service.BODY["stops"][0], "code": "sea", "lat": 35.0}]
    seen = draft.body_hash
    changes = {"zone": service.BODY["zone"], "stops": stops}
    actions.edit_draft(actor=service.SYSTEM, version_id=draft.id, changes=changes, seen=seen)

    page = planner().get(url("edit", draft.id, "area"))
    assert page.context["noted"] == 1
    assert "区域の外" in str(page.context["rows"].forms[4].errors["lat"])
    assert 'id="id_stops-4-lat-error"' in text_of(page)


def test_riders_see_a_service_from_its_first_publication_on(settings: Any, tmp_path: Path) -> None:
    town.settle(settings, tmp_path)
    draft = begun()
    parts = {"zone": service.BODY["zone"], "stops": service.BODY["stops"], "vehicles": service.BODY["vehicles"]}
    draft = actions.edit_draft(actor=service.SYSTEM, version_id=draft.id, changes=parts, seen=draft.body_hash)
    rider, client, today = resident_client(), planner(), clock.today()

    def seen() -> list[bool]:
        told = publishing.published()
        return [
            "北部" in text_of(rider.get("/rides/")),
            rider.get(reverse("transit:origin", args=["north"])).status_code == 200,
            told is not None and any(one.id == "north" for one in told.offer.services),
        ]

    assert seen() == [False, False, False]
    page = client.get(url("publish", draft.id))
    assert "はじめて公開する運行です" in text_of(page)
    assert "どの人も0円です" in text_of(page)
    late = {"valid_from": (today + timedelta(days=1)).isoformat(), "sure": "on"}
    assert client.post(url("publish", draft.id), late).status_code == 302
    assert queries.services_on(day=today) == []
    assert seen()[:2] == [False, False]

    with_today = queries.services_on(day=today + timedelta(days=1))
    assert [version.service.slug for version in with_today] == ["north"]


def test_a_draft_without_vehicles_cannot_be_published() -> None:
    draft = begun()
    planner().post(url("publish", draft.id), {"valid_from": clock.today().isoformat(), "sure": "on"})
    assert ServiceVersion.objects.get().state == VersionState.DRAFT
    with pytest.raises(actions.PublishRefusedError) as refused:
        actions.publish(actor=service.SYSTEM, version_id=draft.id, valid_from=clock.today())
    assert "車両がありません" in refused.value.problems
