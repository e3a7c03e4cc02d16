"""The planner's desk: weeks simulated on several alternatives, and what they cost and bring."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from souto.foundation.ui.desk import desk
from souto.foundation.ui.errors import text_of
from souto.foundation.ui.http import actor_of
from souto.kernel import clock
from souto.kernel.errors import SoutoError
from souto.kernel.language import say
from souto.services.transit import actions, contradictions, queries, surroundings, ways
from souto.services.transit.models import ComparisonState, VersionState
from souto.services.transit.simulation.questions import Question
from souto.services.transit.staff import comparing
from souto.services.transit.staff.planner_forms import SimulateForm
from souto.services.transit.views.staff_planner import PERMISSION, language

_CHIPS = {
    ComparisonState.WAITING: "gray-outline",
    ComparisonState.RUNNING: "light-blue",
    ComparisonState.DONE: "green",
    ComparisonState.CANCELLED: "gray-fill",
    ComparisonState.FAILED: "red",
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk(PERMISSION)
def new(request: HttpRequest) -> HttpResponse:
    """Which alternatives, which week, which costs."""
    actor = actor_of(request)
    found = queries.alternatives(actor=actor)
    versions = [
        (
            str(version.id),
            _("%(name)s 第%(number)s版（%(state)s）")
            % {
                "name": say(version.definition.name, language()),
                "number": version.number,
                "state": version.get_state_display(),
            },
        )
        for version in found
    ]
    asked = {key.replace("-", "") for key in request.GET.getlist("version")}
    chosen = [key for key, _name in versions if key.replace("-", "") in asked]
    sound = next((str(version.id) for version in found if not contradictions.problems(version.definition)), None)
    initial = {"versions": chosen or ([sound] if sound else [])}
    form = SimulateForm(request.POST or None, versions=versions, today=clock.today(), initial=initial)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"] or " ・ ".join(form.names[key] for key in form.cleaned_data["versions"])
        try:
            comparison = actions.simulate(
                actor=actor, title=title, question=form.question, alternatives=form.alternatives
            )
        except SoutoError as error:
            form.add_error("versions", text_of(error))
        else:
            return redirect("transit_staff:comparison", comparison.id)
    context: dict[str, Any] = {"form": form, "versions": versions, "streets": ways.extract().exists()}
    try:
        context["source"] = surroundings.source()
    except SoutoError as error:
        context["unreadable"] = text_of(error)
    return render(request, "transit/staff/simulate.html", context, status=422 if form.is_bound else 200)


@require_safe
@desk(PERMISSION)
def comparison(request: HttpRequest, comparison_id: UUID) -> HttpResponse:
    """How far it is, then its chart and its table."""
    found = queries.access_comparison(actor=actor_of(request), comparison_id=comparison_id)
    simulations = list(found.simulations.select_related("version"))
    question = Question.model_validate(found.question)
    context: dict[str, Any] = {
        "comparison": found,
        "chip": _CHIPS[ComparisonState(found.state)],
        "going": found.state in {ComparisonState.WAITING, ComparisonState.RUNNING},
        "is_done": found.state == ComparisonState.DONE,
        "question": question,
        "alternatives": [
            {
                "number": one.number,
                "label": comparing.label_of(one, language()),
                "version": one.version_id,
                "is_draft": one.version is not None and one.version.state == VersionState.DRAFT,
            }
            for one in simulations
        ],
    }
    if found.state == ComparisonState.DONE:
        first = simulations[0].figures or {}
        context |= {
            "table": comparing.table(simulations),
            "reasons": comparing.reasons(simulations),
            "chart": comparing.chart(simulations),
            "cpu": sum(one.cpu_seconds or 0.0 for one in simulations),
            "out_of_reach": first.get("out_of_reach", 0),
        }
    return render(request, "transit/staff/comparison.html", context)


@require_POST
@desk(PERMISSION)
def cancel(request: HttpRequest, comparison_id: UUID) -> HttpResponse:
    """Stop computing."""
    actions.cancel_simulation(actor=actor_of(request), comparison_id=comparison_id)
    messages.success(request, _("計算を中止しました。"))
    return redirect("transit_staff:comparison", comparison_id)
