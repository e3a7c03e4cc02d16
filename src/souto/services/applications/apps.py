from __future__ import annotations

from souto.foundation.ui.rooms import Room


class ApplicationsConfig(Room):
    """Applications (申請): drafts, submissions, corrections, their life."""

    name = "souto.services.applications"
    label = "applications"
