from __future__ import annotations

from souto.foundation.ui.rooms import Room


class NotificationsConfig(Room):
    """Messages to people: inbox, e-mail, further channels."""

    name = "souto.foundation.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Offer e-mail as a channel."""
        super().ready()
        from souto.foundation.notifications import email, seams

        seams.register_channel(email.Email())
