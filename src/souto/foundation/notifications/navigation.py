"""Entries in the navigation."""

from __future__ import annotations

from souto.foundation.notifications import queries
from souto.kernel.nav import Face, NavItem, register

register(
    NavItem(
        face=Face.RESIDENT,
        label="お知らせ",
        url_name="notifications:inbox",
        order=30,
        visible=lambda actor: actor.is_resident,
        badge=queries.unread_count,
    )
)
