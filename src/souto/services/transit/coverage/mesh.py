"""Grid squares of Japan's statistics (地域メッシュ, JIS X 0410): codes, and where they lie."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from souto.kernel.errors import SoutoError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class MeshError(SoutoError):
    """A code that JIS X 0410 does not have, or a place outside of what it covers (20–46° N, 122–154° E)."""

    message = "地域メッシュコードまたは位置が正しくありません（%(what)s）。"


class MeshLevel(IntEnum):
    """Sizes of squares; the value is the number of digits of the code."""

    PRIMARY = 4  # 第1次: 40′ × 1°
    SECONDARY = 6  # 第2次: 5′ × 7′30″
    THIRD = 8  # 第3次 (基準): 30″ × 45″, about 1 km
    HALF = 9  # 2分の1: about 500 m
    QUARTER = 10  # 4分の1: about 250 m
    EIGHTH = 11  # 8分の1: about 125 m


#: Squares of each level along one side of a primary square.
_PARTS = {
    MeshLevel.PRIMARY: 1,
    MeshLevel.SECONDARY: 8,
    MeshLevel.THIRD: 80,
    MeshLevel.HALF: 160,
    MeshLevel.QUARTER: 320,
    MeshLevel.EIGHTH: 640,
}


def size_degrees(level: MeshLevel) -> tuple[float, float]:
    """Height and width of a square in degrees."""
    return 2 / 3 / _PARTS[level], 1 / _PARTS[level]


def positions(lat: ArrayLike, lon: ArrayLike, level: MeshLevel) -> tuple[Codes, Codes]:
    """Row and column of squares counted from the equator and 100° E.

    Raises:
        MeshError: a place is outside of Japan's squares.
    """
    lats, lons = np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
    if not ((lats >= 20) & (lats < 46) & (lons >= 122) & (lons < 154)).all():
        raise MeshError(what="日本の範囲の外です")
    parts = _PARTS[level]
    # A billionth of a square is forgiven, so that an edge given in rounded degrees belongs to the square that it begins.
    return (
        np.floor(lats * 1.5 * parts + 1e-9).astype(np.int64),
        np.floor((lons - 100) * parts + 1e-9).astype(np.int64),
    )


def codes(lat: ArrayLike, lon: ArrayLike, level: MeshLevel) -> Codes:
    """The code of the square in which each place (degrees) lies, as integers of `level` digits."""
    row, column = positions(lat, lon, level)
    return _code(row, column, level)


def _code(row: Codes, column: Codes, level: MeshLevel) -> Codes:
    parts = _PARTS[level]
    code = row // parts * 100 + column // parts
    if level >= MeshLevel.SECONDARY:
        code = code * 100 + (row * 8 // parts % 8) * 10 + column * 8 // parts % 8
    if level >= MeshLevel.THIRD:
        code = code * 100 + (row * 80 // parts % 10) * 10 + column * 80 // parts % 10
    for finer in (MeshLevel.HALF, MeshLevel.QUARTER, MeshLevel.EIGHTH):
        if level >= finer:
            north, east = row * _PARTS[finer] // parts % 2, column * _PARTS[finer] // parts % 2
            code = code * 10 + north * 2 + east + 1  # 1 south-west, 2 south-east, 3 north-west, 4 north-east
    return np.asarray(code, dtype=np.int64)


def level_of(code: int) -> MeshLevel:
    """The size of a square by the number of digits.

    Raises:
        MeshError: no level has that many digits.
    """
    try:
        return MeshLevel(len(str(int(code))))
    except ValueError:
        raise MeshError(what=str(code)) from None


def corners(code: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """South, west, north and east edges (degrees) of squares of one level.

    Raises:
        MeshError: a code that is none, or codes of several levels.
    """
    numbers = np.atleast_1d(np.asarray(code, dtype=np.int64))
    level = level_of(int(numbers[0])) if len(numbers) else MeshLevel.QUARTER
    rest = numbers.copy()
    row, column = np.zeros_like(rest), np.zeros_like(rest)
    unit = 1
    for finer in (MeshLevel.EIGHTH, MeshLevel.QUARTER, MeshLevel.HALF):
        if level >= finer:
            digit = rest % 10 - 1
            _refuse((digit < 0) | (digit > 3), numbers)
            row, column, rest = row + digit // 2 * unit, column + digit % 2 * unit, rest // 10
            unit *= 2
    for finer, most in ((MeshLevel.THIRD, 10), (MeshLevel.SECONDARY, 8)):
        if level >= finer:
            up, right = rest % 100 // 10, rest % 10
            _refuse((up >= most) | (right >= most), numbers)
            row, column, rest = row + up * unit, column + right * unit, rest // 100
            unit *= most
    _refuse((rest < 3000) | (rest > 6899) | (rest % 100 < 22) | (rest % 100 > 53), numbers)
    row, column = row + rest // 100 * unit, column + rest % 100 * unit
    height, width = size_degrees(level)
    south, west = row.astype(np.float64) * height, 100 + column.astype(np.float64) * width
    north, east = (row + 1).astype(np.float64) * height, 100 + (column + 1).astype(np.float64) * width
    return south, west, north, east


def _refuse(wrong: NDArray[np.bool_], numbers: Codes) -> None:
    if wrong.any():
        raise MeshError(what=str(int(numbers[wrong][0])))
