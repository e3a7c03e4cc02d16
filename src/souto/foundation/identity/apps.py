from __future__ import annotations

from django.core import checks

from souto.foundation.ui.rooms import Room


class IdentityConfig(Room):
    """Persons, credentials, identifiers; staff, departments (課), roles; signing in."""

    name = "souto.foundation.identity"
    label = "identity"

    def ready(self) -> None:
        """Import the registering files, name staff on the auditor's desk, and let `souto check` look at this room's settings."""
        super().ready()
        from souto.foundation.audit import seams as audit
        from souto.foundation.identity import queries
        from souto.foundation.identity.checks import check_settings

        audit.use_people(queries.AuditPeople())
        # Only where the site stands on https: a developer needs no key.
        checks.register(check_settings, deploy=True)
