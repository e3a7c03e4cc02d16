"""A site whose one stream anybody may hear, behind all of Souto's middleware; served by the tests of live pages."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "souto.config.settings")
settings.ROOT_URLCONF = __name__

from souto.config.asgi import application  # noqa: E402, F401 - uvicorn serves it

TOPIC = "test.thing:0190f0a0-0000-7000-8000-000000000001"
#: Heard apart, as the event `moved`.
APART = "test.place:0190f0a0-0000-7000-8000-000000000001"


def hear(request: HttpRequest) -> HttpResponse:
    from django.db import connection

    from souto.foundation.ui import live

    with connection.cursor() as cursor:  # a gate asks the database
        cursor.execute("select 1")
    response = live.grant(request, TOPIC, moved=APART)
    who, topics = request.GET.get("who", "x"), response.headers[live.HEADER].split(" ", 1)[1]
    response.headers[live.HEADER] = f"{who} {topics}"
    return response


def change(request: HttpRequest) -> HttpResponse:
    from django.db import transaction

    from souto.kernel import live

    with transaction.atomic():
        live.announce(APART if "apart" in request.GET else TOPIC)
    return HttpResponse("changed")


def pid(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(os.getpid()))


urlpatterns = [path("hear", hear), path("change", change), path("pid", pid), path("", include("souto.config.urls"))]
