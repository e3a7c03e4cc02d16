"""The desk of gaps in public transport (交通空白): who is out of reach, and what a stop, a line or a demand service would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.services.transit import gaps, queries, surroundings, ways
from souto.services.transit.gaps import DayKind
from souto.services.transit.models import ServiceVersion, VersionState
from souto.services.transit.staff.coverage_forms import CoverageForm

if TYPE_CHECKING:
    from souto.services.transit import coverage

PERMISSION = "transit.publish"
#: Faults of a feed on a page.
_FAULTS = 500
_SORTS = {
    "without": lambda row: -row.without,
    "name": lambda row: row.name,
    "people": lambda row: -row.people,
    "share": lambda row: row.share if row.share is not None else 2.0,
    "gain": lambda row: -row.gain,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A town: people, covered share in %, people near a thinly served stop, people out of reach, people newly within reach."""

    name: str
    people: int
    share: float | None
    thin: int
    without: int
    gain: int


def _form(request: HttpRequest) -> CoverageForm:
    actor = actor_of(request)
    language = translation.get_language() or "ja"
    today = {str(version.id) for version in queries.services_on(day=clock.today())}
    known = {
        str(version.id): (_name(version, language), version.definition) for version in queries.alternatives(actor=actor)
    }
    published = [key for key in known if key in today]
    usual = surroundings.usual_standard()
    return CoverageForm(
        request.GET or _first(usual, published),
        services=known,
        published=published,
        lines=gaps.lines(),
        streets=ways.extract().exists(),
        usual=usual,
    )


def _first(usual: tuple[str, int], published: list[str]) -> QueryDict:
    """The question that the page begins with: the city's own standard on a weekday, with the services that run."""
    first = QueryDict(mutable=True)
    first.update({"distances": usual[0], "departures": str(usual[1]), "day": DayKind.WEEKDAY, "line_departures": "20"})
    first.setlist("services", published)
    first["asked"] = "1"
    return first


def _name(version: ServiceVersion, language: str) -> str:
    name = say(version.definition.name, language)
    if version.state == VersionState.DRAFT:
        return _("%(name)s 第%(number)s版（下書き）") % {"name": name, "number": version.number}
    return _("%(name)s 第%(number)s版") % {"name": name, "number": version.number}


@dataclass(frozen=True)
class _Answer:
    city: coverage.Analysis
    now: coverage.Assessment
    comparison: coverage.Comparison
    trial: gaps.Trial
    added: list[coverage.Stop]


def _answer(form: CoverageForm) -> _Answer:
    from souto.services.transit import coverage

    given, standard = form.cleaned_data, form.standard
    city = gaps.analysis(given["day"], given["walk"], max(standard.reach_m.values()))
    trial = form.trial(city)
    base = city.what_if(standard, gaps.changes(city, form.base, given["day"])).after
    change = gaps.changes(city, trial, given["day"])
    after = city.what_if(standard, change).after
    return _Answer(city, base, coverage.Comparison(base, after), trial, list(change.added))


def _changed(form: CoverageForm, trial: gaps.Trial) -> bool:
    others = trial.added or trial.removed or trial.line or trial.without
    return bool(others) or set(trial.services) != set(form.published)


@require_safe
@desk(PERMISSION)
def index(request: HttpRequest) -> HttpResponse:
    """The question as a form, the answer as figures, a table by town, and a map."""
    context: dict[str, Any] = {"feeds": [], "source": None}
    try:
        context["source"] = surroundings.source()
        form = _form(request)
        context["form"] = form
        if not form.is_valid():
            return render(request, "transit/staff/coverage.html", context, status=422)
        context |= _shown(request, form)
    except SoutoError as error:
        context["unreadable"] = text_of(error)
    return render(request, "transit/staff/coverage.html", context)


