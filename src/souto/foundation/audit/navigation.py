"""The auditor's entry in the menu of the staff's face."""

from __future__ import annotations

from souto.kernel.actor import Actor
from souto.kernel.nav import Face, NavItem, register


def _audits(actor: Actor) -> bool:
    return actor.is_staff and actor.may("audit.view")


register(NavItem(Face.STAFF, "監査記録", "audit_staff:entries", order=85, visible=_audits))
