"""Entries in the navigation."""

from __future__ import annotations

from souto.kernel.nav import Face, NavItem, register
from souto.services.payments import queries

register(
    NavItem(
        face=Face.STAFF,
        label="収納",
        url_name="payments_staff:notices",
        order=50,
        visible=lambda actor: actor.may("payments.view"),
        badge=queries.suspense_count,
    )
)
