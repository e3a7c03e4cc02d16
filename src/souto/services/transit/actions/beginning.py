"""A wholly new service, begun on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction

from souto.foundation.audit.actions import record
from souto.kernel.actor import Actor
from souto.kernel.errors import ConflictError
from souto.services.transit import beginnings, queries
from souto.services.transit import definition as definitions
from souto.services.transit.models import Service, ServiceVersion


class CodeTakenError(ConflictError):
    """Another service has this code, perhaps as a draft."""

    message = "コード「%(slug)s」は、ほかの運行が使っています。別のコードにしてください。"


@transaction.atomic
def begin_service(
    *, actor: Actor, slug: str, name: Mapping[str, str], department: str, like: UUID | None = None
) -> ServiceVersion:
    """Begin a service under a code of its own, as a draft without zone, stops and vehicles. `name` by language; `like`: a version whose hours, fares and rules
    it begins with. Until its first publication only planners see it.

    Raises `CodeTakenError`, `DefinitionUnreadableError`, `NotFoundError`, `ForbiddenError`.
    """
    actor.require("transit.publish")
    pattern = queries.access_version(actor=actor, version_id=like) if like is not None else None
    definition = beginnings.begun(
        slug=slug, name=name, department=department, like=pattern.definition if pattern is not None else None
    )
    service, is_new = Service.objects.get_or_create(slug=slug, defaults={"department_code": department})
    if not is_new:
        if service.versions.exists():
            raise CodeTakenError(slug=slug)
        # Its draft was thrown away, and its costs kept it.
        service.department_code = department
        service.save(update_fields=["department_code"])
    body = definition.body()
    draft = ServiceVersion.objects.create(
        service=service, number=1, body=body, body_hash=definitions.body_hash(body), is_demo=settings.DEMO
    )
    record(
        actor=actor,
        action="transit.begin_service",
        subject=("transit.version", draft.id),
        facts={"slug": slug, "number": 1, "like": str(pattern.id) if pattern is not None else None},
    )
    return draft
