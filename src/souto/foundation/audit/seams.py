"""How other rooms help the auditor's desk, which stands below them: names of who acted, and records found by their own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

#: Finds records of a room by what people call them (受付番号, 案件特定キー): pairs of subject type and id.
Finder = Callable[[str], Iterable[tuple[str, UUID]]]


class People(Protocol):
    """Who stands behind the ids of an entry."""

    def names_of(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """Names of staff; residents stay ids, for the desk shows no personal data."""

    def ids_named(self, words: str) -> set[UUID]:
        """Staff whose name or number contains `words`."""


_finders: list[Finder] = []
_people: list[People] = []


def use_people(people: People) -> None:
    """Let the desk say the names of staff."""
    _people[:] = [people]


def register_finder(finder: Finder) -> None:
    """Let the desk find a room's records (once)."""
    if finder not in _finders:
        _finders.append(finder)


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of staff by id; empty where no room tells."""
    return _people[0].names_of(ids) if _people else {}


def ids_named(words: str) -> set[UUID]:
    """Staff whose name or number contains `words`."""
    return _people[0].ids_named(words) if _people else set()


def find_subjects(text: str) -> list[tuple[str, UUID]]:
    """The records that any room knows under `text`."""
    return [found for finder in _finders for found in finder(text)]
