from __future__ import annotations

from souto.foundation.ui.rooms import Room


class CaseworkConfig(Room):
    """Casework (審査): queues, opinions, decisions, deadlines, the hand-over to core systems."""

    name = "souto.services.casework"
    label = "casework"

    def ready(self) -> None:
        """Import the registering files; let the auditor find a case by its application's number, figures open their cases."""
        super().ready()
        from souto.foundation.audit import seams as audit
        from souto.kernel import measures
        from souto.services.casework.queries.access import pages_of_applications, subjects_numbered

        audit.register_finder(subjects_numbered)
        measures.open_with("applications.application", pages_of_applications)
