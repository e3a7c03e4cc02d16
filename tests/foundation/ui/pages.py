"""A URL table of views that fail in every way."""

from __future__ import annotations

from uuid import UUID

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from souto.config.urls import handler400, handler403, handler404, handler500
from souto.config.urls import urlpatterns as site
from souto.kernel.errors import ConflictError, ForbiddenError, HiddenError, TooManyAttemptsError

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "away":
        raise OperationalError("connection refused")
    if kind == "bug":
        raise ZeroDivisionError
    errors = {
        "hidden": HiddenError("applications.application", UUID(int=7)),
        "forbidden": ForbiddenError(),
        "conflict": ConflictError(),
        "often": TooManyAttemptsError(180),
    }
    raise errors[kind]


urlpatterns = [*site, path("fail/<kind>/", fail), path("staff/fail/<kind>/", fail)]