def _shown(request: HttpRequest, form: CoverageForm) -> dict[str, Any]:
    from souto.services.transit.coverage import State

    answer = _answer(form)
    after, total = answer.comparison.after, answer.city.people.total
    sort = request.GET.get("sort", "")
    sort = sort if sort in _SORTS else "without"
    names = {stop.name for stop in answer.city.stops}
    query = request.GET.copy()
    query.pop("sort", None)
    pairs = zip(answer.now.towns, after.towns, strict=True)
    rows = [
        Row(
            new.name,
            round(new.people),
            None if new.share is None else 100 * new.share,
            round(new.thin),
            round(new.without),
            round(new.covered - old.covered),
        )
        for old, new in pairs
    ]
    return {
        "rows": sorted(rows, key=_SORTS[sort]),
        "sorts": {name: f"?{query.urlencode()}&sort={name}" for name in _SORTS},
        "sort": sort,
        "total": round(total),
        "share": 100 * (after.share or 0.0),
        "area": 100 * after.area_share,
        "thin": round(after.counted(State.THIN_SERVICE)),
        "without": round(after.counted(State.NO_STOP)),
        "covered": round(after.counted(State.COVERED)),
        "share_now": 100 * (answer.now.share or 0.0),
        "changed": _changed(form, answer.trial),
        "gained": round(answer.comparison.newly_covered),
        "lost": round(answer.comparison.no_longer_covered),
        "lost_names": "、".join(name for name in form.names_removed if name not in names),
        "feeds": gaps.timetables(form.cleaned_data["day"]),
        "stops": len(answer.city.stops),
        "cells_url": f"{reverse('transit_staff:coverage_cells')}?{request.GET.urlencode()}",
    }


@require_safe
@desk(PERMISSION)
def cells(request: HttpRequest) -> HttpResponse:
    """The same answer for the map: squares with their state (and `gain`, people newly within reach), stops as points with `kind` and `change`."""
    try:
        form = _form(request)
        if not form.is_valid():
            return JsonResponse({}, status=422)
        answer = _answer(form)
    except SoutoError as error:
        return JsonResponse({"detail": text_of(error)}, status=422)
    before, after = answer.now.cells, answer.comparison.after.cells
    squares = after.geojson()
    for n, feature in enumerate(squares["features"]):
        gain = float(after.people[n] * (after.share[n] - before.share[n]))
        feature["properties"]["gain"] = round(gain, 1)
    squares["features"] = [one for one in squares["features"] if one["properties"]["people"] > 0]
    points = [_point(stop, "removed" if stop.id in answer.trial.removed else "") for stop in answer.city.stops] + [
        _point(stop, "" if stop.id.split(":")[0] in form.published else "added") for stop in answer.added
    ]
    answered = JsonResponse({"cells": squares, "stops": {"type": "FeatureCollection", "features": points}})
    answered["Cache-Control"] = "private, max-age=60"
    return answered


def _point(stop: coverage.Stop, change: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(stop.lon, 6), round(stop.lat, 6)]},
        "properties": {"name": stop.name, "kind": stop.kind.value, "change": change},
    }


_SEVERITIES = [gettext_lazy("参考"), gettext_lazy("注意"), gettext_lazy("誤り")]


@require_safe
@desk(PERMISSION)
def feed(request: HttpRequest, number: int) -> HttpResponse:
    """What is wrong in a timetable of the city's folder, line by line."""
    files = surroundings.feed_files()
    if number >= len(files):
        raise Http404
    context: dict[str, Any] = {"file": files[number].name}
    try:
        found = surroundings.feed(files[number])
    except SoutoError as error:
        return render(request, "transit/staff/feed.html", {**context, "unreadable": text_of(error)})
    notices = sorted(found.notices, key=lambda notice: (-notice.severity, notice.file, notice.line))
    context |= {
        "tables": [(name, len(table)) for name, table in sorted(found.tables.items())],
        "notices": [
            {
                "severity": _SEVERITIES[notice.severity],
                "chip": ("gray-outline", "orange-fill", "red")[notice.severity],
                "file": notice.file,
                "line": notice.line,
                "field": notice.field,
                "meaning": _(_template(notice.code)) % {"value": notice.value},
            }
            for notice in notices[:_FAULTS]
        ],
        "count": len(notices),
        "most": _FAULTS,
    }
    return render(request, "transit/staff/feed.html", context)


def _template(code: str) -> str:
    from souto.services.transit.feeds import MEANINGS

    return MEANINGS[code][1]
