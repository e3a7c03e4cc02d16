"""Background work of identity: forgetting what is no longer needed, every night."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from souto.foundation.identity import actions
from souto.kernel.actor import Actor
from souto.kernel.jobs import job


@job("identity.forget_attempts", cron="17 3 * * *")
def forget_attempts() -> None:
    """Delete the counters of rate limits that have long ended."""
    actions.forget_attempts(older_than=timedelta(days=1))


@job("identity.forget_sessions", cron="27 3 * * *")
def forget_sessions() -> None:
    """Delete the sessions that have expired."""
    SessionStore.clear_expired()


@job("identity.forget_unsigned", cron="37 3 * * *")
def forget_unsigned() -> None:
    """Erase signing requests that never became a signature, a week after they began."""
    actions.forget_unsigned(actor=Actor.system("identity.forget_unsigned"), older_than=timedelta(days=7))
