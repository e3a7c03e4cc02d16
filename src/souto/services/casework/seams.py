"""What is plugged in: links to core systems; and what this room plugs into others: the template of the notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from souto.foundation.documents import seams as documents
from souto.services.casework.city import core_system
from souto.services.casework.handover import DirectoryDrop, Incoming, Package

#: The template of the notice of a decision.
NOTICE = "casework.notice"


class CoreSystemLink(Protocol):
    """The way to a core system and back."""

    def send(self, package: Package) -> str:
        """Hand the package over and return its SHA-256; the same package again changes nothing. Raises `OSError`."""

    def results(self) -> Iterator[Incoming]:
        """The answers that wait; each waits until `settle`."""

    def settle(self, incoming: Incoming, *, good: bool) -> None:
        """Put an answer away, among the good ones or in quarantine."""

    def forget(self, package: str, results: Iterable[tuple[str, str]]) -> None:
        """Remove what is left of a package whose record was disposed of, and its answers (name, SHA-256). Raises `OSError`."""


LinkMaker = Callable[[], CoreSystemLink]
_links: dict[str, LinkMaker] = {}


def register_link(system: str, make: LinkMaker) -> None:
    """Reach the core system of this code by what `make` returns, and not by its folder."""
    _links[system] = make


def link_to(system: str) -> CoreSystemLink:
    """The link to a core system: the registered one, else its folder below `HANDOVER_DIR`."""
    if system in _links:
        return _links[system]()
    return DirectoryDrop(Path(settings.HANDOVER_DIR) / system, layout=core_system(system).layout)


documents.register_template(NOTICE, Path(__file__).parent / "templates" / "typst" / "notice.typ")
