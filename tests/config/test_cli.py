from __future__ import annotations

import argparse
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from souto.config import cli
from souto.foundation.audit import actions
from souto.foundation.audit.models import Entry
from souto.kernel.actor import Actor
from tests.sealing import seal_all

ROOT = Path(__file__).resolve().parents[2]


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (action,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(action.choices)


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from options(sub)
        elif action.help is not argparse.SUPPRESS:
            yield from (option for option in action.option_strings if option not in {"-h", "--help"})


def test_the_reference_names_every_command_and_option() -> None:
    page = (ROOT / "docs/reference/commands.md").read_text()
    for name, parser in subcommands(cli.parser()).items():
        assert f"### `souto {name}`" in page
        section = page.split(f"### `souto {name}`", 1)[1].split("\n### ", 1)[0]
        for option in options(parser):
            assert f"`{option}" in section, f"{name} {option}"


def test_a_value_that_cannot_be_used_ends_the_command_with_its_name(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("SOUTO_PORT", "eighty")

    assert cli.main(["up"]) == 1
    assert "souto up: SOUTO_PORT: 'eighty'" in capsys.readouterr().err


def test_a_worker_without_a_database_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.delenv("DATABASE_URL")

    assert cli.main(["worker"]) == 1
    assert "DATABASE_URL is not set" in capsys.readouterr().err


def test_the_story_refuses_anything_but_a_demo(capsys) -> None:
    assert cli.main(["check", "--story"]) == 1
    assert "scripts/demo --check" in capsys.readouterr().err


@pytest.mark.django_db
def test_check_names_what_is_not_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys) -> None:
    monkeypatch.setenv("SOUTO_CITY", str(tmp_path))
    monkeypatch.setenv("SOUTO_BASEURL", "https://city.example.jp")
    monkeypatch.setenv("SOUTO_SMTP_PORT", "smtp")

    assert cli.main(["check"]) == 1

    said = capsys.readouterr().out
    assert f"PROBLEM city: {tmp_path}/city.toml is missing" in said
    assert "PROBLEM SOUTO_BASEURL: means nothing to Souto" in said
    assert "PROBLEM SOUTO_SMTP_PORT: SOUTO_SMTP_PORT: 'smtp' is not a whole number" in said
    assert "ok      database" in said
    assert "ok      migrations" in said


@pytest.mark.django_db
def test_migrate_check_is_satisfied_with_complete_tables(capsys) -> None:
    assert cli.main(["migrate", "--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_audit_verify_tells_links_and_tail(capsys) -> None:
    actions.record(actor=Actor.system("test"), action="tests.done")

    assert cli.main(["audit", "verify"]) == 0
    assert "0 links hold" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_audit_seal_then_export_writes_a_file_for_its_owner_and_is_recorded(tmp_path: Path, capsys) -> None:
    actions.record(actor=Actor.system("test"), action="tests.done")
    target = tmp_path / "audit.jsonl"

    seal_all()
    assert cli.main(["audit", "seal"]) == 0
    assert cli.main(["audit", "export", "--output", str(target)]) == 0

    (entry,) = [json.loads(line) for line in target.read_text().splitlines()]
    assert (entry["action"], entry["seq"]) == ("tests.done", 1)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert Entry.objects.filter(action="audit.exported").count() == 1
    assert cli.main(["audit", "export", "--output", str(target)]) == 1
    assert "name a file that does not exist yet" in capsys.readouterr().err
    assert seal_all() == 1
