"""Taking over lists of towns, and what people decide about refused rows."""

import json
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import close_old_connections, connection

from souto.foundation.audit.models import Entry
from souto.foundation.registry import actions, queries
from souto.foundation.registry.events import TownRepaired, TownsImported
from souto.foundation.registry.matching import MatchLevel
from souto.foundation.registry.models import RefusedState, RefusedTown, Town, TownImport
from souto.foundation.registry.rows import RowProblem, TownRowError
from souto.kernel import events
from souto.kernel.actor import Actor, ActorKind
from souto.kernel.errors import ConflictError, ForbiddenError, HiddenError, NotFoundError
from souto.kernel.ids import new_id
from tests.samples import samples

pytestmark = pytest.mark.django_db

HACHIOJI = "132012"
ROWS = [
    {"town": "元本郷町三丁目", "koaza": "", "lat": 35.664, "lng": 139.315},
    {"town": "絹ヶ丘二丁目", "koaza": "", "lat": 35.636, "lng": 139.359},
    {"town": "高尾町", "koaza": "", "lat": 35.633, "lng": 139.257},
]
BAD = {"town": "旭町", "koaza": "", "lat": 139.338, "lng": 35.655}


def administrator():
    return Actor(kind=ActorKind.STAFF, id=new_id(), permissions=frozenset({"registry.import"}))


def load(rows, **more):
    given = {"actor": administrator(), "source": "試験の一覧", "licence": "自作", "lg_code": HACHIOJI}
    return actions.import_towns(**given | {"rows": rows} | more)


@pytest.fixture
def heard(monkeypatch):
    found = []
    for kind in (TownsImported, TownRepaired):
        monkeypatch.setitem(events._handlers, kind, [lambda event, actor: found.append(event)])
    return found


def test_towns_are_taken_over_with_source_audit_and_event(heard):
    report = load(ROWS)

    assert (report.added, report.changed, report.ended, report.refused) == (3, 0, 0, 0)
    assert {town.full_name for town in Town.objects.all()} == {"元本郷町三丁目", "絹ヶ丘二丁目", "高尾町"}
    assert Town.objects.get(name="高尾町").town_import.licence == "自作"
    assert heard == [TownsImported(report.import_id)]
    entry = Entry.objects.get(action="registry.import_towns")
    assert entry.subject_id == report.import_id
    assert entry.facts["added"] == 3


def test_the_same_list_twice_changes_nothing(heard):
    first = load(ROWS)

    second = load(ROWS)

    assert second.repeated
    assert second.import_id == first.import_id
    assert TownImport.objects.count() == 1
    assert len(heard) == 1


def test_a_new_list_moves_adds_and_ends_towns():
    load(ROWS)
    moved = ROWS[0] | {"lat": 35.665}

    report = load([moved, ROWS[1] | {"town": "絹ケ丘2丁目"}, {"town": "七国六丁目", "lat": 35.62, "lng": 139.32}])

    assert (report.added, report.changed, report.unchanged, report.ended) == (1, 2, 0, 1)
    assert Town.objects.get(name="元本郷町").lat == 35.665
    assert Town.objects.get(lg_code=HACHIOJI, chome=2).name == "絹ケ丘"
    assert not Town.objects.get(name="高尾町").is_current
    assert queries.nearest_town(35.633, 139.257, within_m=500) is None


def test_a_town_that_comes_back_is_current_again():
    load(ROWS)
    load(ROWS[:2])

    load(ROWS)

    assert Town.objects.filter(is_current=True).count() == 3


def test_lists_of_two_sources_do_not_end_each_others_towns():
    load(ROWS)

    load([{"town": "七国六丁目", "lat": 35.62, "lng": 139.32}], source="別の一覧")

    assert Town.objects.filter(is_current=True).count() == 4


