"""Entry in the navigation of staff."""

from __future__ import annotations

from souto.foundation.retention import queries
from souto.kernel.nav import Face, NavItem, register

register(
    NavItem(
        face=Face.STAFF,
        label="保存と廃棄",
        url_name="retention_staff:index",
        order=40,
        visible=lambda actor: actor.is_staff and actor.may(queries.REVIEW),
        badge=queries.waiting,
    )
)
