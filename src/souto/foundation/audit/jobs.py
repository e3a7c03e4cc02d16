"""Background work of the audit trail."""

from __future__ import annotations

from souto.foundation.audit import sealing
from souto.kernel.jobs import job


@job("audit.seal", attempts=3, cron="* * * * *")
def seal() -> None:
    """Chain what was committed since the last run."""
    sealing.seal_committed()
