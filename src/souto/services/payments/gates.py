"""Who may open the papers of a charge."""

from __future__ import annotations

from uuid import UUID

from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.services.payments import queries


def may_open_charge(actor: Actor, charge_id: UUID) -> bool:
    """True for whoever may see the charge."""
    try:
        queries.access_charge(actor=actor, charge_id=charge_id)
    except NotFoundError:
        return False
    return True
