"""What an operator types while somebody is on the telephone: short, in any width, read without asking back where it can mean one thing only."""

from __future__ import annotations

import re
from datetime import date, timedelta

from souto.foundation.vault.keys import keyed_hash
from souto.kernel.errors import SoutoError
from souto.kernel.text import fold_code, search_key
from souto.services.transit.definition import ServiceDefinition, Stop

_COLON = re.compile(r"(\d{1,2})[:時](?:(\d{1,2})分?)?")
_DAY = re.compile(r"(?:(\d{1,2})[/月-])?(\d{1,2})日?")
_AHEAD = {"今日": 0, "きょう": 0, "明日": 1, "あした": 1, "あす": 1, "明後日": 2, "あさって": 2}
_WEEKDAYS = "月火水木金土日"
#: Stops that are offered while one is being typed.
SHOWN = 8


class TimeUnreadableError(SoutoError):
    """What was typed is no time of day."""

    message = "時刻は「1430」か「14:30」のように入力してください。"


class DayUnreadableError(SoutoError):
    """What was typed is no day."""

    message = "日は「明日」「火」「12/3」のように入力してください。"


class PhoneUnreadableError(SoutoError):
    """What was typed is no telephone number."""

    message = "電話番号は、市外局番から10けたか11けたの数字で入力してください。"


def phone_digits(text: str) -> str:
    """A Japanese telephone number as ten or eleven digits: `phone_digits("+81 42-620-0000") == "0426200000"`.

    Raises:
        PhoneUnreadableError: it is none.
    """
    folded = re.sub(r"[\s()-]", "", fold_code(text))
    digits = "0" + folded[3:] if folded.startswith("+81") else folded
    if not re.fullmatch(r"0\d{9,10}", digits):
        raise PhoneUnreadableError
    return digits


def phone_key(digits: str) -> bytes:
    """The keyed hash by which earlier calls from a number are found."""
    return keyed_hash(digits, purpose="transit.phone")


def time_of(text: str) -> int | None:
    """`1430`, `14:30`, `14時30分`, `830` or `9` as seconds since midnight; None where nothing was typed.

    Raises:
        TimeUnreadableError: it is no time between 0:00 and 29:59.
    """
    folded = fold_code(text).replace(" ", "")
    if not folded:
        return None
    if match := _COLON.fullmatch(folded):
        hours, minutes = int(match[1]), int(match[2] or 0)
    elif folded.isdecimal() and len(folded) <= 2:
        hours, minutes = int(folded), 0
    elif folded.isdecimal() and len(folded) <= 4:
        hours, minutes = int(folded[:-2]), int(folded[-2:])
    else:
        raise TimeUnreadableError
    if hours >= 30 or minutes >= 60:
        raise TimeUnreadableError
    return hours * 3600 + minutes * 60


def day_of(text: str, *, today: date) -> date:
    """`明日`, `火` (the next one, not today), `3日`, `12/3` or `1203` as a day, the next of that name; today where nothing was typed.

    Raises:
        DayUnreadableError: it is no day.
    """
    folded = fold_code(text).replace(" ", "")
    if folded in _AHEAD or not folded:
        return today + timedelta(days=_AHEAD.get(folded, 0))
    name = folded.removesuffix("日").removesuffix("曜") if len(folded) > 1 else folded
    if name and name in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(name) - today.weekday() - 1) % 7 + 1)
    if folded.isdecimal() and len(folded) == 4:
        folded = f"{folded[:2]}/{folded[2:]}"
    match = _DAY.fullmatch(folded)
    if match is None:
        raise DayUnreadableError
    month, number = int(match[1]) if match[1] else None, int(match[2])
    for ahead in range(366):
        day = today + timedelta(days=ahead)
        if day.day == number and month in {None, day.month}:
            return day
    raise DayUnreadableError


def stops_like(definition: ServiceDefinition, text: str) -> list[Stop]:
    """The stops that `text` may mean, best first: the same code, name or reading; then what begins with it; then what holds it."""
    key = search_key(text)
    if not key:
        return []
    ranked: list[tuple[int, str, Stop]] = []
    for stop in definition.stops:
        names = [search_key(name) for name in (stop.code, stop.kana, *stop.name.values())]
        if key in names:
            ranked.append((0, stop.kana, stop))
        elif any(name.startswith(key) for name in names):
            ranked.append((1, stop.kana, stop))
        elif any(key in name for name in names):
            ranked.append((2, stop.kana, stop))
    return [stop for _rank, _kana, stop in sorted(ranked, key=lambda row: row[:2])]


def stop_of(definition: ServiceDefinition, text: str) -> Stop | None:
    """The stop that `text` means; None where it may mean several, or none."""
    key = search_key(text)
    found = stops_like(definition, text)
    same = [s for s in found if key in {search_key(name) for name in (s.code, s.kana, *s.name.values())}]
    certain = same or found
    return certain[0] if len(certain) == 1 else None
