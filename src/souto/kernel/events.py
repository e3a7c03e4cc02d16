"""Events: what a room announces, and who reacts.

An event is a frozen dataclass of ids, named in the past tense. Handlers run at once, in the publisher's transaction,
in the order of their rooms' floors, so that a change and all its reactions are stored together or not at all.

    @subscribe(ApplicationSubmitted)
    def open_case(event: ApplicationSubmitted, actor: Actor) -> None: ...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any, TypeVar

from souto.kernel.actor import Actor

E = TypeVar("E")
Handler = Callable[[Any, Actor], None]

_handlers: dict[type[object], list[Handler]] = defaultdict(list)
_in_transaction: Callable[[], bool] = lambda: True  # noqa: E731 - replaced by config with the database's answer


class PublishedOutsideTransactionError(RuntimeError):
    """An event was published where its reactions could not be stored together with it."""


def require_transaction(check: Callable[[], bool]) -> None:
    """Let `publish` ask `check` whether a database transaction is open."""
    global _in_transaction  # noqa: PLW0603 - wired once at start
    _in_transaction = check


def subscribe(event_type: type[E]) -> Callable[[Callable[[E, Actor], None]], Callable[[E, Actor], None]]:
    """Register the decorated function as a handler of `event_type`."""

    def register(handler: Callable[[E, Actor], None]) -> Callable[[E, Actor], None]:
        if handler not in _handlers[event_type]:
            _handlers[event_type].append(handler)
        return handler

    return register


def publish(event: object, *, actor: Actor) -> None:
    """Call every handler of `event`'s type, in the current transaction."""
    if not is_dataclass(event):
        raise TypeError(f"an event is a frozen dataclass, not {type(event).__name__}")
    if not _in_transaction():
        raise PublishedOutsideTransactionError(type(event).__name__)
    for handler in _handlers[type(event)]:
        handler(event, actor)


def handlers_of(event_type: type[object]) -> tuple[Handler, ...]:
    """The handlers registered for `event_type`, in order."""
    return tuple(_handlers[event_type])
