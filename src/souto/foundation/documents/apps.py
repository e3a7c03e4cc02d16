from __future__ import annotations

from django.conf import settings

from souto.foundation.ui.rooms import Room


class DocumentsConfig(Room):
    """Files that people send and documents that Souto makes."""

    name = "souto.foundation.documents"
    label = "documents"

    def ready(self) -> None:
        """Use the scanner that the settings name."""
        super().ready()
        from souto.foundation.documents import clamd, seams

        if settings.CLAMD:
            seams.use_scanner(clamd.Clamd(settings.CLAMD))
