from __future__ import annotations

from souto.foundation.ui.rooms import Room


class RegistryConfig(Room):
    """Base registries: towns, postal codes, addresses, corporate numbers."""

    name = "souto.foundation.registry"
    label = "registry"
