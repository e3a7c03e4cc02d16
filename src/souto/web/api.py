"""The open API: one document, each room's router under its name. Its pages need nothing from another origin, so it has none of its own."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

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


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters of another type than the document says, or left out: their names, never what was sent."""
    fields = list(dict.fromkeys(str(found["loc"][-1]) for found in error.errors))
    message = _("送られた値を読み取れませんでした：%(names)s。APIの説明で形を確認してください。") % {
        "names": "、".join(fields)
    }
    return api.create_response(request, {"message": message, "fields": fields}, status=422)


for prefix, module in ROUTERS:
    if find_spec(module) is not None:
        api.add_router(prefix, import_module(module).router)