def test_a_list_cut_in_the_middle_is_refused_and_nothing_changes():
    rows = [{"town": f"{n}丁目町", "lat": 35.6 + n / 100, "lng": 139.3} for n in range(1, 21)]
    load(rows)

    with pytest.raises(actions.TownsShrunkError, match="20町のうち10町"):
        load(rows[:10])
    assert Town.objects.filter(is_current=True).count() == 20
    assert TownImport.objects.count() == 1

    assert load(rows[:10], allow_shrinking=True).ended == 10


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"rows": []}, actions.TownRowsEmptyError),
        ({"source": " "}, actions.SourceMissingError),
        ({"licence": ""}, actions.SourceMissingError),
    ],
)
def test_a_list_without_rows_source_or_licence_is_refused(more, error):
    with pytest.raises(error):
        load(**{"rows": ROWS} | more)

    assert not TownImport.objects.exists()


@pytest.mark.parametrize(
    "actor", [Actor.anonymous(), Actor(kind=ActorKind.RESIDENT, id=new_id()), Actor(kind=ActorKind.STAFF, id=new_id())]
)
def test_only_who_holds_the_permission_takes_over_towns(actor):
    with pytest.raises(ForbiddenError):
        load(ROWS, actor=actor)

    assert not Town.objects.exists()
    assert not Entry.objects.exists()


def test_refused_rows_are_kept_as_they_came():
    report = load([*ROWS, BAD, "行ではない", {"town": "\x00", "lat": float("nan")}, ROWS[0] | {"lat": 35.7}])

    assert (report.added, report.refused) == (3, 4)
    kept = list(queries.refused_towns(actor=administrator()))
    assert [(row.row_number, RowProblem[row.problem]) for row in kept] == [
        (4, RowProblem.POINT_SWAPPED),
        (5, RowProblem.ROW_UNREADABLE),
        (6, RowProblem.NAME_CHARACTERS),
        (7, RowProblem.DUPLICATE),
    ]
    assert kept[0].row == BAD


def test_a_repaired_row_is_a_town_and_stays_one_when_the_list_comes_again(heard):
    load([*ROWS, BAD])
    refused = RefusedTown.objects.get()
    officer = administrator()

    town = actions.repair_refused_town(
        actor=officer, refused_id=refused.id, row=BAD | {"lat": 35.655, "lng": 139.338}, reason="緯度と経度が逆"
    )

    refused.refresh_from_db()
    assert (refused.state, refused.town_id, refused.resolved_by) == (RefusedState.REPAIRED, town.id, officer.id)
    assert refused.row == BAD
    assert queries.nearest_town(35.655, 139.338).name == "旭町"
    assert heard[-1] == TownRepaired(refused.id, town.id)
    assert Entry.objects.get(action="registry.repair_refused_town").subject_id == refused.id

    load([*ROWS, BAD, {"town": "七国六丁目", "lat": 35.62, "lng": 139.32}])

    assert RefusedTown.objects.count() == 1
    assert Town.objects.get(name="旭町").is_current


def test_a_dismissed_row_stays_dismissed():
    load([*ROWS, BAD])
    refused = RefusedTown.objects.get()

    actions.dismiss_refused_town(actor=administrator(), refused_id=refused.id, reason="市外の町")
    load([*ROWS, BAD, {"town": "七国六丁目", "lat": 35.62, "lng": 139.32}])

    assert RefusedTown.objects.get().state == RefusedState.DISMISSED
    assert not queries.refused_towns(actor=administrator()).exists()


