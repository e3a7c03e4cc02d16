"""The URL table: each room includes its own; faces that this process does not serve are left out."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

#: Prefix and URL module of each room, by the face that it serves.
ROOMS: dict[str, list[tuple[str, str]]] = {
    "all": [
        ("", "souto.foundation.ui.urls"),
    ],
    "resident": [
        ("", "souto.foundation.identity.urls"),
        ("registry/", "souto.foundation.registry.urls"),
        ("files/", "souto.foundation.documents.urls"),
        ("inbox/", "souto.foundation.notifications.urls"),
        ("procedures/", "souto.services.procedures.urls"),
        ("applications/", "souto.services.applications.urls"),
        ("payments/", "souto.services.payments.urls"),
        ("rides/", "souto.services.transit.urls"),
        ("", "souto.web.urls"),
    ],
    "staff": [
        ("staff/", "souto.foundation.identity.staff_urls"),
        ("staff/files/", "souto.foundation.documents.staff_urls"),
        ("staff/audit/", "souto.foundation.audit.staff_urls"),
        ("staff/towns/", "souto.foundation.registry.staff_urls"),
        ("staff/retention/", "souto.foundation.retention.staff_urls"),
        ("staff/procedures/", "souto.services.procedures.staff_urls"),
        ("staff/payments/", "souto.services.payments.staff_urls"),
        ("staff/counter/", "souto.services.applications.staff_urls"),
        ("staff/cases/", "souto.services.casework.staff_urls"),
        ("staff/transit/", "souto.services.transit.staff_urls"),
        ("staff/plan/", "souto.plan.staff_urls"),
        ("staff/", "souto.web.staff_urls"),
    ],
    "public": [
        ("plan/", "souto.plan.urls"),
        ("open/transit/", "souto.services.transit.open_urls"),
        ("api/", "souto.web.api_urls"),
        ("", "souto.web.urls"),
    ],
}
#: Present in demo mode only; production's URL table does not contain them.
DEMO_ROOMS = [("demo/", "souto.demo.urls")]


def build(faces: tuple[str, ...], *, demo: bool) -> list[URLPattern | URLResolver]:
    """The URL patterns for `faces`, with the demo's own pages only where `demo`."""
    rooms = [room for face in ("all", *faces) for room in ROOMS[face]] + (DEMO_ROOMS if demo else [])
    # A room may serve two faces (the portal's home is one): once is enough.
    return [path(prefix, include(module)) for prefix, module in dict.fromkeys(rooms) if find_spec(module) is not None]


urlpatterns = build(settings.FACES, demo=settings.DEMO)

_errors = import_module("souto.foundation.ui.errors")
handler400 = _errors.bad_request
handler403 = _errors.forbidden
handler404 = _errors.not_found
handler500 = _errors.server_error
