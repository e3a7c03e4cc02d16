"""The rider's entry in the menu."""

from __future__ import annotations

from souto.kernel import clock, nav
from souto.kernel.actor import Actor
from souto.services.transit import queries


def _runs(actor: Actor) -> bool:
    return actor.is_resident and bool(queries.services_on(day=clock.today()))


nav.register(nav.NavItem(face=nav.Face.RESIDENT, label="乗車の予約", url_name="transit:rides", order=30, visible=_runs))
