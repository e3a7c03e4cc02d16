"""The plan of a room: what others may reach, and which row may stand on which."""

from __future__ import annotations

import ast
import configparser

import pytest

from tests.architecture import house

#: What a room offers to the others.
OFFERED = frozenset({"actions", "queries", "events", "seams"})

#: Words of a room without behaviour, open to all.
WORDS = {
    "souto.foundation.identity.roles": "the names of the roles, which screens, samples and documents share",
}

#: (importer, imported): why.
EXCEPTIONS = {
    (
        "souto.config.commands.audit",
        "souto.foundation.audit.sealing",
    ): "`souto audit seal` runs the sealer that the worker runs",
    ("souto.demo.fill", "souto.foundation.identity.models"): "looks whether the sample staff is there; reads only",
    ("souto.demo.fill", "souto.plan.models"): "looks whether baselines are typed in; reads only",
    ("souto.demo.residents", "souto.foundation.identity.models"): "looks a sample resident up again; reads only",
    ("souto.demo.residents", "souto.services.applications.models"): "looks whether samples were filed; reads only",
}

#: The rows of DESIGN's table, lowest first; rows with one number do not know each other.
ROWS = {
    "events": 0,
    "seams": 1,
    "models": 2,
    "queries": 3,
    "actions": 4,
    "measures": 5,
    "jobs": 5,
    "subscribers": 5,
    "navigation": 5,
    "forms": 6,
    "views": 7,
    "api": 7,
    "urls": 8,
    "staff_urls": 8,
}

ROW_EXCEPTIONS = {
    (
        "souto.foundation.documents.seams",
        "souto.foundation.documents.models",
    ): "a scanner answers with the state that is stored",
    (
        "souto.services.applications.seams",
        "souto.services.applications.actions",
    ): "registers this room at the seams below it",
    (
        "souto.services.applications.seams",
        "souto.services.applications.queries",
    ): "registers this room at the seams below it",
}


def outside_imports() -> set[tuple[str, str]]:
    """Imports that reach into another room past what it offers."""
    reached = set()
    for importer, imported in house.imports():
        room = house.room_of(imported)
        if room is None or room in house.TOOLKITS or house.within(importer, room):
            continue
        offered = imported.count(".") == room.count(".") + 1 and house.part_of(imported, room) in OFFERED
        if offered or imported == room or imported in WORDS or house.engine_of(imported):
            continue
        reached.add((importer, imported))
    return reached


def test_rooms_reach_only_what_another_room_offers() -> None:
    found = outside_imports()

    assert sorted(found - EXCEPTIONS.keys()) == [], "import from that room's actions, queries, events or seams instead"
    assert sorted(EXCEPTIONS.keys() - found) == [], "exceptions that nobody needs any more"


def test_a_row_stands_on_the_rows_above_it_only() -> None:
    wrong = set()
    for importer, imported in house.imports():
        room = house.room_of(importer)
        if room is None or not house.within(imported, room):
            continue
        upper, lower = house.part_of(importer, room), house.part_of(imported, room)
        if upper != lower and upper in ROWS and lower in ROWS and ROWS[lower] >= ROWS[upper]:
            wrong.add((f"{room}.{upper}", f"{room}.{lower}"))

    assert sorted(wrong - ROW_EXCEPTIONS.keys()) == []
    assert sorted(ROW_EXCEPTIONS.keys() - wrong) == [], "exceptions that nobody needs any more"


def test_engines_stand_on_the_kernel_and_other_engines_only() -> None:
    wrong = [
        (importer, imported)
        for importer, imported in house.imports()
        if (engine := house.engine_of(importer))
        and not house.within(imported, "souto.kernel")
        and not house.engine_of(imported)
        and not house.within(engine, imported)  # `from room import engine`
        # an engine reached through its room: `from room import other_engine`
        and not any(house.within(other, imported) for other in house.ENGINES)
    ]

    assert wrong == []


def test_engines_import_no_django() -> None:
    touching = [
        (module.name, imported)
        for module in house.modules()
        if house.engine_of(module.name) or house.within(module.name, "souto.kernel")
        for imported in house.graph().find_modules_directly_imported_by(module.name)
        if imported.split(".")[0] in {"django", "ninja", "procrastinate"}
    ]

    assert touching == []


def test_the_linter_knows_every_engine() -> None:
    linter = configparser.ConfigParser()
    linter.read(house.ROOT / ".importlinter", encoding="utf-8")

    listed = set(linter["importlinter:contract:kernel"]["source_modules"].split())

    assert listed == {"souto.kernel", *house.ENGINES}


def test_a_package_that_calls_itself_an_engine_is_listed() -> None:
    called = {
        module.name for module in house.modules() if (ast.get_docstring(module.tree) or "").lower().startswith("engine")
    }

    assert called - house.ENGINES == set(), "add it to house.ENGINES and to .importlinter"


@pytest.mark.parametrize("engine", sorted(house.ENGINES))
def test_an_engine_says_its_problem_and_its_method(engine: str) -> None:
    text = ast.get_docstring(next(module.tree for module in house.modules() if module.name == engine)) or ""

    assert len(text.splitlines()) > 3, "an engine's docstring says the problem, the method, the source and the units"


@pytest.mark.parametrize("room", house.rooms())
def test_a_room_says_what_it_is(room: str) -> None:
    text = ast.get_docstring(next(module.tree for module in house.modules() if module.name == room))

    assert text


@pytest.mark.parametrize("room", house.rooms())
def test_events_are_frozen_and_say_when_they_are_announced(room: str) -> None:
    module = next((module for module in house.modules() if module.name == f"{room}.events"), None)
    if module is None:
        return

    events = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]

    for event in events:
        assert any("frozen=True" in ast.unparse(decorator) for decorator in event.decorator_list), event.name
        assert ast.get_docstring(event), f"{event.name} says when it is announced"
