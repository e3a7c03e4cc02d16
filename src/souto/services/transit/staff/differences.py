"""What differs between two versions of a service, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: Parts of a definition as people call them.
PARTS = {
    "name": gettext_noop("名前"),
    "note": gettext_noop("説明"),
    "department": gettext_noop("担当の課"),
    "zone": gettext_noop("区域"),
    "stops": gettext_noop("停留所"),
    "hours": gettext_noop("運行日と時間"),
    "vehicles": gettext_noop("車両"),
    "fares": gettext_noop("運賃"),
    "booking": gettext_noop("予約の決まり"),
    "ride": gettext_noop("乗車の決まり"),
    "retention_days": gettext_noop("記録を残す日数"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Part, place in it, what it was and what it is; empty where there was or is nothing."""

    part: str
    place: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every difference between two bodies, in the order of the parts. Stops and vehicles are matched by their code."""
    found: list[Difference] = []
    for part, label in PARTS.items():
        before, after = dict(_flat(old.get(part))), dict(_flat(new.get(part)))
        changed = [place for place in dict.fromkeys((*before, *after)) if before.get(place) != after.get(place)]
        found += [Difference(_(label), place, before.get(place, ""), after.get(place, "")) for place in changed]
    return found


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{place} {key}".strip())
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) and "code" in one for one in value):
        for one in value:
            rest = {key: inner for key, inner in one.items() if key != "code"}
            yield from _flat(rest, f"{place} {one['code']}".strip())
    elif isinstance(value, list):
        yield (
            place,
            " ".join(
                "/".join(f"{k}={v}" for k, v in one.items()) if isinstance(one, Mapping) else str(one) for one in value
            ),
        )
    elif value not in (None, {}):
        yield place, str(value)
