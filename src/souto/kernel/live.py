"""Live pages: a room says that something changed, and pages that show it look again.

    live.announce(f"transit.day:{day.id}")

A topic is a name and an id, never data: whoever hears it asks the server anew, and passes its gates anew. `config` binds this to the database, so that an announcement
is heard when the transaction has committed, and never when it was rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

TOPIC = re.compile(r"[a-z_]+\.[a-z_]+:[0-9a-f-]{36}")

_announce: Callable[[str], None] | None = None


class TopicError(ValueError):
    """A topic is `room.thing:id`, nothing else."""


def bind(announcer: Callable[[str], None]) -> None:
    """Let `announce` hand topics to `announcer`, which keeps them until the current transaction commits."""
    global _announce  # noqa: PLW0603 - wired once at start
    _announce = announcer


def announce(topic: str) -> None:
    """Tell every page that shows `topic` (`"room.thing:id"`) to look again once the transaction has committed. Raises `TopicError`."""
    checked(topic)
    if _announce is None:
        raise RuntimeError("nobody is bound; souto.config.live does that at start")
    _announce(topic)


def checked(topic: str) -> str:
    """The topic, if it is one. Raises `TopicError`."""
    if not TOPIC.fullmatch(topic):
        raise TopicError(topic)
    return topic
