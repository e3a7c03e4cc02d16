"""The editor's desk as every kind of caller; each refusal also proves that nothing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from souto.foundation.identity.roles import Role
from souto.kernel.actor import Actor
from souto.services.procedures import actions
from souto.services.procedures.definition import yaml_io
from souto.services.procedures.models import InventoryFact, InventoryItem, ProcedureVersion, RefusedRow
from tests.services.procedures.definition.samples import field, page
from tests.services.procedures.helpers import desk, published, resident_client, sample_yaml

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
ROW = {"key": "tennyu", "name": "転入届", "legal_basis": "", "source": "法令"}


@pytest.fixture
def draft() -> ProcedureVersion:
    return actions.import_yaml(actor=SYSTEM, text=sample_yaml())


@pytest.fixture
def refused() -> RefusedRow:
    actions.import_inventory(actor=SYSTEM, rows=[ROW], source="test.csv")
    return RefusedRow.objects.get()


def upload(content: str | bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def addresses(draft: ProcedureVersion, refused: RefusedRow) -> list[str]:
    return [
        reverse("procedures_staff:list"),
        reverse("procedures_staff:procedure", args=["sample"]),
        reverse("procedures_staff:preview", args=[draft.id]),
        reverse("procedures_staff:yaml", args=[draft.id]),
        reverse("procedures_staff:inventory"),
        reverse("procedures_staff:refused_row", args=[refused.id]),
    ]


def posts(draft: ProcedureVersion, refused: RefusedRow) -> list[tuple[str, dict[str, Any]]]:
    csv = upload("key,name,legal_basis,source\r\nx,名前,法,出典\r\n", "x.csv")
    return [
        (reverse("procedures_staff:list"), {"text": sample_yaml(minutes=9)}),
        (reverse("procedures_staff:publish", args=[draft.id]), {}),
        (reverse("procedures_staff:discard", args=[draft.id]), {}),
        (reverse("procedures_staff:inventory"), {"file": csv}),
        (reverse("procedures_staff:refused_row", args=[refused.id]), {**ROW, "legal_basis": "法", "decision": "mend"}),
    ]


@pytest.mark.parametrize("who", ["anonymous", "resident", "officer", "chief"])
def test_others_see_nothing_and_change_nothing(who: str, draft: ProcedureVersion, refused: RefusedRow) -> None:
    client = {
        "anonymous": Client,
        "resident": resident_client,
        "officer": lambda: desk(Role.OFFICER),
        "chief": lambda: desk(Role.CHIEF),
    }[who]()
    expected = 302 if who == "anonymous" else 404

    seen = [client.get(url).status_code for url in addresses(draft, refused)]
    done = [client.post(url, data).status_code for url, data in posts(draft, refused)]

    assert set(seen) == {expected}
    assert set(done) == {expected}
    draft.refresh_from_db()
    refused.refresh_from_db()
    assert (draft.state, draft.definition.minutes, refused.settled_at) == ("draft", None, None)
    assert not InventoryItem.objects.exists()


def test_an_editor_opens_every_page(draft: ProcedureVersion, refused: RefusedRow) -> None:
    client = desk(Role.PROCEDURE_EDITOR)

    for url in addresses(draft, refused):
        response = client.get(url)
        assert response.status_code == 200, url
        if url.endswith("/"):
            assert response.content.decode().count("<h1") == 1


def test_importing_checking_and_publishing_over_the_desk() -> None:
    client = desk(Role.PROCEDURE_EDITOR)

    imported = client.post(reverse("procedures_staff:list"), {"file": upload(sample_yaml(), "sample.yaml")})
    version = ProcedureVersion.objects.get()
    shown = client.get(imported["Location"]).content.decode()
    client.post(reverse("procedures_staff:publish", args=[version.id]))

    assert "公開できます" in shown
    assert "課「citizen」が、組織の一覧にありません" in shown
    assert "の文がありません" in shown
    version.refresh_from_db()
    assert version.state == "published"
    assert version.published_by is not None


def test_a_draft_with_errors_offers_no_publication_and_refuses_it() -> None:
    wrong = [page("first", field("text", "reason", condition={"answered": "nothing"}))]
    draft = actions.import_yaml(actor=SYSTEM, text=sample_yaml(pages=wrong))
    client = desk(Role.PROCEDURE_EDITOR)

    shown = client.get(reverse("procedures_staff:procedure", args=["sample"])).content.decode()
    told = client.post(reverse("procedures_staff:publish", args=[draft.id]), follow=True).content.decode()

    assert "「nothing」という項目はありません" in shown
    assert "この版を公開する" not in shown
    assert "公開する前に" in told
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("pages: [", "行目"),
        ("a: &x 1\nb: *x", "別名"),
        ("schema_version: 99", "schema_version: 99"),
        (sample_yaml().replace("type: text", "type: nothing"), "この種類はありません"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("x" * 1_100_000, "1MBまで"),
    ],
)
def test_a_file_that_is_no_definition_says_what_to_mend(content: str | bytes, words: str) -> None:
    response = desk(Role.PROCEDURE_EDITOR).post(reverse("procedures_staff:list"), {"file": upload(content, "x.yaml")})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ProcedureVersion.objects.exists()


def test_nothing_chosen_says_so() -> None:
    response = desk(Role.PROCEDURE_EDITOR).post(reverse("procedures_staff:list"), {})

    assert response.status_code == 422
    assert "ファイルを選ぶか" in response.content.decode()


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("slug", ["juminhyo", "jido-teate", "road-damage"])
def test_the_preview_shows_every_page_of_the_citys_procedures(slug: str, language: str) -> None:
    text = (Path(settings.CITY_DIR) / "procedures" / f"{slug}.yaml").read_text(encoding="utf-8")
    draft = actions.import_yaml(actor=SYSTEM, text=text)

    html = (
        desk(Role.PROCEDURE_EDITOR)
        .get(reverse("procedures_staff:preview", args=[draft.id]), {"in": language})
        .content.decode()
    )

    for shown in draft.definition.pages:
        assert f'id="page-{shown.key}"' in html
    for _, asked in draft.definition.all_fields():
        assert f'id="f-{asked.key}' in html


def test_a_version_is_downloaded_as_yaml_that_reads_back() -> None:
    version = published()

    response = desk(Role.PROCEDURE_EDITOR).get(reverse("procedures_staff:yaml", args=[version.id]))

    assert yaml_io.load(response.content.decode()) == version.definition


def test_a_list_is_taken_and_a_refused_row_mended_over_the_desk() -> None:
    client = desk(Role.PROCEDURE_EDITOR)
    csv = "key,name,legal_basis,source\r\ntennyu,転入届,,法令\r\ntenkyo,転居届,住民基本台帳法第23条,法令\r\n"

    client.post(reverse("procedures_staff:inventory"), {"file": upload(csv.encode("cp932"), "daicho.csv")})
    row = RefusedRow.objects.get()
    listed = client.get(reverse("procedures_staff:inventory")).content.decode()
    still = client.post(
        reverse("procedures_staff:refused_row", args=[row.id]), {**row.row, "legal_basis": "", "decision": "mend"}
    )
    client.post(
        reverse("procedures_staff:refused_row", args=[row.id]),
        {**row.row, "legal_basis": "住民基本台帳法第22条", "decision": "mend"},
    )

    assert "転居届" in listed
    assert "「根拠法令」が空です" in listed
    assert still.status_code == 422
    assert {item.name for item in InventoryItem.objects.all()} == {"転入届", "転居届"}


def test_a_refused_row_is_set_aside(refused: RefusedRow) -> None:
    desk(Role.PROCEDURE_EDITOR).post(reverse("procedures_staff:refused_row", args=[refused.id]), {"decision": "aside"})

    refused.refresh_from_db()
    assert refused.settled_at is not None
    assert not InventoryItem.objects.exists()


@pytest.mark.parametrize("content", [b"", b"name\r\nx\r\n", b"\xff\xff\xff"])
def test_a_list_that_cannot_be_read_is_refused_whole(content: bytes) -> None:
    response = desk(Role.PROCEDURE_EDITOR).post(
        reverse("procedures_staff:inventory"), {"file": upload(content, "x.csv")}
    )

    assert response.status_code == 422
    assert not InventoryItem.objects.exists()


def test_publishing_is_never_a_get(draft: ProcedureVersion) -> None:
    client = desk(Role.PROCEDURE_EDITOR)

    assert client.get(reverse("procedures_staff:publish", args=[draft.id])).status_code == 405
    assert client.get(reverse("procedures_staff:discard", args=[draft.id])).status_code == 405


def fact(**more: str) -> dict[str, str]:
    return {"kind": "online", "holds": "yes", "since": "令和8年4月1日", "source": "市の案内", **more}


@pytest.fixture
def entry() -> InventoryItem:
    actions.import_inventory(actor=SYSTEM, rows=[{**ROW, "legal_basis": "住民基本台帳法第22条"}], source="test.csv")
    return InventoryItem.objects.get()


def test_a_fact_is_recorded_with_its_day_and_its_source(entry: InventoryItem) -> None:
    client, url = desk(Role.PROCEDURE_EDITOR), reverse("procedures_staff:item", args=[entry.id])

    client.post(url, fact())
    again = client.post(url, fact(source="もう一度"), follow=True).content.decode()
    shown = client.get(url).content.decode()

    kept = InventoryFact.objects.get()
    assert (kept.kind, kept.holds, kept.since.isoformat(), kept.source) == ("online", True, "2026-04-01", "市の案内")
    assert "何も変わっていません" in again
    assert "2026/04/01" in shown


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"since": "昭和65年1月1日"}, "昭和は64年までです"),
        ({"since": ""}, "s-field__error"),
        ({"source": ""}, "s-field__error"),
        ({"kind": "moon"}, "s-field__error"),
    ],
)
def test_a_fact_without_day_or_source_is_refused(entry: InventoryItem, more: dict[str, str], words: str) -> None:
    response = desk(Role.PROCEDURE_EDITOR).post(reverse("procedures_staff:item", args=[entry.id]), fact(**more))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not InventoryFact.objects.exists()


def test_others_neither_see_an_entry_nor_record_a_fact(entry: InventoryItem) -> None:
    url = reverse("procedures_staff:item", args=[entry.id])

    for client, status in ((Client(), 302), (resident_client(), 404), (desk(Role.OFFICER), 404)):
        assert client.get(url).status_code == status
        assert client.post(url, fact()).status_code == status
    assert not InventoryFact.objects.exists()


def test_a_figures_rows_open_for_editors_only(entry: InventoryItem) -> None:
    from souto.kernel import clock
    from souto.kernel.measures import Period, find
    from tests.services.procedures.helpers import editor, staff

    def urls(actor: Actor) -> list[str]:
        period = Period(clock.today(), clock.today())
        return [row.url for row in find("procedures.online_share").compute(period, None, actor=actor).rows]

    assert urls(editor()) == [reverse("procedures_staff:item", args=[entry.id])]
    assert urls(staff(Role.OFFICER)) == urls(Actor.anonymous()) == [""]
