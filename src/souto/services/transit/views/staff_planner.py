"""The planner's desk: services and versions, what is wrong with a draft, publishing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.foundation.ui.maps import MapContent, Marker, Polygon
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.services.transit import actions, contradictions, definition, queries
from souto.services.transit.definition import ServiceDefinition
from souto.services.transit.models import Service, ServiceVersion, VersionState
from souto.services.transit.staff.differences import differences
from souto.services.transit.staff.parts import parts
from souto.services.transit.staff.planner_forms import ImportForm, PublishForm

PERMISSION = queries.PLAN
#: Comparisons shown on the desk.
_COMPARISONS = 20


def language() -> str:
    """The reader's language."""
    return translation.get_language() or "ja"


@require_http_methods(["GET", "HEAD", "POST"])
@desk(PERMISSION)
def index(request: HttpRequest) -> HttpResponse:
    """Services with their versions, comparisons, and the import of a definition."""
    actor = actor_of(request)
    form = ImportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.import_yaml(actor=actor, text=form.cleaned_data["text"])
        except definition.DefinitionUnreadableError as error:
            form.add_error("text", text_of(error))
        else:
            messages.success(request, _("取り込みました。"))
            return redirect("transit_staff:version", version.id)
    running = {version.id for version in queries.services_on(day=clock.today())}
    context = {
        "form": form,
        "services": [_service(service, running) for service in queries.services(actor=actor)],
        "comparisons": queries.comparisons(actor=actor)[:_COMPARISONS],
    }
    return render(request, "transit/staff/planner.html", context, status=422 if form.is_bound else 200)


def _service(service: Service, running: set[UUID]) -> dict[str, Any]:
    versions = sorted(service.versions.all(), key=lambda version: -version.number)
    return {
        "slug": service.slug,
        "name": say(versions[0].definition.name, language()) if versions else service.slug,
        "versions": [{"version": version, "runs": version.id in running} for version in versions],
    }


@require_safe
@desk(PERMISSION)
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version in words and on the map; of a draft, what is wrong with it, each at its part."""
    found = queries.access_version(actor=actor_of(request), version_id=version_id)
    told = found.definition
    wrong = contradictions.placed_problems(told) if found.state == VersionState.DRAFT else []
    context = {
        "version": found,
        "definition": told,
        "is_draft": found.state == VersionState.DRAFT,
        "problems": wrong,
        "parts": [
            (part, label, [problem.text for problem in wrong if problem.part == part], rows)
            for part, label, rows in parts(told, language())
        ],
        "map": map_of(told),
    }
    return render(request, "transit/staff/version.html", context)


def map_of(told: ServiceDefinition) -> MapContent:
    """Zone and stops of a service."""
    name = say(told.name, language())
    return MapContent(
        label=_("%(name)sの区域と停留所") % {"name": name},
        polygons=(Polygon(told.zone),) if len(told.zone) > 2 else (),
        markers=tuple(
            Marker(stop.lat, stop.lon, label=say(stop.name, language()), shape="circle") for stop in told.stops
        ),
    )


@require_safe
@desk(PERMISSION)
def download(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as YAML, as it is imported."""
    found = queries.access_version(actor=actor_of(request), version_id=version_id)
    text = yaml.safe_dump(found.body, allow_unicode=True, sort_keys=False)
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = f"{found.service.slug}-{found.number}.yaml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@desk(PERMISSION)
def copy(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Begin a draft as a copy, or open the one that there is."""
    draft = actions.draft_from(actor=actor_of(request), version_id=version_id)
    return redirect("transit_staff:version", draft.id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(PERMISSION)
def discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What goes with a draft, the way to keep it, and the confirmation."""
    actor = actor_of(request)
    draft = queries.access_version(actor=actor, version_id=version_id)
    if draft.state != VersionState.DRAFT:
        return redirect("transit_staff:version", version_id)
    if request.method == "POST":
        actions.discard_draft(actor=actor, version_id=version_id)
        messages.success(request, _("下書きを捨てました。"))
        return redirect("transit_staff:planner")
    return render(request, "transit/staff/discard.html", {"version": draft, "is_first": _current(draft, actor) is None})


@require_http_methods(["GET", "HEAD", "POST"])
@desk(PERMISSION)
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What changes against the version that holds, from which day, and the confirmation."""
    actor = actor_of(request)
    draft = queries.access_version(actor=actor, version_id=version_id)
    if draft.state != VersionState.DRAFT:
        return redirect("transit_staff:version", version_id)
    slug = draft.service.slug
    form = PublishForm(request.POST or None, initial={"valid_from": queries.first_day(slug=slug)})
    form.label_suffix = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish(actor=actor, version_id=version_id, valid_from=form.cleaned_data["valid_from"])
        except actions.PublishRefusedError:
            return redirect("transit_staff:version", version_id)
        except SoutoError as error:
            form.add_error("valid_from" if isinstance(error, actions.TooSoonError) else None, text_of(error))
        else:
            messages.success(request, _("公開しました。"))
            return redirect("transit_staff:version", version_id)
    current = _current(draft, actor_of(request))
    context = {
        "version": draft,
        "form": form,
        "current": current,
        "differences": differences(current.body if current else {}, draft.body),
        "problems": contradictions.problems(draft.definition),
        "parts": [] if current else parts(draft.definition, language()),
    }
    return render(request, "transit/staff/publish.html", context, status=422 if form.is_bound else 200)


def _current(draft: ServiceVersion, actor: Any) -> ServiceVersion | None:
    """The latest published version, which the draft takes the place of."""
    rows = queries.versions(actor=actor, slug=draft.service.slug)
    return rows.filter(state=VersionState.PUBLISHED).first()
