from __future__ import annotations

from django.core import checks

from souto.foundation.ui.rooms import Room


class IdentityConfig(Room):
    """Persons, credentials, identifiers; staff, departments (課), roles; signing in."""

    name = "souto.foundation.identity"
    label = "identity"

    def ready(self) -> None:
        """Import the registering files, and let `souto check` look at this room's settings."""
        super().ready()
        from souto.foundation.identity.checks import check_settings

        # Only where the site stands on https: a developer needs no key.
        checks.register(check_settings, deploy=True)
