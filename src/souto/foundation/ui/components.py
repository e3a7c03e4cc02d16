"""What views hand to components: small frozen values; a dict with the same keys works as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from souto.foundation.ui.maps import MapContent


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A row of a summary list: item, lines of its value, where to change it, and what it was before when it changed."""

    key: str
    value: Sequence[str] | str
    change_url: str = ""
    changed: bool = False
    before: Sequence[str] | str = ()
    #: Where the value itself leads (a file to look at).
    url: str = ""
    #: The place that the value names, drawn below it; `map_still` as a picture that nothing moves.
    map: MapContent | None = None
    map_still: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of a timeline: `at` is None while it is only expected; `current` marks where things stand."""

    title: str
    at: datetime | date | None = None
    by: str = ""
    body: str = ""
    current: bool = False
    #: True for what has not happened yet.
    coming: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Who can be called about a page."""

    name: str
    phone: str
    hours: str
    place: str = ""
    is_sample: bool = field(default=False)
