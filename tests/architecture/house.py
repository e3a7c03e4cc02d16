"""Souto's own source, read as data: rooms, modules, who imports whom."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "souto"

#: Floors whose sub-packages are rooms, and the two rooms that are a floor each.
SHELVES = ("foundation", "services")
LONE_ROOMS = ("plan", "web")

#: Toolkits of the foundation: everything in them is there to be used, a room's plan does not apply.
TOOLKITS = frozenset({"souto.foundation.ui", "souto.foundation.vault"})

#: Sub-packages that import no Django and could be libraries of their own. `.importlinter` holds the same list.
ENGINES = frozenset(
    {
        "souto.foundation.documents.typesetting",
        "souto.foundation.identity.jpki",
        "souto.foundation.identity.oidc",
        "souto.foundation.registry.codes",
        "souto.foundation.registry.matching",
        "souto.services.payments.elqr",
        "souto.services.payments.notice_files",
        "souto.services.payments.slips",
        "souto.services.procedures.definition",
        "souto.services.transit.coverage",
        "souto.services.transit.demand",
        "souto.services.transit.dispatch",
        "souto.services.transit.feeds",
        "souto.services.transit.roads",
    }
)


@dataclass(frozen=True)
class Module:
    """One file of Souto: its dotted name, where it stands, its syntax tree."""

    name: str
    path: Path

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path)

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of Souto except migrations, which Django writes."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "migrations" in parts:
            continue
        found.append(Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return tuple(found)


@cache
def rooms() -> tuple[str, ...]:
    """The dotted name of every room."""
    shelved = (
        f"souto.{shelf}.{folder.name}"
        for shelf in SHELVES
        for folder in sorted((PACKAGE / shelf).iterdir())
        if (folder / "__init__.py").exists()
    )
    return (*shelved, *(f"souto.{name}" for name in LONE_ROOMS))


def room_of(module: str) -> str | None:
    """The room that a module belongs to; None for kernel, demo, config."""
    return next((room for room in rooms() if within(module, room)), None)


def within(module: str, package: str) -> bool:
    """Whether a module is the package or lies in it."""
    return module == package or module.startswith(package + ".")


def part_of(module: str, room: str) -> str:
    """The row of the room's plan that a module belongs to (`actions`, `views` …); empty for the room itself."""
    return module[len(room) + 1 :].split(".", maxsplit=1)[0]


def engine_of(module: str) -> str | None:
    """The engine that a module belongs to."""
    return next((engine for engine in ENGINES if within(module, engine)), None)


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom when Souto runs. An import for the type checker only is none: a room may say that it returns another room's record."""
    return grimp.build_graph(
        "souto", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def imports() -> Iterator[tuple[str, str]]:
    """Every direct import between two modules of Souto, (importer, imported)."""
    for importer in sorted(graph().modules):
        if importer.startswith("souto"):
            for imported in sorted(graph().find_modules_directly_imported_by(importer)):
                if within(imported, "souto"):
                    yield importer, imported


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(sorted(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()))
