"""Background work of identity."""

from __future__ import annotations

from datetime import timedelta

from souto.foundation.identity import actions
from souto.kernel.jobs import job


@job("identity.forget_attempts", cron="17 3 * * *")
def forget_attempts() -> None:
    """Delete the counters of rate limits that have long ended."""
    actions.forget_attempts(older_than=timedelta(days=1))
