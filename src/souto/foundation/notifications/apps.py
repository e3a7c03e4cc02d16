from __future__ import annotations

from souto.foundation.ui.rooms import Room


class NotificationsConfig(Room):
    """Messages to people: inbox, e-mail, further channels."""

    name = "souto.foundation.notifications"
    label = "notifications"
