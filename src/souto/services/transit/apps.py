from __future__ import annotations

from souto.foundation.ui.rooms import Room


class TransitConfig(Room):
    """Demand transit (デマンド交通): services, their versions, and who rides when."""

    name = "souto.services.transit"
    label = "transit"
