"""What rooms plug in: records that can be disposed of (廃棄), one provider for each kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from souto.foundation.vault.erasure import Erasure
from souto.kernel.actor import Actor
from souto.kernel.calendar import Retention
from souto.kernel.language import LocalText


@dataclass(frozen=True, slots=True)
class Record:
    """A record as lists show it, without anybody's data. `reference`: the number that staff know it by; `department`: the code of the
    section that keeps it; `completed_on` None: still open; `period` None: nobody has said how long it is kept.
    """

    subject_id: UUID
    department: str
    reference: str
    title: LocalText
    completed_on: date | None
    period: Retention | None
    disposed_on: date | None = None
    disposed_under: str = ""

    @property
    def ends_on(self) -> date | None:
        """The last day on which it must be kept; None while it is open, kept for ever, or without a period."""
        if self.completed_on is None or self.period is None:
            return None
        return self.period.ends_on(self.completed_on)

    @property
    def starts_on(self) -> date | None:
        """The first day that counts; None while it is open or without a period."""
        if self.completed_on is None or self.period is None:
            return None
        return self.period.starts_on(self.completed_on)


class Disposable(Protocol):
    """A kind of record that a room keeps and can erase. `kind` is `"room.record"`."""

    kind: str

    def due(self, *, before: date) -> Iterable[Record]:
        """The records that are not disposed of and whose period ended before this day."""

    def find(self, subject_id: UUID, *, lock: bool = False) -> Record | None:
        """The record as it stands now; None where there is none. `lock`: hold it to the end of the transaction."""

    def erase(self, *, actor: Actor, subject_id: UUID, on: date, under: str) -> Erasure:
        """Mark the record as disposed of and give up its erasable rows, in the caller's transaction; the caller destroys the keys once
        that has committed. `under`: the number of the list.
        """


#: The addresses at which staff open records of a kind, by id.
Pages = Callable[[Collection[UUID]], Mapping[UUID, str]]

_providers: dict[str, Disposable] = {}
_pages: dict[str, Pages] = {}


class UnknownKindError(LookupError):
    """No room disposes of records of this kind."""


def register(provider: Disposable) -> None:
    """Offer the records of a room."""
    _providers[provider.kind] = provider


def provider(kind: str) -> Disposable:
    """The provider of a kind; raises `UnknownKindError`."""
    try:
        return _providers[kind]
    except KeyError:
        raise UnknownKindError(kind) from None


def providers() -> Mapping[str, Disposable]:
    """Every provider by kind."""
    return dict(_providers)


def register_pages(kind: str, pages: Pages) -> None:
    """Let lists lead to the pages on which staff see records of `kind`; the room that has those pages says where."""
    _pages[kind] = pages


def pages_of(kind: str, subject_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The addresses of records; empty where no room shows them."""
    return _pages[kind](subject_ids) if kind in _pages else {}
