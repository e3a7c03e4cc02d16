"""What other rooms and systems plug in: who may open a file, templates of documents, the virus scanner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from souto.foundation.documents.models import ScanState
from souto.kernel.actor import Actor

Gate = Callable[[Actor, UUID], bool]

_gates: dict[str, Gate] = {}
_templates: dict[str, Path] = {}
_as_typed: set[str] = set()


class UnknownPurposeError(LookupError):
    """No room has said who may open files of this purpose."""


class UnknownTemplateError(LookupError):
    """No room has registered a template of this name."""


def register_gate(purpose: str, gate: Gate) -> None:
    """Let `gate(actor, subject_id)` decide who may open what belongs to `purpose`."""
    _gates[purpose] = gate


def may_open(actor: Actor, purpose: str, subject_id: UUID) -> bool:
    """True when the room that owns `purpose` lets `actor` in."""
    try:
        gate = _gates[purpose]
    except KeyError:
        raise UnknownPurposeError(purpose) from None
    return gate(actor, subject_id)


def register_template(name: str, path: Path, *, as_typed: bool = False) -> None:
    """Offer the typst template at `path` as `name` (`"applications.receipt"`).

    `as_typed`: it prints copies of what people typed, so an emoji that no font has becomes 〓; elsewhere it stops the document.
    """
    _templates[name] = path
    if as_typed:
        _as_typed.add(name)


def prints_as_typed(name: str) -> bool:
    """Whether the template `name` prints copies of what people typed."""
    return name in _as_typed


def template_path(name: str) -> Path:
    """The template `name`; raises `UnknownTemplateError`."""
    try:
        return _templates[name]
    except KeyError:
        raise UnknownTemplateError(name) from None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scanner said; `detail` is its own name for what it found."""

    state: ScanState
    detail: str = ""


class ScannerUnavailableError(Exception):
    """The scanner did not answer: the file waits, nobody opens it meanwhile."""


class Scanner(Protocol):
    """A virus scanner."""

    def scan(self, content: IO[bytes]) -> ScanResult:
        """Scan the whole content; raises `ScannerUnavailableError`."""


_scanner: Scanner | None = None


def use_scanner(scanner: Scanner | None) -> None:
    """Scan every upload with `scanner`; without one, files are marked as not scanned."""
    global _scanner  # noqa: PLW0603 - wired once at start
    _scanner = scanner


def scanner() -> Scanner | None:
    """The scanner in use."""
    return _scanner
