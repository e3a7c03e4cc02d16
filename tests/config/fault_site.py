"""A site of one page that asks the database, behind all of Souto's middleware; served by the fault tests."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
settings.ROOT_URLCONF = __name__
application = get_asgi_application()  # before the URL table, whose rooms need their models


def count(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from django_migrations")
        return HttpResponse(f"{os.getpid()} {cursor.fetchone()[0]}")


urlpatterns = [path("count", count), path("", include("souto.config.urls"))]
