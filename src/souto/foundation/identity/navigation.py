"""The entries of identity in the faces' menus."""

from __future__ import annotations

from souto.foundation.identity import queries
from souto.kernel.actor import Actor
from souto.kernel.nav import Face, NavItem, register


def _manages(actor: Actor) -> bool:
    return actor.is_staff and actor.may("identity.manage")


def _waiting(actor: Actor) -> int | None:
    return queries.count_open_reviews() or None if _manages(actor) else None


register(NavItem(Face.RESIDENT, "あなたの情報", "identity:me", order=80, visible=lambda actor: actor.is_resident))
register(NavItem(Face.STAFF, "本人情報の確認", "identity_staff:reviews", order=80, visible=_manages, badge=_waiting))
register(NavItem(Face.STAFF, "職員と課", "identity_staff:people", order=90, visible=_manages))
