"""Reading one row of a list of towns, and files that hold such lists. Knows no database.

The shape is that of the Geolonia 住所データ: `{"town": "元本郷町三丁目", "koaza": "", "lat": 35.6, "lng": 139.3}`; `lon` is taken
for `lng`, and a row may name its own municipality as `lg_code`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from souto.foundation.registry.codes import check_lg_code
from souto.foundation.registry.matching import FineTown, in_japan, parts_of_town, place_key
from souto.kernel.errors import SoutoError
from souto.kernel.text import find_problems, strip_outer, to_kanji_number

Row = Mapping[str, Any]
_MOST_NAME = 64


class RowProblem(Enum):
    """Why a row is no town; the value tells a person what to do."""

    ROW_UNREADABLE = "行の形が読み取れません。町名、緯度、経度を入力してください。"
    NAME_MISSING = "町名を入力してください。"
    NAME_TOO_LONG = "町名は64文字までです。"
    NAME_CHARACTERS = "町名に使えない文字があります。入力し直してください。"
    POINT_MISSING = "緯度と経度を入力してください。"
    POINT_UNREADABLE = "緯度と経度は「35.666」のような数字で入力してください。"
    POINT_SWAPPED = "緯度と経度が入れ替わっているようです。直してください。"
    POINT_OUTSIDE = "緯度と経度が日本の範囲にありません。直してください。"
    CITY_UNKNOWN = "団体コードを確かめて、6桁で入力してください。"
    DUPLICATE = "同じ町が、違う位置でもう一度あります。どちらかに決めてください。"


_FIELDS = {
    RowProblem.POINT_MISSING: "lat",
    RowProblem.POINT_UNREADABLE: "lat",
    RowProblem.POINT_SWAPPED: "lat",
    RowProblem.POINT_OUTSIDE: "lat",
    RowProblem.CITY_UNKNOWN: "lg_code",
}


class TownRowError(SoutoError):
    """A row that is no town; `problem` says why, `field` which part of it to mend."""

    def __init__(self, problem: RowProblem) -> None:
        self.problem = problem
        super().__init__(problem.value, field=_FIELDS.get(problem, "town"))


class TownFileError(SoutoError):
    """A file that holds no list of towns."""

    message = "町の一覧として読み取れないファイルです。JSONかYAMLの一覧を選んでください。"


def read_row(row: object, *, lg_code: str) -> FineTown:
    """The town that a row describes; `lg_code` is used where the row names no municipality. Raises `TownRowError`."""
    if not isinstance(row, Mapping):
        raise TownRowError(RowProblem.ROW_UNREADABLE)
    name, chome = parts_of_town(_name(row.get("town"), needed=True))
    koaza = _name(row.get("koaza"), needed=False)
    lat, lon = _coordinate(row.get("lat")), _coordinate(row["lng"] if "lng" in row else row.get("lon"))
    if in_japan(lon, lat):
        raise TownRowError(RowProblem.POINT_SWAPPED)
    if not in_japan(lat, lon):
        raise TownRowError(RowProblem.POINT_OUTSIDE)
    try:
        code = check_lg_code(str(row.get("lg_code") or lg_code))
    except SoutoError as wrong:
        raise TownRowError(RowProblem.CITY_UNKNOWN) from wrong
    return FineTown(code, name, chome, koaza, lat, lon)


def _name(value: object, *, needed: bool) -> str:
    if value is not None and not isinstance(value, str):
        raise TownRowError(RowProblem.ROW_UNREADABLE)
    name = strip_outer(value or "")
    if needed and not name:
        raise TownRowError(RowProblem.NAME_MISSING)
    if len(name) > _MOST_NAME:
        raise TownRowError(RowProblem.NAME_TOO_LONG)
    if find_problems(name):
        raise TownRowError(RowProblem.NAME_CHARACTERS)
    return name


def _coordinate(value: object) -> float:
    if value is None or value == "":
        raise TownRowError(RowProblem.POINT_MISSING)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TownRowError(RowProblem.POINT_UNREADABLE)
    try:
        degrees = float(value)
    except (ValueError, OverflowError) as wrong:
        raise TownRowError(RowProblem.POINT_UNREADABLE) from wrong
    if not math.isfinite(degrees):
        raise TownRowError(RowProblem.POINT_UNREADABLE)
    return degrees


def key_of(town: FineTown) -> str:
    """The key under which spellings of one town meet."""
    return place_key(f"{town.name}{f'{to_kanji_number(town.chome)}丁目' if town.chome else ''}{town.koaza}")


def keepable(row: object) -> Any:
    """The row as JSON that the database takes: long texts cut, null characters and odd numbers shown as text."""
    if isinstance(row, Mapping):
        return {str(keepable(str(key))): keepable(value) for key, value in list(row.items())[:40]}
    if isinstance(row, list | tuple):
        return [keepable(value) for value in row[:40]]
    if isinstance(row, bool | int) or row is None:
        return row
    if isinstance(row, float) and math.isfinite(row):
        return row
    text = str(row)[:500].replace("\x00", "\N{SYMBOL FOR NULL}")
    return text.encode("utf-8", "replace").decode("utf-8")


def digest_of(rows: object) -> str:
    """SHA-256 of rows, the same for the same content."""
    written = json.dumps(rows, ensure_ascii=True, sort_keys=True, default=str)
    return sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TownFile:
    """A list of towns with its source, its licence, and the municipality that holds for rows without one."""

    rows: Sequence[Any]
    source: str = ""
    licence: str = ""
    lg_code: str = ""


def read_town_file(path: Path) -> TownFile:
    """Read a list of towns from disk; see `parse_towns`. Raises `TownFileError`."""
    try:
        return parse_towns(path.read_bytes(), name=path.name)
    except OSError as wrong:
        raise TownFileError from wrong


def parse_towns(content: bytes, *, name: str) -> TownFile:
    """Read a list of rows, or a mapping with `source`, `licence`, `lg_code` and `towns`; YAML by its name, else JSON.

    Raises `TownFileError`.
    """
    try:
        text = content.decode("utf-8-sig")
        found = yaml.safe_load(text) if name.endswith((".yaml", ".yml")) else json.loads(text)
    except (ValueError, RecursionError, yaml.YAMLError) as wrong:
        raise TownFileError from wrong
    if isinstance(found, list):
        return TownFile(found)
    if isinstance(found, dict) and isinstance(found.get("towns"), list):
        named = {part: str(found.get(part, "")) for part in ("source", "licence", "lg_code")}
        return TownFile(found["towns"], **named)
    raise TownFileError
