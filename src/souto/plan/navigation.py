"""Entries in the navigation."""

from __future__ import annotations

from souto.kernel.nav import Face, NavItem, register

register(NavItem(face=Face.PUBLIC, label="計画と成果", url_name="plan:home", order=80))
register(NavItem(face=Face.RESIDENT, label="計画と成果", url_name="plan:home", order=80))
register(
    NavItem(
        face=Face.STAFF,
        label="計画の入力",
        url_name="plan_staff:desk",
        order=80,
        visible=lambda actor: actor.may("plan.edit"),
    )
)
