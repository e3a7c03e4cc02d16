"""The applicant's entry in the menu, with how much waits for her, and the counter's in that of staff."""

from __future__ import annotations

from souto.kernel import nav
from souto.kernel.actor import Actor
from souto.services.applications.queries.access import WORK
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
nav.register(
    nav.NavItem(
        face=nav.Face.STAFF,
        label="窓口で受け付ける",
        url_name="applications_staff:counter",
        order=11,
        visible=lambda actor: actor.is_staff and actor.may(WORK),
    )
)
