"""Entries in the menus."""

from __future__ import annotations

from souto.kernel import clock, nav
from souto.kernel.actor import Actor
from souto.services.transit import queries


def _runs(actor: Actor) -> bool:
    return actor.is_resident and bool(queries.services_on(day=clock.today()))


def _drives(actor: Actor) -> bool:
    return actor.is_staff and actor.may(queries.DRIVE)


def _operates(actor: Actor) -> bool:
    return actor.is_staff and actor.may(queries.OPERATE)


def _plans(actor: Actor) -> bool:
    return actor.is_staff and actor.may(queries.PLAN)


nav.register(nav.NavItem(face=nav.Face.RESIDENT, label="乗車の予約", url_name="transit:rides", order=30, visible=_runs))
nav.register(nav.NavItem(face=nav.Face.STAFF, label="乗務", url_name="transit_staff:drive", order=35, visible=_drives))
nav.register(
    nav.NavItem(face=nav.Face.STAFF, label="電話受付", url_name="transit_staff:phone", order=40, visible=_operates)
)
nav.register(
    nav.NavItem(
        face=nav.Face.STAFF, label="運行のお知らせ", url_name="transit_staff:alerts", order=60, visible=_operates
    )
)
nav.register(
    nav.NavItem(face=nav.Face.STAFF, label="運行の計画", url_name="transit_staff:planner", order=61, visible=_plans)
)
nav.register(
    nav.NavItem(face=nav.Face.STAFF, label="交通空白", url_name="transit_staff:coverage", order=62, visible=_plans)
)
nav.register(
    nav.NavItem(face=nav.Face.STAFF, label="運行の実績", url_name="transit_staff:figures", order=63, visible=_operates)
)
nav.register(
    nav.NavItem(face=nav.Face.STAFF, label="運行の管理", url_name="transit_staff:dispatch", order=41, visible=_operates)
)
