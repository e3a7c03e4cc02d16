"""Reading what planners work on."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import NotFoundError
from souto.services.transit.models import Comparison, Service, ServiceVersion, VersionState
from souto.services.transit.queries.services import services_on

#: What the planner's desks need.
PLAN = "transit.publish"


def alternatives(*, actor: Actor) -> list[ServiceVersion]:
    """What a planner compares: of each service the version that holds today, those that will, and the draft; by slug, oldest first."""
    actor.require(PLAN)
    today = [version.id for version in services_on(day=clock.today())]
    found = ServiceVersion.objects.select_related("service").order_by("service__slug", "number")
    return list(found.filter(Q(pk__in=today) | Q(valid_from__gt=clock.today()) | Q(state=VersionState.DRAFT)))


def services(*, actor: Actor) -> QuerySet[Service]:
    """Every service with its versions, newest first."""
    actor.require(PLAN)
    return Service.objects.prefetch_related("versions").order_by("slug")


def comparisons(*, actor: Actor) -> QuerySet[Comparison]:
    """Every comparison, newest first."""
    actor.require(PLAN)
    return Comparison.objects.select_related("created_by")


def access_comparison(*, actor: Actor, comparison_id: UUID, lock: bool = False) -> Comparison:
    """A comparison with its alternatives, for planners. Raises `ForbiddenError`, `NotFoundError`."""
    actor.require(PLAN)
    rows = Comparison.objects.select_for_update(of=("self",)) if lock else Comparison.objects
    found = rows.filter(pk=comparison_id).first()
    if found is None:
        raise NotFoundError
    return found
