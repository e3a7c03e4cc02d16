from __future__ import annotations

from souto.foundation.ui.rooms import Room


class AuditConfig(Room):
    """The audit trail (監査記録): what was done, seen and refused, chained so that nobody can rewrite it."""

    name = "souto.foundation.audit"
    label = "audit"
