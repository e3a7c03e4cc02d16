from __future__ import annotations

from souto.foundation.ui.rooms import Room


class IdentityConfig(Room):
    """Persons, credentials, identifiers; staff, departments (課), roles; signing in."""

    name = "souto.foundation.identity"
    label = "identity"
