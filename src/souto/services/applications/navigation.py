"""The applicant's entry in the menu, with how much waits for her."""

from __future__ import annotations

from souto.kernel import nav
from souto.kernel.actor import Actor
from souto.services.applications.queries.status import waiting_for


def _badge(actor: Actor) -> int | None:
    return waiting_for(actor=actor) or None


nav.register(
    nav.NavItem(
        face=nav.Face.RESIDENT,
        label="あなたの申請",
        url_name="applications:list",
        order=20,
        visible=lambda actor: actor.is_resident,
        badge=_badge,
    )
)
