"""Rate limits (回数の制限)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from souto.foundation.identity.models import Attempts
from souto.foundation.vault.keys import keyed_hash
from souto.kernel import clock
from souto.kernel.errors import TooManyAttemptsError

_CEILING: Final = 1_000_000
_TABLE: Final = Attempts._meta.db_table

_COUNT: Final = f"""
insert into {_TABLE} as a (key, window_start, count) values (%(key)s, %(now)s, 1)
on conflict (key) do update set
    count = case when a.window_start <= %(oldest)s then 1 else least(a.count + 1, {_CEILING}) end,
    window_start = case when a.window_start <= %(oldest)s then excluded.window_start else a.window_start end
returning count, window_start
"""  # noqa: S608 - the table's name is our own


def allow_attempt(*, key: str, limit: int, window_seconds: int) -> None:
    """Count one attempt under `key` (hashed before it is stored) and raise `TooManyAttemptsError` past `limit` in a window.

    Call it outside a transaction: an attempt counts even when what follows is rolled back. It has no actor because it
    runs before anybody is known. The clock is the real one.
    """
    now = clock.real_now()
    window = timedelta(seconds=window_seconds)
    parameters: dict[str, bytes | datetime] = {
        "key": keyed_hash(key, purpose="attempts"),
        "now": now,
        "oldest": now - window,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)
        count, started = cursor.fetchone()
    if count > limit:
        raise TooManyAttemptsError(retry_after=max(1, round((started + window - now).total_seconds())))


def forget_attempts(*, older_than: timedelta) -> int:
    """Delete counters whose window began before `older_than` ago; returns how many."""
    deleted, _ = Attempts.objects.filter(window_start__lt=clock.real_now() - older_than).delete()
    return deleted
