"""A draft edited part by part: every field comes back as it was, mistakes lose nothing, whoever comes second is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError
from souto.services.transit import actions
from souto.services.transit.definition import DefinitionUnreadableError
from souto.services.transit.models import ServiceVersion
from tests.services.transit import service
from tests.services.transit.desks import OTHERS, planner, text_of

pytestmark = pytest.mark.django_db
PARTS = ("basics", "area", "hours", "vehicles", "rules")
RESTS = [{"earliest": "11:00", "latest": "12:00", "minutes": 45, "stop": None}]


@pytest.fixture
def draft() -> ServiceVersion:
    known = {"colour": {"ja": "緑色", "en": "green"}, "plate": "八王子 200 あ 12-34", "phone": "090-0000-0001"}
    vehicles = [
        {**service.BODY["vehicles"][0], "breaks": RESTS, **known},
        {**service.BODY["vehicles"][0], "code": "v2"},
    ]
    hours = {**service.BODY["hours"], "closed": ["2026-12-31"]}
    text = service.text(vehicles=vehicles, hours=hours, note={"ja": "説明", "en": "Note"})
    return actions.import_yaml(actor=service.SYSTEM, text=text, is_demo=False)


def url(version: ServiceVersion, part: str) -> str:
    return reverse("transit_staff:edit", args=[version.id, part])


def shown(version: ServiceVersion, part: str) -> dict[str, Any]:
    """What a browser would send back of a part's page as it stands."""
    context = planner().get(url(version, part)).context
    sent: dict[str, Any] = {"seen": context["seen"]}
    forms = [context["form"]] if context["form"] else []
    if context["rows"]:
        sent[f"{context['rows'].key}-rows"] = str(context["rows"].number)
        forms += context["rows"].forms
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                sent[bound.html_name] = "on"
            elif value is not None and value is not False:
                sent[bound.html_name] = value if isinstance(value, list) else str(value)
    return sent


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_saved_as_it_stands_changes_nothing(part: str, draft: ServiceVersion) -> None:
    body = draft.body
    sent = shown(draft, part)
    blank = {name: value for name, value in sent.items() if not name.endswith("-depot") or name != "vehicles-2-depot"}

    answer = planner().post(url(draft, part), blank)

    assert answer.status_code == 302, text_of(answer)
    draft.refresh_from_db()
    assert draft.body == body


@pytest.mark.parametrize("who", OTHERS)
def test_others_edit_nothing(who: str, draft: ServiceVersion) -> None:
    sent = {**shown(draft, "hours"), "opens": "9:00"}
    client, status = OTHERS[who][0](), OTHERS[who][1]

    assert client.get(url(draft, "hours")).status_code == status
    assert client.post(url(draft, "hours"), sent).status_code == status
    draft.refresh_from_db()
    assert draft.definition.hours.opens == 7 * 3600


def test_stops_are_added_changed_and_taken_away(draft: ServiceVersion) -> None:
    sent = shown(draft, "area") | {
        "stops-0-name_en": "City Hall",
        "stops-1-gone": "on",
        "stops-4-code": "park",
        "stops-4-kana": "こうえん",
        "stops-4-name_ja": "公園",
        "stops-4-lat": "35.65",
        "stops-4-lon": "139.3",
    }
    assert planner().post(url(draft, "area"), sent).status_code == 302
    draft.refresh_from_db()

    stops = {stop.code: stop for stop in draft.definition.stops}
    assert list(stops) == ["hall", "clinic", "market", "park"]
    assert stops["hall"].name == {"ja": "市役所", "en": "City Hall"}


def test_a_vehicle_gets_another_layout_and_loses_its_break(draft: ServiceVersion) -> None:
    sent = shown(draft, "vehicles") | {"vehicles-1-seat_2": "9", "vehicles-0-depot": "station"}
    for name in ("earliest", "latest", "minutes"):
        del sent[f"vehicles-0-{name}_0"]
    assert planner().post(url(draft, "vehicles"), sent).status_code == 302
    draft.refresh_from_db()

    one, two = draft.definition.vehicles
    assert (one.depot, one.breaks) == ("station", ())
    assert [(layout.seat, layout.wheelchair) for layout in two.layouts] == [(4, 0), (2, 1), (9, 0)]


