"""One draft, two tabs: what a tab sends is merged with what stands, field by field.

The tab says what it showed when it was made (`base`, a short digest for each field that it showed). A field that the tab did not change
keeps what another tab has stored meanwhile; a field that it did change is stored, and where another tab had changed the same field since,
that is a clash: the last writing counts, and the person is told. A field that the tab did not show is left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Form-encoded values by name, and the same by path and name.
Raw = Mapping[str, Sequence[str]]
Parts = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """`raw` as it stands after the merge; paths that `changed`; paths that `clashed` with another tab's change."""

    raw: dict[str, list[str]]
    changed: frozenset[str]
    clashed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """What a tab says of itself: a random `id`, the draft's `revision` when it was made, and what each of its fields showed then."""

    revision: int
    base: Mapping[str, str] = field(default_factory=dict)
    id: str = ""


def path_of(name: str) -> str:
    """The field's path in a form name: `birth_date.year` belongs to `birth_date`."""
    return name.split(".", 1)[0]


def by_path(raw: Raw) -> dict[str, Parts]:
    """Group form values by the path of their field."""
    grouped: dict[str, Parts] = defaultdict(dict)
    for name, values in raw.items():
        grouped[path_of(name)][name] = list(values)
    return dict(grouped)


def base_of(raw: Raw, paths: Iterable[str]) -> dict[str, str]:
    """What a form shows for `paths`: eight hexadecimal digits each."""
    grouped = by_path(raw)
    return {path: _digest(grouped.get(path, {})) for path in paths}


def merge(stored: Raw, posted: Raw, *, tab: Tab, touched: Mapping[str, Sequence[Any]]) -> Merged:
    """Merge `posted` into `stored`. `touched`: the revision at which each path last changed, and the tab that changed it."""
    before, sent = by_path(stored), by_path(posted)
    after = dict(before)
    changed: set[str] = set()
    clashed: list[str] = []
    for path in [*tab.base, *(p for p in sent if p not in tab.base)]:
        mine, theirs = sent.get(path, {}), before.get(path, {})
        if _same(mine, theirs):
            continue
        changed_at, changed_by = touched.get(path, (0, ""))
        foreign = not tab.id or changed_by != tab.id
        if foreign and tab.base.get(path) == _digest(mine):
            continue
        after[path] = mine
        changed.add(path)
        if foreign and changed_at > tab.revision:
            clashed.append(path)
    raw = {name: values for parts in after.values() for name, values in parts.items()}
    return Merged(raw=raw, changed=frozenset(changed), clashed=tuple(clashed))


def _same(one: Parts, other: Parts) -> bool:
    return _digest(one) == _digest(other)


def _digest(parts: Parts) -> str:
    """Absent and empty look the same in a form, so they count as the same."""
    filled = {name: values for name, values in parts.items() if any(values)}
    text = json.dumps(filled, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
