"""`souto import` and `souto export`: through the rooms' own actions, and a round trip changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from souto.config import cli
from souto.foundation.registry.models import Town
from souto.services.procedures import queries
from souto.services.procedures.models import InventoryItem, ProcedureVersion, State
from tests.services.procedures.helpers import sample_yaml

pytestmark = pytest.mark.django_db


def test_what_was_exported_is_imported_again_without_a_difference(tmp_path: Path, capsys) -> None:
    source = tmp_path / "sample.yaml"
    source.write_text(sample_yaml(), encoding="utf-8")

    assert cli.main(["import", "procedures", str(source), "--publish"]) == 0
    (version,) = queries.list_published()
    assert cli.main(["export", "procedures", "--to", str(tmp_path / "out")]) == 0
    assert cli.main(["import", "procedures", str(tmp_path / "out" / f"{version.slug}.yaml")]) == 0

    assert ProcedureVersion.objects.count() == 1
    assert f"{version.slug} version 1, published" in capsys.readouterr().out


def test_without_publish_a_definition_stays_a_draft(tmp_path: Path) -> None:
    source = tmp_path / "sample.yaml"
    source.write_text(sample_yaml(), encoding="utf-8")

    assert cli.main(["import", "procedures", str(source)]) == 0
    assert ProcedureVersion.objects.get().state == State.DRAFT


def test_one_file_that_cannot_be_taken_does_not_hold_up_the_others(tmp_path: Path, capsys) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(sample_yaml(), encoding="utf-8")
    bad.write_text("pages: {}", encoding="utf-8")

    assert cli.main(["import", "procedures", str(bad), str(good)]) == 1
    assert ProcedureVersion.objects.count() == 1
    assert "bad.yaml: " in capsys.readouterr().err


def test_without_files_the_citys_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUTO_CITY", str(tmp_path))
    assert cli.main(["import", "procedures"]) == 1

    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "sample.yaml").write_text(sample_yaml(), encoding="utf-8")

    assert cli.main(["import", "procedures"]) == 0
    assert ProcedureVersion.objects.count() == 1


def test_inventory_rows_are_counted_and_the_unreadable_wait(tmp_path: Path, capsys) -> None:
    source = tmp_path / "daicho.csv"
    source.write_text(
        "key,name,legal_basis,source\ntennyu,転入届,住民基本台帳法第22条,法令\n,名前だけ,,\n", encoding="cp932"
    )

    assert cli.main(["import", "inventory", str(source)]) == 0
    assert "1 added, 0 changed, 0 unchanged; 1 rows wait for a person" in capsys.readouterr().out
    assert InventoryItem.objects.get().name == "転入届"


def test_towns_need_a_list_and_say_what_became_of_it(tmp_path: Path, capsys) -> None:
    source = tmp_path / "towns.json"
    source.write_text("{}")
    command = ["import", "towns", str(source), "--source", "見本", "--licence", "CC BY 4.0"]
    assert cli.main(command) == 1
    assert "holds no list of towns" in capsys.readouterr().err

    source.write_text(json.dumps([{"town": "元本郷町一丁目", "koaza": "", "lat": 35.66, "lng": 139.31}]))

    assert cli.main(command) == 0
    assert Town.objects.count() == 1
    assert cli.main(command) == 0
    assert "taken over before" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys) -> None:
    assert cli.main(["import", "inventory", str(tmp_path / "none.csv")]) == 1
    assert f"{tmp_path}/none.csv cannot be read" in capsys.readouterr().err


def test_a_procedure_that_does_not_exist_is_not_exported(tmp_path: Path, capsys) -> None:
    assert cli.main(["export", "procedures", "no-such", "--to", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()
