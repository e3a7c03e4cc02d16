"""Entries in the navigation."""

from __future__ import annotations

from souto.kernel.nav import Face, NavItem, register

register(
    NavItem(face=Face.STAFF, label="ホーム", url_name="web_staff:home", order=1, visible=lambda actor: actor.is_staff)
)
