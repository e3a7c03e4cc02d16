"""The city's own file: every core system that a procedure names is known, every column comes from somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from souto.kernel.language import LANGUAGES
from souto.services.casework.city import core_system, rules
from souto.services.procedures.definition import Definition, yaml_io

PROCEDURES = sorted((Path(settings.CITY_DIR) / "procedures").glob("*.yaml"))
#: What the manifest says of an application.
ABOUT = {"number", "procedure", "version", "submitted_on", "decided_on", "outcome", "department", "city"}


def definitions() -> dict[str, Definition]:
    return {d.slug: d for d in (yaml_io.load(p.read_text("utf-8")) for p in PROCEDURES)}


def test_every_core_system_of_a_procedure_is_named() -> None:
    wanted = {d.core_system for d in definitions().values() if d.core_system}

    assert wanted
    assert wanted <= {s.code for s in rules().core_system}


def test_every_column_comes_from_somewhere() -> None:
    known = definitions()

    for system in rules().core_system:
        for table in system.table:
            for _title, source in table.columns:
                kind, _, rest = source.partition(":")
                assert kind in {"answer", "application", "text"}, source
                assert kind != "answer" or known[table.procedure].field_at(rest) is not None, source
                assert kind != "application" or rest in ABOUT, source


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_applicants_read_is_there_in_every_language(language: str) -> None:
    found = rules()
    texts = [found.notice.issuer, *found.notice.appeal, *(w.text for w in found.wording)]

    assert all(text.get(language) for text in texts)


def test_a_system_that_the_file_does_not_name_takes_packages_all_the_same() -> None:
    assert core_system("unheard-of").layout == "zip"
