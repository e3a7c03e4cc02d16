"""Identifiers: UUID version 7 (RFC 9562), made in Python so that a record has its id before it is stored."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, 12 of a finer clock, 62 random; strictly increasing in a process."""
    global _last  # noqa: PLW0603 - one counter a process keeps the order
    with _lock:
        # Milliseconds times 4096: the low 12 bits are the sub-millisecond part (RFC 9562, section 6.2, method 3).
        stamp = time.time_ns() * 4096 // 1_000_000
        stamp = max(stamp, _last + 1)
        _last = stamp
    random_bits = int.from_bytes(os.urandom(8), "big") >> 2
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random_bits
    return UUID(int=value)
