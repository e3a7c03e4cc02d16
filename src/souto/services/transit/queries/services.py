"""Reading services and their versions."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from souto.kernel import clock
from souto.kernel.actor import Actor
from souto.kernel.errors import HiddenError, NotFoundError
from souto.services.transit.models import Service, ServiceVersion, VersionState


def published_on(*, slug: str, day: date) -> ServiceVersion:
    """The version of a service that holds on a day; `NotFoundError` where the service does not run yet."""
    found = _holding(day).filter(service__slug=slug).first()
    if found is None:
        raise NotFoundError
    return found


def services_on(*, day: date) -> list[ServiceVersion]:
    """The version of each service that holds on a day, by slug."""
    newest = _holding(day).order_by("service__slug", "-valid_from").distinct("service__slug")
    return list(newest)


def services_from(*, day: date) -> list[ServiceVersion]:
    """Every published version that holds on a day or on a later one, by slug and first day."""
    later = ServiceVersion.objects.filter(state=VersionState.PUBLISHED, valid_from__gt=day).select_related("service")
    found = [*services_on(day=day), *later]
    return sorted(found, key=lambda version: (version.service.slug, version.valid_from or day))


def _holding(day: date) -> QuerySet[ServiceVersion]:
    return (
        ServiceVersion.objects.filter(state=VersionState.PUBLISHED, valid_from__lte=day)
        .select_related("service")
        .order_by("-valid_from")
    )


def any_published() -> bool:
    """Whether a service has ever been published: then this installation needs the dispatch engine."""
    return ServiceVersion.objects.filter(state=VersionState.PUBLISHED).exists()


def access_version(*, actor: Actor, version_id: UUID) -> ServiceVersion:
    """A version: what is published is public, a draft is for those who publish."""
    found = ServiceVersion.objects.select_related("service").filter(pk=version_id).first()
    if found is None:
        raise NotFoundError
    if found.state == VersionState.DRAFT and not actor.may("transit.publish"):
        raise HiddenError("transit.version", version_id)
    return found


def first_day(*, slug: str) -> date:
    """The first day from which another version of a service can hold: today, or the day after the latest version's first."""
    latest = ServiceVersion.objects.filter(service__slug=slug).aggregate(latest=Max("valid_from"))["latest"]
    return clock.today() if latest is None else max(clock.today(), latest + timedelta(days=1))


def versions(*, actor: Actor, slug: str) -> QuerySet[ServiceVersion]:
    """Every version of a service, newest first, for those who publish."""
    actor.require("transit.publish")
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise NotFoundError
    return service.versions.select_related("published_by").order_by("-number")
