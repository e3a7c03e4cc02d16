"""The pages of docs/reference that are made from the code are what the code says."""

from __future__ import annotations

import re

import pytest
from scripts import reference

from souto.foundation.identity import roles
from souto.kernel import events, measures
from tests.architecture import house

CARRIED = {name for carried in roles.PERMISSIONS.values() for name in carried}


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_a_page_says_what_the_code_says(name: str) -> None:
    written = (house.ROOT / "docs/reference" / name).read_text(encoding="utf-8")

    assert written == reference.PAGES[name](), "run: scripts/reference"


def test_every_permission_is_explained() -> None:
    assert set(reference.PERMISSIONS) == CARRIED


def test_roles_carry_what_the_code_asks_for_and_nothing_else() -> None:
    asked = {
        name
        for module in house.modules()
        if module.name != "souto.foundation.identity.roles"
        for name in re.findall(r"\"([a-z_]+\.[a-z_]+)\"", module.source)
        if name in CARRIED
    }
    required = {
        name
        for module in house.modules()
        for name in re.findall(r"\.(?:require|may)\(\s*\"([a-z_.]+)\"", module.source)
    }

    assert CARRIED - asked == set(), "permissions that nothing asks for"
    assert required - CARRIED == set(), "permissions that no role carries"


def test_the_page_of_events_knows_every_event_that_somebody_hears() -> None:
    page = reference.events()

    for event in reference.announced():
        assert f"`{event.__name__}`" in page
        for handler in events.handlers_of(event):
            assert handler.__name__ in page


def test_every_event_is_announced_somewhere() -> None:
    silent = [event.__name__ for event in reference.announced() if not reference.publishers(event)]

    assert silent == []


def test_every_measure_says_in_japanese_what_it_counts() -> None:
    bare = [
        measure.key
        for measure in measures.registered().values()
        if not re.search(r"[ぁ-ん]", measure.title + measure.definition) or len(measure.definition) < 15
    ]

    assert bare == []
