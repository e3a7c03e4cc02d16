"""Background work of the audit trail."""

from __future__ import annotations

from souto.foundation.audit import actions, sealing
from souto.kernel.actor import Actor
from souto.kernel.jobs import job


@job("audit.seal", attempts=3, cron="* * * * *")
def seal() -> None:
    """Chain what was committed since the last run."""
    sealing.seal_committed()


@job("audit.verify", attempts=2, cron="40 3 * * *")
def verify() -> None:
    """Compute the chain anew, every night and when an auditor asks; the result is an entry of its own."""
    actions.verify_chain(actor=Actor.system("audit.verify"))
