"""What every file keeps to: small, described, one clock, no signals."""

from __future__ import annotations

import ast
import re

from tests.architecture import house

MOST_LINES = 400

#: Where the machine's clock is read, and why.
CLOCKS = {
    "souto.kernel.clock": "the one clock",
    "souto.services.casework.demo_core_system.receiving": "plays another system, which has a clock of its own",
    "souto.services.payments.demo_provider.asgi": "plays another company's server, which has a clock of its own",
}

#: Where a city may be named, and why.
CITIES = {
    "souto.config.environment": "the default of SOUTO_CITY",
    "souto.demo": "its samples live there",
    "souto.foundation.identity.jpki.testing": "test cards need an issuing municipality",
    "souto.foundation.ui.gallery": "long names to try components with",
}

#: Calls that ask the machine what time or day it is.
ASKING = frozenset({"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time"})


def docstrings(tree: ast.Module) -> set[ast.Constant]:
    """The constants that stand alone: docstrings of modules, classes, functions and attributes."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def test_a_file_is_short_enough_to_read() -> None:
    long = {module.where: lines for module in house.modules() if (lines := module.source.count("\n")) > MOST_LINES}

    assert long == {}, "past 400 lines it becomes a package of the same name"


def test_public_functions_and_classes_say_what_they_do() -> None:
    silent = [
        f"{module.where}: {node.name}"
        for module in house.modules()
        if module.name.rsplit(".", 1)[-1] not in {"apps", "__main__"}
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_the_clock_is_asked_in_one_place() -> None:
    asking = [
        f"{module.where}:{node.lineno}"
        for module in house.modules()
        if module.name not in CLOCKS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in ASKING
    ]

    assert asking == [], "use souto.kernel.clock"


def test_rooms_talk_by_events_not_by_signals() -> None:
    using = [
        (module.name, imported)
        for module in house.modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for imported in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
        )
        if imported.startswith(("django.dispatch", "django.db.models.signals", "django.core.signals"))
    ]

    assert using == []


def test_no_code_knows_which_city_it_serves() -> None:
    naming = [
        f"{module.where}:{node.lineno}"
        for module in house.modules()
        if not any(house.within(module.name, allowed) for allowed in CITIES)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"八王子|hachioji|132012", node.value, re.IGNORECASE)
        and node not in docstrings(module.tree)
    ]

    assert naming == [], "what belongs to a city stands in its folder under cities/"


def test_templates_hold_no_script_and_no_style() -> None:
    inline = [
        f"{path.relative_to(house.ROOT)}: {hit.group()}"
        for path in house.tracked()
        if path.suffix == ".html" and house.PACKAGE in path.parents
        for hit in re.finditer(
            r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=\"", path.read_text(encoding="utf-8")
        )
    ]

    assert inline == [], "the content security policy would refuse it"


def test_every_room_has_its_tests() -> None:
    untested = [
        room
        for room in house.rooms()
        if not any((house.ROOT / "tests" / room.removeprefix("souto.").replace(".", "/")).rglob("test_*.py"))
    ]

    assert untested == []


def test_every_room_stands_in_the_readme() -> None:
    for readme in ("README.md", "README.ja.md"):
        text = (house.ROOT / readme).read_text(encoding="utf-8")
        lost = [
            room
            for room in house.rooms()
            if f"`{room.rsplit('.', 1)[-1]}`" not in text and f"/{room.rsplit('.', 1)[-1]}`" not in text
        ]

        assert lost == [], readme
