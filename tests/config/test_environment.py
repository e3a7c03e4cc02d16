from __future__ import annotations

import re
from pathlib import Path

import pytest

from souto.config import environment
from souto.config.environment import SettingError

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_settings_is_the_table() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()

    assert page == environment.as_markdown(), "run: python -m souto.config.environment > docs/reference/settings.md"


def test_every_variable_that_the_code_names_is_in_the_table() -> None:
    named = {
        name
        for file in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"[\"'](SOUTO_[A-Z_]*[A-Z])[\"']", file.read_text())
    }

    assert named <= set(environment.TABLE)


def test_no_room_reads_the_environment_itself() -> None:
    # The table; the clock, which must not depend on Django; the demo's providers, which play other systems.
    allowed = {"config", "kernel", "demo_provider", "demo_core_system"}
    readers = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "src/souto").rglob("*.py")
        if re.search(r"os\.(environ|getenv)", file.read_text())
        and allowed.isdisjoint(file.relative_to(ROOT / "src/souto").parts)
    ]

    assert readers == []


def test_a_value_that_cannot_be_used_is_named_with_its_meaning() -> None:
    with pytest.raises(SettingError, match=r"SOUTO_PORT: 'eighty' is not a whole number from 1 up"):
        environment.PORT.get({"SOUTO_PORT": "eighty"})
    with pytest.raises(SettingError, match=r"SOUTO_DEMO: 'yes' is not 1 or 0"):
        environment.DEMO.get({"SOUTO_DEMO": "yes"})
    with pytest.raises(SettingError, match="SOUTO_FACES"):
        environment.FACES.get({"SOUTO_FACES": "resident,mayor"})


def test_lists_are_separated_by_commas_or_spaces() -> None:
    assert environment.HOSTS.get({"SOUTO_HOSTS": "a.example, b.example c.example"}) == (
        "a.example",
        "b.example",
        "c.example",
    )


def test_an_empty_variable_counts_as_not_set() -> None:
    assert environment.PORT.get({"SOUTO_PORT": ""}) == 8000


def test_a_misspelt_variable_is_found() -> None:
    assert environment.unknown({"SOUTO_BASEURL": "x", "SOUTO_BASE_URL": "y", "PATH": "z"}) == ["SOUTO_BASEURL"]
