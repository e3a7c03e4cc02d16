"""Entries in the navigation."""

from __future__ import annotations

from souto.kernel.nav import Face, NavItem, register

register(NavItem(face=Face.RESIDENT, label="手続きをさがす", url_name="procedures:list", order=10))
register(
    NavItem(
        face=Face.STAFF,
        label="手続きの管理",
        url_name="procedures_staff:list",
        order=60,
        visible=lambda actor: actor.may("procedures.edit") or actor.may("procedures.publish"),
    )
)
register(
    NavItem(
        face=Face.STAFF,
        label="手続台帳",
        url_name="procedures_staff:inventory",
        order=61,
        visible=lambda actor: actor.may("procedures.edit"),
    )
)
