"""Sealing the audit trail in tests."""

from __future__ import annotations

import time

from souto.foundation.audit import queries, sealing

PATIENCE = 30.0  # seconds


def seal_all() -> int:
    """Seal until nothing that was committed is left; return how many entries were sealed.

    One pass may find less: the sealer waits for every transaction of the server that began earlier, and test processes share a server.
    """
    deadline = time.monotonic() + PATIENCE
    sealed = sealing.seal_committed()
    while queries.verify().unsealed:
        assert time.monotonic() < deadline, "entries stay unsealed"
        time.sleep(0.02)
        sealed += sealing.seal_committed()
    return sealed
