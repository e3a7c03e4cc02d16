"""The page of faults is true: each row names tests that exist, and no test that kills processes is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import house

PAGE = house.ROOT / "docs/reference/faults.md"
ROWS = [
    line
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Fault |")
]


def _named(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)


def _tests_of(path: Path) -> dict[str, bool]:
    """The tests of a file, and whether each is marked as one that kills processes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marks = [
        node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    whole_file = any("pytest.mark.fault" in ast.unparse(node.value) for node in marks)
    return {
        node.name: whole_file or any("pytest.mark.fault" in ast.unparse(mark) for mark in node.decorator_list)
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_each_fault_is_guarded_by_tests_that_exist(row: str) -> None:
    named = _named(row)

    assert named, "name the test"
    assert row.count("::") == len(named), "write each as `tests/….py::test_…`"
    for file, name in named:
        path = house.ROOT / file
        assert path.is_file(), file
        assert name in _tests_of(path), f"{file}::{name}"


def test_every_test_that_kills_processes_is_on_the_page() -> None:
    listed = set(_named(PAGE.read_text(encoding="utf-8")))
    marked = {
        (str(path.relative_to(house.ROOT)), name)
        for path in (house.ROOT / "tests").rglob("test_*.py")
        for name, kills in _tests_of(path).items()
        if kills
    }

    assert len(marked) > 8
    assert sorted(marked - listed) == []


def test_no_fault_is_listed_twice() -> None:
    faults = [row.split("|")[1].strip() for row in ROWS]

    assert len(faults) > 50
    assert len(set(faults)) == len(faults)