def test_a_row_is_decided_once():
    load([*ROWS, BAD])
    refused = RefusedTown.objects.get()
    actions.dismiss_refused_town(actor=administrator(), refused_id=refused.id, reason="市外の町")

    with pytest.raises(ConflictError):
        actions.repair_refused_town(actor=administrator(), refused_id=refused.id, row=ROWS[0], reason="直した")
    assert Town.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": " "}, actions.ReasonMissingError),
        ({"reason": "理" * 501}, actions.ReasonMissingError),
        ({"row": BAD}, TownRowError),
        ({"refused_id": new_id()}, NotFoundError),
        ({"actor": Actor(kind=ActorKind.STAFF, id=new_id())}, ForbiddenError),
        ({"actor": Actor.anonymous()}, ForbiddenError),
    ],
)
def test_a_repair_that_cannot_stand_changes_nothing(change, error):
    load([*ROWS, BAD])
    refused = RefusedTown.objects.get()
    given = {
        "actor": administrator(),
        "refused_id": refused.id,
        "row": BAD | {"lat": 35.6, "lng": 139.3},
        "reason": "逆",
    }

    with pytest.raises(error):
        actions.repair_refused_town(**given | change)
    refused.refresh_from_db()
    assert refused.state == RefusedState.WAITING
    assert Town.objects.count() == 3


@pytest.mark.parametrize("actor", [Actor.anonymous(), Actor(kind=ActorKind.RESIDENT, id=new_id())])
def test_refused_rows_are_shown_to_who_may_repair_them(actor):
    load([*ROWS, BAD])

    with pytest.raises(ForbiddenError):
        queries.refused_towns(actor=actor)
    with pytest.raises(ForbiddenError):
        queries.list_imports(actor=actor)
    with pytest.raises(HiddenError):
        queries.access_refused_town(actor=actor, refused_id=RefusedTown.objects.get().id)


def test_the_nearest_town_and_its_distance():
    load(ROWS)

    found = queries.nearest_town(35.665, 139.315)

    assert found.name == "元本郷町三丁目"
    assert found.distance_m == pytest.approx(111, abs=1)
    assert queries.nearest_town(43.06, 141.35) is None


@pytest.mark.parametrize("point", [(139.3, 35.6), (0, 0), (float("nan"), 139.3), (float("inf"), 0)])
def test_a_point_outside_japan_is_refused(point):
    with pytest.raises(queries.PointOutsideError):
        queries.nearest_town(*point)


def test_addresses_are_read_with_the_towns_of_the_city():
    before = queries.normalise_address("八王子市元本郷町3-24-1", home=HACHIOJI)
    load(ROWS)

    after = queries.normalise_address("八王子市元本郷町3-24-1", home=HACHIOJI)

    assert before.point is None
    assert (after.level, after.point) == (MatchLevel.MATCH, (35.664, 139.315))
    assert [town.full_name for town in queries.list_towns(lg_code=HACHIOJI)] == [
        "元本郷町三丁目",
        "絹ヶ丘二丁目",
        "高尾町",
    ]
    assert queries.list_towns(lg_code="131016") == []


def test_a_published_list_is_taken_over_whole():
    rows = json.loads(samples("geo", "geolonia_hachioji_towns.json").read_text(encoding="utf-8"))

    report = load(rows)

    assert (report.added, report.refused) == (len(rows), 0)
    nearest = queries.nearest_town(rows[0]["lat"], rows[0]["lng"])
    assert (nearest.name, nearest.distance_m) == (rows[0]["town"], 0)


@pytest.mark.django_db(transaction=True)
def test_two_take_overs_at_once_make_each_town_once():
    barrier, reports = threading.Barrier(2), []

    def take_over():
        close_old_connections()
        barrier.wait()
        reports.append(load(ROWS))
        connection.close()

    threads = [threading.Thread(target=take_over) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(report.repeated for report in reports) == [False, True]
    assert Town.objects.count() == 3


def test_the_towns_that_come_with_the_city_are_taken_over_whole():
    report = actions.import_town_file(actor=administrator(), path=Path(settings.CITY_DIR) / "towns.yaml")

    assert (report.added, report.refused) == (len(queries.list_towns()), 0)
    assert report.added == 20
    for town in queries.list_towns():
        assert queries.normalise_address(f"八王子市{town.full_name}1-2").point == (town.lat, town.lon)
