"""What may stand in a field: dates, times of a service day, places, codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import isfinite
from zoneinfo import ZoneInfo

_TIME = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")
_URL = re.compile(r"https?://[^\s/?#]+\S*")
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_COLOR = re.compile(r"[0-9A-Fa-f]{6}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def seconds(text: str) -> int | None:
    """Seconds of a time since noon minus twelve hours of the service day, which may pass 24:00:00; None where it is no time."""
    found = _TIME.fullmatch(text)
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) if found else None


def clock(value: int) -> str:
    """A time of a service day as it is written: 90,600 is `25:10:00`."""
    return f"{value // 3600:02}:{value // 60 % 60:02}:{value % 60:02}"


def day(text: str) -> date | None:
    """The day of eight digits; None where it is none."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in text else None


def place_in_trip(text: str) -> int | None:
    """A place in the order of a trip (`stop_sequence`): up to nine digits; None for anything else."""
    return int(text) if len(text) < 10 and text.isascii() and text.isdecimal() else None


def _whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()


def _degrees(most: float) -> Callable[[str], bool]:
    return lambda text: (value := number(text)) is not None and -most <= value <= most


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True


#: For each type of field: the code of the notice, and whether a value is one.
CHECKS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "date": ("not_a_date", lambda text: day(text) is not None),
    "time": ("not_a_time", lambda text: seconds(text) is not None),
    "int": ("not_a_number", _whole),
    "number": ("not_a_number", lambda text: number(text) is not None),
    "lat": ("not_a_coordinate", _degrees(90)),
    "lon": ("not_a_coordinate", _degrees(180)),
    "url": ("not_well_formed", lambda text: bool(_URL.fullmatch(text))),
    "lang": ("not_well_formed", lambda text: bool(_LANG.fullmatch(text))),
    "email": ("not_well_formed", lambda text: bool(_EMAIL.fullmatch(text))),
    "color": ("not_well_formed", lambda text: bool(_COLOR.fullmatch(text))),
    "currency": ("not_well_formed", lambda text: bool(_CURRENCY.fullmatch(text))),
    "zone": ("not_well_formed", _is_zone),
}
