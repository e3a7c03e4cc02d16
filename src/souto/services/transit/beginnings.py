"""What a service that is begun on the screen holds at first: no zone, stop or vehicle, and hours, fares and rules to start from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souto.services.transit import definition as definitions
from souto.services.transit.definition import ServiceDefinition

#: Hours and rules to start from where no other service is taken as the pattern. Fares are nought until somebody writes them; the page of publication says so.
_USUAL: dict[str, Any] = {
    "hours": {
        "opens": "8:00",
        "closes": "18:00",
        "weekdays": ["mon", "tue", "wed", "thu", "fri"],
        "closed_on_holidays": True,
    },
    "fares": {"adult": 0, "child": 0, "infant": 0, "assisted": 0, "payment": "on_board"},
    "booking": {
        "opens_days": 14,
        "closes_minutes": 30,
        "cancel_minutes": 30,
        "search_minutes": 45,
        "promise_minutes": 10,
        "arrival_minutes": 15,
        "largest_party": 8,
        "open_bookings": 20,
    },
    "ride": {"factor": 1.6, "extra_minutes": 10, "board_seconds": 30, "wheelchair_seconds": 120},
    "retention_days": 90,
}


def begun(
    *, slug: str, name: Mapping[str, str], department: str, like: ServiceDefinition | None = None
) -> ServiceDefinition:
    """A definition to begin with; hours, fares and rules are those of `like`, if it is given.

    Raises:
        DefinitionUnreadableError: the code is none, or is too long.
    """
    pattern = {key: like.body()[key] for key in _USUAL} if like is not None else _USUAL
    own = {"schema_version": 1, "slug": slug, "department": department, "name": dict(name)}
    return definitions.read({**pattern, **own, "zone": [], "stops": [], "vehicles": []})
