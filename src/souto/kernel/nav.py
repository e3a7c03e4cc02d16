"""Navigation: rooms register their entries in `apps.py`; `web` shows those that the caller may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from souto.kernel.actor import Actor


class Face(StrEnum):
    """The faces (画面の系統): each can have its own host, cookies and network."""

    RESIDENT = "resident"
    STAFF = "staff"
    PUBLIC = "public"


def _everyone(_actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry: `label` is Japanese and the catalogue's key, `badge` counts what waits (None: no badge)."""

    face: Face
    label: str
    url_name: str
    order: int = 100
    visible: Callable[[Actor], bool] = _everyone
    badge: Callable[[Actor], int | None] | None = None


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add an entry (once)."""
    if item not in _items:
        _items.append(item)


def items(face: Face, actor: Actor) -> tuple[NavItem, ...]:
    """The entries of `face` that `actor` may see, in order."""
    return tuple(sorted((i for i in _items if i.face is face and i.visible(actor)), key=lambda i: (i.order, i.label)))
