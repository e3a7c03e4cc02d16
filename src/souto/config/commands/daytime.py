"""What time a demo's clock shows: now, or a time of day at which the city is awake."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from souto.kernel import clock
from souto.kernel.calendar import is_working_day

#: Within these hours in Tokyo "now" is the real time; at night, when offices are closed and nothing runs, it is `MORNING`.
FIRST, LAST, MORNING = time(7, 30), time(18, 30), time(10)
_TEXT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def read(text: str) -> time | None:
    """`"10:00"` as a time of day; None for `"now"`.

    Raises:
        ValueError: it is neither.
    """
    if text == "now":
        return None
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))


def shift(real: datetime, asked: str | None) -> int:
    """Seconds by which a demo's clock goes ahead of the real one (negative: behind), at a start at `real`.

    Without a wish it is the real time by day, and ten in the morning of the next working day at night.
    """
    local = clock.local(real)
    wanted = read(asked) if asked is not None else None
    if wanted is None:
        if asked == "now" or FIRST <= local.time() <= LAST:
            return 0
        day = local.date() + timedelta(days=local.time() > LAST)
        while not is_working_day(day):
            day += timedelta(days=1)
        return round((datetime.combine(day, MORNING, clock.TOKYO) - local).total_seconds())
    return round((datetime.combine(local.date(), wanted, clock.TOKYO) - local).total_seconds())
