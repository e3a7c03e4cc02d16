"""Words that do not belong into the product: traces of one machine, of one registry, of unfinished work."""

from __future__ import annotations

import re

from tests.architecture import house

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|TBD|NotImplementedError|WIP)\b")
POSTPONED = re.compile(r"simplified for now|not yet implemented|dummy data|lorem ipsum", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.$}-])/(?:work|home/\w+|Users|root/\w+|tmp)/|\bC:\\Users")
REGISTRIES = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|crates\.io)\b")

#: Files that name where packages come from by their nature, and stay with public addresses.
LOCKS = frozenset({"uv.lock", "frontend/package-lock.json"})
PUBLIC = {"https://pypi.org", "https://files.pythonhosted.org", "https://registry.npmjs.org", "https://github.com"}
#: This file, which has to say the words.
OWN = "tests/architecture/test_words.py"
ENDINGS = frozenset(
    {
        ".py",
        ".md",
        ".html",
        ".txt",
        ".toml",
        ".yaml",
        ".yml",
        ".ts",
        ".mjs",
        ".css",
        ".typ",
        ".po",
        ".json",
        ".lock",
        ".csv",
        ".sh",
        ".cfg",
        "",
    }
)


def places(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in the tracked text files, as `file:line: words`."""
    found = []
    for path in house.tracked():
        name = path.relative_to(house.ROOT).as_posix()
        if path.suffix not in ENDINGS or name in LOCKS or name == OWN:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if hit := pattern.search(line):
                found.append(f"{name}:{number}: {hit.group()}")
    return found


def test_nothing_is_left_unfinished() -> None:
    assert places(UNFINISHED) == []
    assert places(POSTPONED) == []


def test_no_path_of_a_single_machine_is_written_down() -> None:
    assert places(MACHINE) == []


def test_package_registries_stand_in_the_lock_files_only() -> None:
    assert places(REGISTRIES) == []


def test_lock_files_name_public_addresses_only() -> None:
    hosts = {
        host
        for name in LOCKS
        for host in re.findall(r"https?://[^/\"]+", (house.ROOT / name).read_text(encoding="utf-8"))
    }

    assert hosts <= PUBLIC


def test_the_patterns_find_what_they_look_for() -> None:
    assert UNFINISHED.search("# TODO: later")
    assert MACHINE.search("see /home/someone/file")
    assert not MACHINE.search("https://example.com/work/page")
    assert REGISTRIES.search("https://pypi.org/simple")
