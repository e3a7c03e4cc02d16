"""The only place that reads the time (時刻).

Instants are stored in UTC; a business date is the calendar date in Asia/Tokyo. `travel` moves the *business* clock
in demo mode; tokens and audit use `real_now`, which nobody can move.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from souto.kernel.errors import SoutoError

TOKYO = ZoneInfo("Asia/Tokyo")


def _demo_shift() -> timedelta:
    """By how much a demo's business clock goes ahead (`SOUTO_DEMO_SHIFT`, seconds, may be negative); nothing outside demo mode."""
    if os.environ.get("SOUTO_DEMO") != "1":
        return timedelta(0)
    return timedelta(seconds=float(os.environ.get("SOUTO_DEMO_SHIFT") or 0))


_offset: ContextVar[timedelta] = ContextVar("souto_clock_offset", default=timedelta(0))
_shift: Final = _demo_shift()


class TravelRefusedError(SoutoError):
    """Raised when the business clock is moved outside demo mode."""

    message = "時計を動かせるのは、デモのときだけです。"


def real_now() -> datetime:
    """Now in UTC, never shifted: for tokens, sessions, rate limits and audit."""
    return datetime.now(UTC)  # noqa: TID251 - this module is the one reader of the time


def now() -> datetime:
    """Now in UTC on the business clock (shifted by `travel` in demo mode)."""
    return real_now() + _shift + _offset.get()


def today() -> date:
    """The business date in Asia/Tokyo."""
    return now().astimezone(TOKYO).date()


def local(instant: datetime) -> datetime:
    """`instant` (aware) as wall time in Asia/Tokyo."""
    return instant.astimezone(TOKYO)


def local_date(instant: datetime) -> date:
    """The calendar date in Asia/Tokyo on which `instant` (aware) falls."""
    return local(instant).date()


@contextmanager
def travel(delta: timedelta) -> Iterator[None]:
    """Shift the business clock by `delta` inside the block; refuses outside demo mode (`SOUTO_DEMO=1`)."""
    if os.environ.get("SOUTO_DEMO") != "1":
        raise TravelRefusedError
    token = _offset.set(_offset.get() + delta)
    try:
        yield
    finally:
        _offset.reset(token)
