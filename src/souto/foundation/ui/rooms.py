"""What every room's `AppConfig` does at start."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

#: Files of a room that register something by being imported.
REGISTERING = ("subscribers", "jobs", "measures", "seams", "navigation")


class Room(AppConfig):
    """A room of the house: at start it imports those of its files that register handlers, jobs, measures, navigation."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the registering files that this room has."""
        for part in REGISTERING:
            module = f"{self.name}.{part}"
            if find_spec(module) is not None:
                import_module(module)
