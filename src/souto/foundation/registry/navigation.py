"""Entries in the navigation."""

from __future__ import annotations

from souto.foundation.registry import queries
from souto.kernel.actor import Actor
from souto.kernel.nav import Face, NavItem, register


def _waiting(actor: Actor) -> int | None:
    return queries.refused_towns(actor=actor).count() or None


register(
    NavItem(
        face=Face.STAFF,
        label="町の台帳",
        url_name="registry_staff:towns",
        order=90,
        visible=lambda actor: actor.may(queries.IMPORT_PERMISSION),
        badge=_waiting,
    )
)
