from __future__ import annotations

from django.apps import AppConfig
from django.db import connection

from souto.kernel import events


class ConfigConfig(AppConfig):
    """The top floor: joins the kernel's seams to the database. Last in INSTALLED_APPS."""

    name = "souto.config"
    label = "souto_config"

    def ready(self) -> None:
        """Let events ask whether a transaction is open."""
        events.require_transaction(lambda: connection.in_atomic_block)