def test_one_more_row_saves_nothing_and_keeps_what_was_typed(draft: ServiceVersion) -> None:
    sent = shown(draft, "area") | {"more": "1", "stops-4-name_ja": "書きかけ"}
    answer = planner().post(url(draft, "area"), sent)

    assert answer.status_code == 200
    assert answer.context["rows"].number == 6
    assert "書きかけ" in text_of(answer)
    draft.refresh_from_db()
    assert len(draft.definition.stops) == 4


@pytest.mark.parametrize(
    ("part", "change", "control"),
    [
        ("basics", {"name_ja": ""}, "id_name_ja"),
        ("area", {"zone": "北のほう"}, "id_zone"),
        ("area", {"stops-0-lat": "北"}, "id_stops-0-lat"),
        ("area", {"stops-1-code": "hall"}, "id_stops-1-code"),
        ("area", {"stops-4-code": "ひろば", "stops-4-name_ja": "広場"}, "id_stops-4-code"),
        ("hours", {"opens": "朝"}, "id_opens"),
        ("hours", {"closed": "大みそか"}, "id_closed"),
        ("vehicles", {"vehicles-0-latest_0": ""}, "id_vehicles-0-latest_0"),
        ("vehicles", {"vehicles-0-phone": "でんわ"}, "id_vehicles-0-phone"),
        ("rules", {"adult": "-1"}, "id_adult"),
        ("rules", {"factor": "9"}, "id_factor"),
    ],
)
def test_a_mistake_is_named_at_its_control_and_nothing_is_lost(
    part: str, change: dict[str, str], control: str, draft: ServiceVersion
) -> None:
    before = draft.body
    answer = planner().post(url(draft, part), {**shown(draft, part), **change})

    assert answer.status_code == 422
    assert control in dict(answer.context["faults"])
    page = text_of(answer)
    assert f'href="#{control}"' in page
    assert all(value in page for value in change.values() if value)
    draft.refresh_from_db()
    assert draft.body == before


def test_who_comes_second_is_told_and_keeps_what_was_typed(draft: ServiceVersion) -> None:
    sent = {**shown(draft, "hours"), "opens": "9:15"}
    first = shown(draft, "rules") | {"adult": "320"}
    planner().post(url(draft, "rules"), first)

    answer = planner().post(url(draft, "hours"), sent)

    assert answer.status_code == 422
    assert "先に保存しました" in text_of(answer)
    assert "9:15" in text_of(answer)
    draft.refresh_from_db()
    assert (draft.definition.hours.opens, draft.definition.fares.adult) == (7 * 3600, 320)


def test_what_contradicts_itself_is_saved_and_said_on_the_draft(draft: ServiceVersion) -> None:
    sent = {**shown(draft, "hours"), "opens": "21:00"}
    assert planner().post(url(draft, "hours"), sent).status_code == 302

    page = text_of(planner().get(reverse("transit_staff:version", args=[draft.id])))
    assert "運行の終わりは、始まりより後にしてください" in page


def test_a_published_version_and_an_unknown_part_are_not_edited() -> None:
    made = service.published()

    assert planner().get(url(made, "hours")).status_code == 302
    with pytest.raises(actions.NotADraftError):
        actions.edit_draft(actor=service.SYSTEM, version_id=made.id, changes={}, seen=made.body_hash)
    assert planner().get(url(made, "wings")).status_code == 404


def test_an_edit_keeps_the_address_and_refuses_what_is_no_definition(draft: ServiceVersion) -> None:
    seen = draft.body_hash
    kept = actions.edit_draft(actor=service.SYSTEM, version_id=draft.id, changes={"slug": "other"}, seen=seen)
    assert kept.definition.slug == "south"
    with pytest.raises(DefinitionUnreadableError):
        actions.edit_draft(actor=service.SYSTEM, version_id=draft.id, changes={"zone": 1}, seen=seen)
    with pytest.raises(ForbiddenError):
        actions.edit_draft(actor=Actor.anonymous(), version_id=draft.id, changes={}, seen=seen)
