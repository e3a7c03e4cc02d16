from __future__ import annotations

from souto.foundation.ui.rooms import Room


class ApplicationsConfig(Room):
    """Applications (申請): drafts, submissions, corrections, their life."""

    name = "souto.services.applications"
    label = "applications"

    def ready(self) -> None:
        """Import the registering files; let the auditor find an application by its number."""
        super().ready()
        from souto.foundation.audit import seams as audit
        from souto.services.applications import queries

        audit.register_finder(queries.subjects_numbered)
