"""The inventory: what is taken, what waits for a person, and what dated facts say on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import ForbiddenError, HiddenError
from souto.kernel.measures import Period, find
from souto.services.procedures import actions, queries
from souto.services.procedures.models import FactKind, InventoryFact, InventoryItem, RefusedRow
from tests.services.procedures.helpers import editor, published, resident, sample_yaml, staff

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def row(key: str = "tennyu", **more: str) -> dict[str, str]:
    return {"key": key, "name": "転入届", "legal_basis": "住民基本台帳法第22条", "source": "法令", **more}


def take(*rows: dict[str, str]) -> actions.ImportReport:
    return actions.import_inventory(actor=SYSTEM, rows=rows, source="test.csv")


def measured(key: str, day: date) -> Any:
    return find(key).compute(Period(day, day), None, actor=SYSTEM)


def test_a_row_is_taken_and_what_it_does_not_say_stays_unknown() -> None:
    report = take(row())

    item = InventoryItem.objects.get()
    assert (report.added, report.refused) == (1, ())
    assert (item.identity_required, item.yearly_volume) == ("unknown", None)
    line = queries.list_inventory(on=clock.today(), demo=False)[0]
    assert (line.online, line.card) == (None, None)


def test_taking_the_same_list_twice_changes_nothing() -> None:
    full = row(online="yes", facts_since="令和5年2月6日", facts_source="デジタル庁")
    take(full)

    again = take(full)

    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    assert InventoryFact.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"legal_basis": ""}, "根拠法令"),
        ({"source": "　"}, "出典"),
        ({"key": "転入"}, "キーは"),
        ({"identity_required": "たぶん", "identity_source": "法令"}, "読み取れません"),
        ({"identity_required": "yes"}, "その出典が必要です"),
        ({"yearly_volume": "約1万"}, "数ではありません"),
        ({"online": "yes", "facts_source": "市"}, "いつからか"),
        ({"online": "yes", "facts_since": "2023-02-06"}, "その出典が必要です"),
        (
            {"online": "no", "card": "yes", "facts_since": "2023-02-06", "facts_source": "市"},
            "公的個人認証は使えません",
        ),
        ({"name": "転" * 201}, "200字まで"),
        ({"unknown_column": "x"}, "使いません"),
    ],
)
def test_a_row_that_cannot_be_taken_waits_as_it_came_with_the_reason(more: dict[str, str], reason: str) -> None:
    report = take(row(**more), row("tenshutsu"))

    waiting = RefusedRow.objects.get()
    assert report.refused == (waiting.id,)
    assert (waiting.line, waiting.row) == (2, row(**more))
    assert any(reason in found for found in waiting.reasons)
    assert [item.key for item in InventoryItem.objects.all()] == ["tenshutsu"]


def test_the_same_key_twice_in_a_list_is_refused_the_second_time() -> None:
    report = take(row(), row(name="別の届"))

    assert (report.added, len(report.refused)) == (1, 1)
    assert InventoryItem.objects.get().name == "転入届"


def test_a_person_mends_a_refused_row() -> None:
    take(row(legal_basis=""))
    waiting = RefusedRow.objects.get()
    someone = editor()

    with pytest.raises(actions.RowRefusedError):
        actions.mend_row(actor=someone, row_id=waiting.id, row={"note": "まだ"})
    item = actions.mend_row(actor=someone, row_id=waiting.id, row={"legal_basis": "住民基本台帳法第22条"})

    waiting.refresh_from_db()
    assert (item.key, waiting.item, waiting.settled_by_id) == ("tennyu", item, someone.id)
    assert queries.list_refused_rows(actor=someone) == []
    with pytest.raises(actions.inventory.RowSettledError):
        actions.set_aside_row(actor=someone, row_id=waiting.id)


def test_only_editors_import_mend_or_see_refused_rows() -> None:
    take(row(legal_basis=""))
    waiting = RefusedRow.objects.get()

    for other in (Actor.anonymous(), resident(), staff()):
        with pytest.raises(ForbiddenError):
            actions.import_inventory(actor=other, rows=[row()], source="x")
        with pytest.raises(ForbiddenError):
            actions.mend_row(actor=other, row_id=waiting.id, row={"legal_basis": "x"})
        with pytest.raises(ForbiddenError):
            actions.set_aside_row(actor=other, row_id=waiting.id)
        with pytest.raises(HiddenError):
            queries.access_refused_row(actor=other, row_id=waiting.id)

    waiting.refresh_from_db()
    assert waiting.settled_at is None
    assert not InventoryItem.objects.exists()


def test_a_list_is_read_in_utf8_and_in_shift_jis() -> None:
    text = 'key,name,legal_basis,source\r\ntennyu,転入届,住民基本台帳法第22条,"法令, 総務省"\r\n'

    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        assert actions.read_csv(text.encode(encoding)) == [row(source="法令, 総務省")]


@pytest.mark.parametrize(
    "content", [b"", b"name,source\r\na,b\r\n", b"\xff\xfe\x00\x00", b'key,name,legal_basis,source\r\n"tennyu']
)
def test_a_file_that_is_no_list_is_refused_whole(content: bytes) -> None:
    with pytest.raises(actions.InventoryUnreadableError):
        actions.read_csv(content)


def test_publishing_with_a_card_makes_an_entry_usable_from_that_day() -> None:
    take(
        row(identity_required="yes", identity_source="住民基本台帳法第27条"),
        row("other", name="印鑑登録", identity_required="yes", identity_source="条例"),
    )
    today = clock.today()

    before = measured("procedures.jpki_share", today)
    published(inventory="tennyu", assurance=2)
    after = measured("procedures.jpki_share", today)

    assert (before.numerator, before.denominator, str(before.value)) == (0, 2, "0.0")
    assert (after.numerator, after.denominator, str(after.value)) == (1, 2, "50.0")
    assert measured("procedures.jpki_share", today - timedelta(days=1)).numerator == 0
    assert [line.counted for line in after.rows if line.label == "転入届"] == [True]


def test_publishing_without_a_card_takes_it_back_from_that_day() -> None:
    take(row(identity_required="yes", identity_source="法"))
    published(inventory="tennyu", assurance=2)

    published(inventory="tennyu", assurance=1)

    assert measured("procedures.jpki_share", clock.today()).numerator == 0
    assert measured("procedures.online_share", clock.today()).numerator == 1


def test_an_entry_that_comes_after_the_publication_learns_of_it() -> None:
    version = published(inventory="tennyu", assurance=2)

    take(row(identity_required="yes", identity_source="法"))

    fact = InventoryFact.objects.get(kind=FactKind.CARD)
    assert (fact.version, fact.holds) == (version, True)


def test_without_entries_nothing_is_measured() -> None:
    nothing = measured("procedures.jpki_share", clock.today())

    assert (nothing.value, nothing.denominator) == (None, 0)


def test_a_fact_is_corrected_by_a_later_one_and_never_rewritten() -> None:
    take(row(online="yes", facts_since="2023-02-06", facts_source="市"))
    item = InventoryItem.objects.get()

    actions.record_fact(
        actor=SYSTEM, item_id=item.id, kind=FactKind.ONLINE, holds=False, since=date(2024, 4, 1), source="終了"
    )

    def online(day: date) -> bool | None:
        return queries.list_inventory(on=day, demo=False)[0].online

    assert (online(date(2023, 2, 5)), online(date(2023, 2, 6)), online(date(2024, 4, 1))) == (None, True, False)
    with pytest.raises(DatabaseError, match="rewritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update procedures_inventoryfact set holds = true")


def test_a_sample_counts_in_no_measure_outside_the_demo(settings: Any) -> None:
    take(row(identity_required="yes", identity_source="法"))
    sample = sample_yaml(inventory="tennyu", assurance=2)
    draft = actions.import_yaml(actor=SYSTEM, text=sample, is_demo=True)
    actions.publish(actor=SYSTEM, version_id=draft.id)

    settings.DEMO = False
    outside = measured("procedures.jpki_share", clock.today()).numerator
    settings.DEMO = True
    inside = measured("procedures.jpki_share", clock.today()).numerator

    assert (outside, inside) == (0, 1)
