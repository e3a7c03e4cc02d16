"""The open API: one document, each room's router under its name. Its pages need nothing from another origin, so it has none of its own."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from souto.foundation.ui.errors import text_of
from souto.kernel.errors import SoutoError

#: Prefix and module of each room that offers a `router`.
ROUTERS = (
    ("/procedures", "souto.services.procedures.api"),
    ("/registry", "souto.foundation.registry.api"),
    ("/plan", "souto.plan.api"),
)

api = NinjaAPI(
    title="Souto",
    version="1",
    description="Open data of the city: procedures, base registries, the plan's indicators. No personal data.",
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(SoutoError)
def problem(request: HttpRequest, error: SoutoError) -> HttpResponse:
    """Souto's own errors as JSON, in the language of the request."""
    return api.create_response(request, {"message": text_of(error)}, status=error.status)


for prefix, module in ROUTERS:
    if find_spec(module) is not None:
        api.add_router(prefix, import_module(module).router)
