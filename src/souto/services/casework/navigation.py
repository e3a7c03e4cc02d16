"""Entries in the navigation, and the way from a list of records to their cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse

from souto.foundation.retention import seams as retention
from souto.kernel.actor import Actor
from souto.kernel.nav import Face, NavItem, register
from souto.services.casework import queries


def _works(actor: Actor) -> bool:
    return actor.is_staff and actor.may("casework.view")


def _pages(application_ids: Collection[UUID]) -> Mapping[UUID, str]:
    cases = queries.cases_of_applications(application_ids)
    return {application: reverse("casework_staff:case", args=[case]) for application, case in cases.items()}


retention.register_pages("applications.application", _pages)
register(
    NavItem(
        face=Face.STAFF,
        label="案件",
        url_name="casework_staff:queue",
        order=10,
        visible=_works,
        badge=queries.waiting_for_me,
    )
)
register(
    NavItem(
        face=Face.STAFF,
        label="決裁待ち",
        url_name="casework_staff:approvals",
        order=12,
        visible=lambda actor: actor.is_staff and actor.may("casework.approve"),
        badge=queries.waiting_for_approval,
    )
)
register(
    NavItem(
        face=Face.STAFF,
        label="意見照会",
        url_name="casework_staff:opinions",
        order=14,
        visible=_works,
        badge=queries.waiting_for_opinion,
    )
)
register(
    NavItem(
        face=Face.STAFF,
        label="基幹連携",
        url_name="casework_staff:hand_overs",
        order=16,
        visible=_works,
        badge=queries.waiting_at_hand_over,
    )
)
