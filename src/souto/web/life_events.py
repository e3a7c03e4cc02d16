"""Life events (くらしの場面): the categories under which residents look for procedures, with their icon."""

from __future__ import annotations

from dataclasses import dataclass

from souto.kernel.language import LocalText
from souto.services.procedures.definition import CATEGORIES


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A card of the portal: `code` is a procedure's category."""

    code: str
    icon: str
    title: LocalText


#: In the words of the search page, so that the same scene is called the same everywhere.
LIFE_EVENTS = tuple(
    LifeEvent(code, code, CATEGORIES[code])
    for code in ("moving", "birth", "childcare", "school", "work", "tax", "care", "bereavement", "certificate", "road")
)
