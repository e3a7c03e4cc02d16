"""Documentation that can be trusted: every page is found, every link leads somewhere, every command exists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from souto.config import cli
from souto.services.procedures.definition import check, yaml_io
from tests.architecture import house

DOCS = house.ROOT / "docs"
PAGES = [path for path in house.tracked() if path.suffix == ".md"]
MOST_LINES_OF_A_DECISION = 40

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(house.ROOT).as_posix()


def prose(path: Path) -> str:
    """The page without its code blocks and code spans."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", path.read_text(encoding="utf-8")))


def links(path: Path) -> Iterator[str]:
    """Where a page leads inside the repository."""
    text = prose(path)
    for target in (*_LINK.findall(text), *re.findall(r"(?:src|href)=\"([^\"]+)\"", text)):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as code hosting sites make them."""
    found = set()
    for heading in re.findall(r"^#+ +(.+)$", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        found.add("".join(c for c in words if c in " -_" or unicodedata.category(c)[0] in "LN").replace(" ", "-"))
    return found


def commands() -> Iterator[tuple[str, str]]:
    """Every line of a shell block, with the page on which it stands."""
    for page in PAGES:
        for language, block in _FENCE.findall(page.read_text(encoding="utf-8")):
            if language in {"sh", "bash", "shell", "console"}:
                for line in block.splitlines():
                    yield name_of(page), line.split(" #")[0].strip()


def test_every_page_is_linked_from_the_index() -> None:
    index = DOCS / "index.md"
    linked = {(index.parent / link.split("#")[0]).resolve() for link in links(index)}
    pages = {path for path in house.tracked() if DOCS in path.parents and path.suffix in {".md", ".json"}}

    lost = sorted(name_of(path) for path in pages - linked - {index})

    assert lost == [], "add a line to docs/index.md"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_commands_in_pages_exist() -> None:
    known = set(cli.parser()._subparsers._group_actions[0].choices)
    unknown = []
    for page, line in commands():
        unknown += [
            (page, script)
            for script in re.findall(r"(?<![\w/.])scripts/[\w.-]+", line)
            if not (house.ROOT / script).exists()
        ]
        unknown += [(page, word) for word in re.findall(r"^(?:\S*/)?souto (\w+)", line) if word not in known]
        unknown += [
            (page, module)
            for module in re.findall(r"-m (benchmarks\.\w+|scripts\.\w+|souto[\w.]*)", line)
            if not any((house.ROOT / base / (module.replace(".", "/") + ".py")).exists() for base in ("", "src"))
        ]
        unknown += [
            (page, path)
            for path in re.findall(r"(?<![\w/])tests/[\w/]+(?:\.py)?", line)
            if not (house.ROOT / path).exists()
        ]

    assert unknown == []


def test_the_benchmarks_and_scripts_named_in_passing_exist() -> None:
    missing = [
        f"{name_of(page)}: {name}"
        for page in PAGES
        for name in re.findall(r"`(?:python -m )?((?:scripts/|benchmarks\.)[a-z_]+)", page.read_text(encoding="utf-8"))
        if not ((house.ROOT / name).exists() or (house.ROOT / (name.replace(".", "/") + ".py")).exists())
    ]

    assert missing == []


def test_a_decision_fits_on_a_page() -> None:
    decisions = sorted((DOCS / "explanation/decisions").glob("*.md"))
    long = [
        name_of(path)
        for path in decisions
        if len(path.read_text(encoding="utf-8").splitlines()) >= MOST_LINES_OF_A_DECISION
    ]

    assert decisions
    assert long == []


def test_every_page_begins_with_its_one_title() -> None:
    odd = [
        name_of(path)
        for path in PAGES
        if len(re.findall(r"^# ", _FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)) != 1
        or not path.read_text(encoding="utf-8").startswith("# ")
    ]

    assert odd == []


def test_the_tutorials_procedure_can_be_published() -> None:
    text = (DOCS / "tutorial/first-procedure.md").read_text(encoding="utf-8")
    (body,) = (block for language, block in _FENCE.findall(text) if language == "yaml")

    definition = yaml_io.load(body)

    assert check.problems(definition) == []
    assert definition.slug not in {path.stem for path in (house.ROOT / "cities").rglob("*.yaml")}


def test_the_tutorials_misspelling_is_found() -> None:
    text = (DOCS / "tutorial/first-procedure.md").read_text(encoding="utf-8")
    (body,) = (block for language, block in _FENCE.findall(text) if language == "yaml")

    found = check.errors(yaml_io.load(body.replace("value: weeks", "value: week")))

    assert [problem.page for problem in found] == ["photo"]


def glossary() -> Iterator[tuple[str, str, str]]:
    for line in (DOCS / "reference/glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| Term"):
            term, japanese, room, _ = (cell.strip() for cell in line.strip("|").split("|"))
            yield term, japanese, room


def test_the_glossary_says_words_that_its_rooms_use() -> None:
    strange = []
    for term, japanese, room in glossary():
        folder = next(path for path in house.PACKAGE.glob(f"**/{room}") if (path / "__init__.py").exists())
        words = "".join(
            path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in {".py", ".html", ".po"}
        )
        named = not term.startswith("`") or re.search(rf"\b(?:class|def) {term.strip('`')}\b", words)
        if japanese not in words or not named:
            strange.append((term, japanese, room))

    assert strange == []


def test_the_changelog_says_nothing_twice() -> None:
    lines = [
        re.sub(r"^- (?:[a-z]+: )?", "", line).lower()
        for line in (house.ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("- ")
    ]

    twice = {line for line in lines if lines.count(line) > 1}

    assert twice == set(), "the file merges by union: keep the line under its room's heading"


def test_publiccode_says_what_catalogues_ask_for() -> None:
    code = yaml.safe_load((house.ROOT / "publiccode.yaml").read_text(encoding="utf-8"))

    assert code["publiccodeYmlVersion"] == "0.4"
    assert {
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    } <= code.keys()
    assert code["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert code["legal"]["license"] == "Apache-2.0"
    assert code["maintenance"]["contacts"]
    for text in code["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 500 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
    for picture in (shot for text in code["description"].values() for shot in text.get("screenshots", [])):
        assert (house.ROOT / picture).exists()


def test_pictures_are_light() -> None:
    heavy = [
        name_of(path)
        for path in house.tracked()
        if path.suffix in {".png", ".jpg"} and DOCS in path.parents and path.stat().st_size >= 300_000
    ]

    assert heavy == []
