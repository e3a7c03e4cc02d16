from __future__ import annotations

from django.apps import AppConfig
from django.db import connection

from souto.kernel import events, live


class ConfigConfig(AppConfig):
    """The top floor: joins the kernel's seams to the database. Last in INSTALLED_APPS."""

    name = "souto.config"
    label = "souto_config"

    def ready(self) -> None:
        """Let events ask whether a transaction is open; hand every room's jobs to the queue, now that all have registered theirs,
        and what they announce to the database.
        """
        events.require_transaction(lambda: connection.in_atomic_block)
        from procrastinate.contrib.django import app

        from souto.config import jobs
        from souto.config.live import notify

        jobs.bind(app)
        live.bind(notify)
