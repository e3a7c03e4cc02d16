"""The URL table with a page for every page of a published procedure: what the field templates look like without the room that uses them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language

from souto.config.urls import handler404
from souto.config.urls import urlpatterns as real
from souto.kernel import clock
from souto.services.procedures import queries
from souto.services.procedures.definition import rows
from souto.services.procedures.definition.fields import GroupField

__all__ = ["handler404", "urlpatterns"]


def fields(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One page of a procedure as a form; posted, with its problems."""
    definition = queries.get_published(slug).definition
    page = definition.page(key)
    facts = {"today": clock.today().isoformat(), "card.name": "髙﨑　花子", "card.birth_date": "1990-05-01"}
    raw: dict[str, list[str]] = {name: [str(v) for v in values] for name, values in request.POST.lists()}
    pressed = rows.press(definition, raw)
    raw = raw if pressed is None else pressed
    for field in page.fields:
        if isinstance(field, GroupField):
            raw = rows.opened(field, raw, path=field.key)
    # A page that a condition opens is shown here as if it were open.
    opening: dict[str, Any] = {"scope": "part", "delivery": "elsewhere"}
    check = definition.check_page(key, raw, opening, facts=facts, today=clock.today())
    language = get_language() or "ja"
    problems = check.problems if request.method == "POST" and pressed is None else []
    widgets = queries.widgets_of(
        definition,
        page,
        raw=raw,
        answers=check.answers,
        facts=facts,
        problems=problems,
        language=language,
        uploads=lambda where: queries.UploadUrls(f"/up/{where}/"),
    )
    summary = [(problem.control, problem.say(language)) for problem in problems]
    return render(request, "journeys/fields.html", {"page": page, "widgets": widgets, "problems": summary})


urlpatterns = [path("_fields/<slug:slug>/<slug:key>/", fields), *real]
