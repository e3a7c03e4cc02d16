"""Paths of answers: `birth_date`, or `children/a1b2c3d4/name` for a field in a row of a repeating group.

Answers are JSON and are never changed in place: every function here returns new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Answers = Mapping[str, Any]


def get(answers: Answers, path: str) -> Any | None:
    """The answer at `path`; a path to a row (`children/a1b2c3d4`) gives the row. None where nothing stands."""
    key, *rest = path.split("/")
    value = answers.get(key)
    if not rest:
        return value
    row = next((r for r in value or () if isinstance(r, dict) and r.get("id") == rest[0]), None)
    return row if row is None or len(rest) == 1 else row.get(rest[1])


def put(answers: Answers, path: str, value: Any | None) -> dict[str, Any]:
    """`answers` with `value` at `path`; None removes what stands there. A field of a row that is not there makes the row."""
    key, *rest = path.split("/")
    after = dict(answers)
    if not rest:
        if value is None:
            after.pop(key, None)
        else:
            after[key] = value
        return after
    rows = [dict(row) for row in after.get(key) or ()]
    row = next((r for r in rows if r.get("id") == rest[0]), None)
    if len(rest) == 1:
        rows = [r for r in rows if r.get("id") != rest[0]] if value is None else _replaced(rows, rest[0], value)
    else:
        if row is None:
            row = {"id": rest[0]}
            rows.append(row)
        row.pop(rest[1], None)
        if value is not None:
            row[rest[1]] = value
    after[key] = rows
    return after


def _replaced(rows: list[dict[str, Any]], row_id: str, value: Any) -> list[dict[str, Any]]:
    if any(r.get("id") == row_id for r in rows):
        return [value if r.get("id") == row_id else r for r in rows]
    return [*rows, value]


def covers(opened: Iterable[str], path: str) -> bool:
    """True when `path` is one of `opened`, or lies within one: a row, a whole group."""
    return any(path == one or path.startswith(f"{one}/") for one in opened)


def leaves(answers: Answers) -> dict[str, Any]:
    """Every answer by its path, rows taken apart; a group itself stands as the list of its row ids."""
    found: dict[str, Any] = {}
    for key, value in answers.items():
        if _is_rows(value):
            found[key] = [row["id"] for row in value]
            for row in value:
                found |= {f"{key}/{row['id']}/{name}": one for name, one in row.items() if name != "id"}
        else:
            found[key] = value
    return found


def changed(before: Answers, after: Answers) -> frozenset[str]:
    """The paths whose answers differ, missing and removed ones included."""
    old, new = leaves(before), leaves(after)
    return frozenset(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and "id" in row for row in value)
