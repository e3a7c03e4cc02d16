"""The planner's desk: import, drafts, publishing, simulating; who may, and that nothing is lost on a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from souto.kernel import clock
from souto.services.transit import actions, definition, queries
from souto.services.transit.models import Comparison, ComparisonState, ServiceVersion, VersionState
from souto.services.transit.simulation.questions import Question, Variation
from souto.services.transit.staff.differences import differences
from tests.jobs import run_all
from tests.services.transit import service, town
from tests.services.transit.desks import OTHERS, planner, text_of

pytestmark = pytest.mark.django_db
QUESTION = Question(first=clock.today(), days=1, rides_per_1000=30, walk_m=900)


@pytest.fixture
def city(settings: Any, tmp_path: Path) -> Path:
    """A city of two towns, simulated by the worker itself."""
    settings.SIMULATION_PROCESSES = 1
    return town.settle(settings, tmp_path)


def draft(**parts: Any) -> ServiceVersion:
    text = service.text(**{"stops": town.STOPS_OF_SERVICE, **parts})
    return actions.import_yaml(actor=service.SYSTEM, text=text, is_demo=False)


def asked(version: ServiceVersion) -> Comparison:
    alternatives = [(version.id, Variation()), (version.id, Variation(vehicles=2))]
    return actions.simulate(actor=service.SYSTEM, title="比較", question=QUESTION, alternatives=alternatives)


def url(name: str, *args: Any) -> str:
    return reverse(f"transit_staff:{name}", args=args)


def form(version: ServiceVersion, **more: Any) -> dict[str, Any]:
    """The form of a simulation as the page first shows it."""
    fields = {name: field.initial for name, field in planner().get(url("simulate")).context["form"].fields.items()}
    usual = {name: "" if value is None else str(value) for name, value in fields.items()}
    return {**usual, "versions": [str(version.id)], "days": "1", **more}


@pytest.mark.parametrize("who", OTHERS)
def test_others_see_nothing_and_change_nothing(who: str, city: Path) -> None:
    version = draft()
    comparison = asked(version)
    client, status = OTHERS[who][0](), OTHERS[who][1]

    for page in (
        url("planner"),
        url("version", version.id),
        url("yaml", version.id),
        url("publish", version.id),
        url("discard", version.id),
        url("simulate"),
        url("comparison", comparison.id),
    ):
        assert client.get(page).status_code == status
    for page, data in (
        (url("planner"), {"text": service.text(retention_days=9)}),
        (url("copy", version.id), {}),
        (url("discard", version.id), {}),
        (url("publish", version.id), {"valid_from": clock.today().isoformat(), "sure": "on"}),
        (url("simulate"), {"versions": [str(version.id)]}),
        (url("cancel_simulation", comparison.id), {}),
    ):
        assert client.post(page, data).status_code == status
    kept = ServiceVersion.objects.get()
    assert (kept.state, kept.definition.retention_days) == (VersionState.DRAFT, 30)
    assert Comparison.objects.get().state == ComparisonState.WAITING


def test_a_service_is_imported_shown_and_taken_along_again(city: Path) -> None:
    client = planner()
    answer = client.post(url("planner"), {"text": service.text(stops=town.STOPS_OF_SERVICE)})
    version = ServiceVersion.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == url("version", version.id)

    page = text_of(client.get(url("version", version.id)))
    assert "中町" in page
    kept = client.get(url("yaml", version.id)).content.decode()
    again = actions.import_yaml(actor=service.SYSTEM, text=kept)
    assert again.id == version.id
    assert again.body_hash == version.body_hash
    assert "南部デマンド" in text_of(client.get(url("planner")))


def test_what_cannot_be_read_is_said_and_kept(city: Path) -> None:
    answer = planner().post(url("planner"), {"text": "slug: south\nstops: ？"})

    assert answer.status_code == 422
    assert "slug: south" in text_of(answer)
    assert not ServiceVersion.objects.exists()


def test_a_contradiction_stands_at_its_part_and_cannot_be_published(city: Path) -> None:
    version = draft(vehicles=[])
    client = planner()
    parts = {part: wrong for part, _label, wrong, _rows in client.get(url("version", version.id)).context["parts"]}
    assert parts["vehicles"] == ["車両がありません"]
    assert parts["hours"] == []

    client.post(url("publish", version.id), {"valid_from": clock.today().isoformat(), "sure": "on"})
    assert ServiceVersion.objects.get().state == VersionState.DRAFT


def test_a_copy_is_published_after_its_changes_were_shown(city: Path) -> None:
    first = service.published(stops=town.STOPS_OF_SERVICE)
    client = planner()
    client.post(url("copy", first.id))
    client.post(url("copy", first.id))  # twice makes one
    copy = ServiceVersion.objects.get(state=VersionState.DRAFT)
    assert copy.body == first.body
    assert client.get(url("publish", copy.id)).context["differences"] == []

    draft(fares={**service.BODY["fares"], "adult": 350})
    shown = client.get(url("publish", copy.id)).context["differences"]
    assert [(one.part, one.place, one.before, one.after) for one in shown] == [
        ("運賃", "大人の運賃（円）", "300", "350")
    ]

    day = queries.first_day(slug="south")
    early = client.post(url("publish", copy.id), {"valid_from": clock.today().isoformat(), "sure": "on"})
    unsure = client.post(url("publish", copy.id), {"valid_from": day.isoformat()})
    assert (early.status_code, unsure.status_code) == (422, 422)
    assert ServiceVersion.objects.filter(state=VersionState.DRAFT).count() == 1

    assert client.post(url("publish", copy.id), {"valid_from": day.isoformat(), "sure": "on"}).status_code == 302
    copy.refresh_from_db()
    assert (copy.state, copy.valid_from) == (VersionState.PUBLISHED, day)
    assert client.get(url("publish", copy.id)).status_code == 302  # nothing left to publish


def test_differences_are_said_in_words() -> None:
    body = service.BODY
    hall, *others = body["stops"]
    park = {"code": "park", "kana": "こうえん", "lat": 35.65, "lon": 139.3, "name": {"ja": "公園"}}
    new = {
        **body,
        "zone": [*body["zone"], [35.6, 139.2]],
        "stops": [{**hall, "lat": 35.7, "name": {"ja": "新市役所"}}, *others[1:], park],
        "vehicles": [{**body["vehicles"][0], "layouts": [{"seat": 9, "wheelchair": 0}]}],
        "hours": {**body["hours"], "weekdays": ["sat"], "closed_on_holidays": True},
        "fares": {**body["fares"], "infant": 50, "payment": "online"},
        "publish_positions": True,
    }
    old = definition.read(body).body()

    found = [(one.part, one.place, one.before, one.after) for one in differences(old, definition.read(new).body())]
    assert found == [
        ("区域", "", "4点", "5点（うち新しい点 1）"),
        ("停留所", "hall 名前 日本語", "市役所", "新市役所"),
        ("停留所", "hall 緯度", "35.664", "35.7"),
        ("停留所", "station", "駅", "なくなる"),
        ("停留所", "park", "", "加わる：公園"),
        ("運行日と時間", "運行する曜日", "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日", "土曜日"),
        ("運行日と時間", "祝日は休む", "いいえ", "はい"),
        ("車両", "v1 座席の並べ方", "座席4・車いす0 / 座席2・車いす1", "座席9・車いす0"),
        ("運賃", "小学生になる前の子どもの運賃（円）", "0", "50"),
        ("運賃", "払い方", "車内で払う", "予約のときに払う"),
        ("車両の位置の公開", "", "いいえ", "はい"),
    ]
    assert differences(old, old) == []
    first = {one.part for one in differences({}, old)}
    assert {"名前", "区域", "停留所", "車両", "運賃"} <= first


def test_a_sweep_is_asked_for_computed_and_shown(city: Path) -> None:
    version = draft()
    client = planner()

    answer = client.post(url("simulate"), form(version, vehicles="1、２", rides_per_1000="60", walk_m="900"))
    assert answer.status_code == 302, text_of(answer)
    comparison = Comparison.objects.get()
    waiting = text_of(client.get(url("comparison", comparison.id)))
    assert "every 2s" in waiting
    run_all()

    page = client.get(url("comparison", comparison.id))
    text = text_of(page)
    assert "every 2s" not in text
    assert "<svg" in text
    assert [one["label"].split(" ・ ")[-1] for one in page.context["alternatives"]] == ["車両1台", "車両2台"]
    refused = next(line for line in page.context["table"] if line.label == "断った割合")
    assert [best for _text, best in refused.cells] == [False, True]
    assert "比較" in text or comparison.title in text_of(client.get(url("planner")))


def test_a_comparison_is_stopped_on_its_page(city: Path) -> None:
    comparison = asked(draft())
    client = planner()

    assert client.post(url("cancel_simulation", comparison.id)).status_code == 302
    assert "中止" in text_of(client.get(url("comparison", comparison.id)))
    assert Comparison.objects.get().state == ComparisonState.CANCELLED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"vehicles": "たくさん"}, "vehicles"),
        ({"vehicles": "0"}, "vehicles"),
        ({"vehicles": "1,2,3,4", "promise": "5,10", "search": "20,30"}, "vehicles"),
        ({"versions": []}, "versions"),
        ({"days": "99"}, "days"),
        ({"promise": "59"}, "versions"),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(city: Path, change: dict[str, Any], field: str) -> None:
    answer = planner().post(url("simulate"), form(draft(), title="わたしの比較", **change))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "わたしの比較" in text_of(answer)
    assert not Comparison.objects.exists()


def test_an_unknown_version_or_comparison_is_not_there(city: Path) -> None:
    client: Client = planner()
    gone = asked(draft()).id.int ^ 1
    for name in ("version", "publish", "comparison", "yaml"):
        assert client.get(url(name, UUID(int=gone))).status_code == 404


def test_the_version_that_one_comes_from_is_chosen(city: Path) -> None:
    service.published(stops=town.STOPS_OF_SERVICE)
    version = draft(slug="north")
    page = planner().get(url("version", version.id)).content.decode()
    address = f"{url('simulate')}?version={version.id.hex}"
    assert address in page
    assert planner().get(address).context["form"].initial["versions"] == [str(version.id)]


def test_a_draft_with_contradictions_is_not_chosen_by_itself(city: Path) -> None:
    actions.begin_service(actor=service.SYSTEM, slug="east", name={"ja": "東"}, department="transport")
    sound = service.published(stops=town.STOPS_OF_SERVICE)
    assert planner().get(url("simulate")).context["form"].initial["versions"] == [str(sound.id)]
